"""Recall and reciprocal rank of lists that were found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

LENGTH = 20
"""Of the lists that are compared."""


@dataclass(frozen=True)
class Score:
    """Means over questions: the share of answers among the first 5, 10 and 20, and 1 / place of the first."""

    name: str
    questions: int
    recall_5: float
    recall_10: float
    recall_20: float
    mrr: float


def score(name: str, found: Sequence[Sequence[Collection[str]]], answers: Sequence[Collection[str]]) -> Score:
    """Score lists of places; a place holds a text's id, and those of the texts that it stands for."""
    pairs = list(zip(found, answers, strict=True))
    return Score(
        name,
        len(pairs),
        *(fmean(_recall(places[:size], wanted) for places, wanted in pairs) for size in (5, 10, LENGTH)),
        fmean(_reciprocal_rank(places[:LENGTH], wanted) for places, wanted in pairs),
    )


def describe(scores: Sequence[Score]) -> list[dict[str, float | str]]:
    """Return the scores for JSON."""
    return [
        {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(item).items()}
        for item in scores
    ]


def _recall(places: Sequence[Collection[str]], wanted: Collection[str]) -> float:
    return len({text for place in places for text in place} & {*wanted}) / len(wanted)


def _reciprocal_rank(places: Sequence[Collection[str]], wanted: Collection[str]) -> float:
    return next((1 / rank for rank, place in enumerate(places, 1) if {*place} & {*wanted}), 0.0)
