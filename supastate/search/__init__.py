"""The read side: hybrid search, and what joins memories and code for a reader."""
