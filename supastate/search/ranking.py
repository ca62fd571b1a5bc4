"""How much each sign of relevance counts.

`python -m benchmarks.relevance` measures the weights of both halves, `rank_offset`, `field_weights`,
`length_power` and the boosts for the speaker, what is recent, turns and, with reads, activation: the most by
which nothing else is found later. Chosen, as no public data has summaries or links between memories and code:
the weights of summaries and `link_boost`, small; `recency_days`; and by cost how many candidates, postings and
best there are. `alike_from` is of other measurements (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supastate.search.model import Kind

CANDIDATES = 200  # of each list
POSTINGS = 500  # rows of a word: 2,000 find no more of CoSQA and take 1.5 times as long of 100,000 texts
BEST = 20  # candidates whose links count
MOST_PASSED = 20_000  # vectors that it passes before it gives up


def choose_ef_search(vectors: int) -> int:
    """Return how far an index of so many vectors looks around: of 100,000, 200 gives a recall at 50 of 0.989."""
    return 200 if vectors <= 200_000 else 400


@dataclass(frozen=True, slots=True)
class Ranking:
    """The numbers of one kind's ranking.

    The list by meaning and the list by words give `weight / (rank_offset + rank)`: reciprocal rank fusion
    (Cormack, Clarke and Büttcher 2009), weighted. Boosts are the most that a sign adds, as a share of that sum;
    turns and links move a candidate so much of the way up to the better one that it is linked to.
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
    turn_boost: float = 0.0
    """For the turns next to one of the best; half of it for those one further."""
    link_boost: float = 0.0
    """For memories about the same code as one of the best, and code that a memory names beside one."""
    activation_boost: float = 0.0
    """For memories that were read by their id, often and not long ago."""
    collapses: bool = True
    """Texts that differ in case, space, punctuation and words that seldom say anything are one result."""
    alike_from: float = 0.96
    """The cosine from which such words say nothing; above 1: never."""


RANKING_OF_KIND: Mapping[Kind, Ranking] = {
    Kind.MEMORY: Ranking(
        vector_weight=0.5,
        text_weight=0.5,
        speaker_boost=0.5,
        recency_boost=0.05,
        turn_boost=0.3,
        link_boost=0.1,
        activation_boost=0.1,
    ),
    Kind.CODE: Ranking(
        vector_weight=0.75,
        text_weight=0.25,
        field_weights=(0.4, 0.4, 0.8, 1.0),
        length_power=0.4,
        link_boost=0.1,
    ),
    Kind.SUMMARY: Ranking(vector_weight=0.4, text_weight=0.4, recency_boost=0.05),
}
