"""Proves the invariants of the pipeline on a live database, one workspace after another."""
