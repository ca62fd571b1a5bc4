"""How much each sign of relevance counts. `python -m benchmarks.relevance` measures every one of these numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supastate.search.model import Kind

CANDIDATES = 200  # of each list
POSTINGS = 2_000  # rows of a word
EF_SEARCH = 400  # how far an index of vectors looks around: recall at 50 of 100,000 is 0.998, with 200 0.989
MOST_PASSED = 20_000  # vectors that it passes before it gives up


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers of one kind's ranking.

    The list by meaning and the list by words give `weight / (rank_offset + rank)`: reciprocal rank fusion
    (Cormack, Clarke and Büttcher 2009), weighted. Boosts are the most that a sign adds, as a share of that sum.
    """

    vector_weight: float
    text_weight: float
    rank_offset: int = 10
    field_weights: Sequence[float] = (1.0, 1.0, 1.0, 1.0)
    """Of body, nothing, description and names: Postgres's D, C, B, A."""
    length_power: float = 0.6
    """A text's score by words is divided by its number of lexemes to this power."""
    speaker_boost: float = 0.0
    """For what the one said whose words are asked for."""
    recency_boost: float = 0.0
    recency_days: int = 30
    """The recency boost halves in this many days."""
    collapses: bool = True
    """Texts that differ in case, space and punctuation alone are one result."""


RANKING_OF_KIND: Mapping[Kind, Ranking] = {
    Kind.MEMORY: Ranking(vector_weight=0.5, text_weight=0.5, speaker_boost=0.5, recency_boost=0.05),
    Kind.CODE: Ranking(vector_weight=0.75, text_weight=0.25, field_weights=(0.4, 0.4, 0.8, 1.0), length_power=0.4),
}
