"""How well search finds what was meant: on public questions whose answers are known, beside BM25."""
