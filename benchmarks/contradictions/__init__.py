"""Pairs of statements with labels, and how often the rules of contradictions are right about them."""
