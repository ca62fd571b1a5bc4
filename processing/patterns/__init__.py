"""What recurs in conversations: found session by session from the evidence, never from keywords alone."""
