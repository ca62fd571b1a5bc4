"""Searching 100,000 and a million chunks: speed, recall, and what an index costs."""
