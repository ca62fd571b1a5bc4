"""Summaries of sessions, files, definitions and projects: of people's own words, or by a language model."""
