"""Memories that may not both hold: suggested by rules over words, decided by people and clients."""
