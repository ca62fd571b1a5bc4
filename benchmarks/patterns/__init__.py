"""Patterns: how many of those that stand in written sessions are found, and what detection costs."""
