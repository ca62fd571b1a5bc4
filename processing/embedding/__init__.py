"""Text to vectors: chunking, the providers, and the limits under which a paid one is called.

Plain modules without Django models: everything is configured by one `EmbeddingSettings`.
"""
