"""What clients sent: transcripts, memories and source files, accepted, deduplicated and queued."""
