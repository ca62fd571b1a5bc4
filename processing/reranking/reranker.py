"""What a reranker offers, whatever it runs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a reranker reads of a result."""

    title: str
    text: str


class Reranker(Protocol):
    """Reads a query and what was found for it."""

    def rank(self, query: str, candidates: Sequence[Candidate]) -> list[int]:
        """Return the indices of all candidates, the best first. Raises TransientError or PermanentError."""
