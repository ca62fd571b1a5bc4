"""How sure a memory is: what a person or client said of it, else a formula over what is known.

confidence = (1 - (1 - r) * 0.8^w) * (0.7 + 0.3 * R) * c

r is how reliable its type is. w are its witnesses: other sessions that say the same (five at most), two for a
topic that a person confirmed, two for a contradiction in which it was found to hold; each takes a fifth of the
doubt away (noisy-or, Pearl 1988). R = e^(-t/S) is its retrievability t days after it happened or was last used,
with S = (1/d)(1 + 0.5 ln(n + 1))(0.5 + importance)(1 + 0.2 k) days, d how fast its type decays a day, n uses, k
daily cycles: what was said long ago and never used since may be out of date, and loses up to 0.3. c is 0.2 if a
contradiction against it is confirmed, 0.8 if one is suggested, else 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from ingest.memory_types import MemoryType

RELIABILITY: Mapping[str, float] = {
    MemoryType.FACTUAL: 0.85,
    MemoryType.EPISODIC: 0.90,
    MemoryType.RELATIONAL: 0.75,
    MemoryType.EMOTIONAL: 0.95,
    MemoryType.PROCEDURAL: 0.90,
    MemoryType.OPINION: 0.60,
    MemoryType.CAUSAL: 0.80,
}
DECAY_A_DAY: Mapping[str, float] = {
    MemoryType.FACTUAL: 0.03,
    MemoryType.EPISODIC: 0.10,
    MemoryType.RELATIONAL: 0.02,
    MemoryType.EMOTIONAL: 0.01,
    MemoryType.PROCEDURAL: 0.01,
    MemoryType.OPINION: 0.05,
    MemoryType.CAUSAL: 0.02,
}
UNTYPED_RELIABILITY, UNTYPED_DECAY = 0.70, 0.05
MOST_SESSIONS = 5
DOUBT_LEFT = 0.8
OF_AGE = 0.3
CONTRADICTED, DISPUTED = 0.2, 0.8
HIGH, MEDIUM = 0.75, 0.5


class Label(models.TextChoices):
    """In words."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a memory; `said` is what a person or client said, 0 to 1, or None.

    The last two are the other memories of its confirmed contradictions.
    """

    type: str
    importance: float
    said: float | None
    idle_days: int
    uses: int
    cycles: int
    sessions: int
    is_topic_confirmed: bool
    is_disputed: bool
    contradicted_by: Sequence[UUID]
    contradicts: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of the formula: its name, and the factor or the number that it brings."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a memory is, 0 to 1, in words, and why."""

    value: float
    label: str
    is_said: bool
    reasons: tuple[Reason, ...]


def judge_confidence(known: Known) -> Confidence:
    """Return what was said of a memory, else what the formula says."""
    if known.said is not None:
        return Confidence(known.said, _name(known.said), is_said=True, reasons=(Reason("said", known.said),))
    reliability = RELIABILITY.get(known.type, UNTYPED_RELIABILITY)
    witnesses = tuple(_list_witnesses(known))
    factors = tuple(_list_factors(known))
    doubt = (1 - reliability) * math.pow(DOUBT_LEFT, sum(reason.value for reason in witnesses))
    value = round((1 - doubt) * math.prod(reason.value for reason in factors), 3)
    reasons = (Reason("reliability_of_type", reliability), *witnesses, *factors)
    return Confidence(value, _name(value), is_said=False, reasons=reasons)


def find_retrievability(known: Known) -> float:
    """Return how well a memory could still be recalled, 0 to 1."""
    spacing = 1 + 0.5 * math.log(known.uses + 1)
    stability = spacing * (0.5 + known.importance) * (1 + 0.2 * known.cycles)
    return math.exp(-known.idle_days * DECAY_A_DAY.get(known.type, UNTYPED_DECAY) / stability)


def _list_witnesses(known: Known) -> Iterator[Reason]:
    if known.sessions:
        yield Reason("said_in_other_sessions", min(known.sessions, MOST_SESSIONS))
    if known.is_topic_confirmed:
        yield Reason("topic_confirmed", 2)
    if known.contradicts:
        yield Reason("holds_against_another", 2)


def _list_factors(known: Known) -> Iterator[Reason]:
    yield Reason("age", round(1 - OF_AGE + OF_AGE * find_retrievability(known), 3))
    if known.contradicted_by:
        yield Reason("contradicted", CONTRADICTED)
    elif known.is_disputed:
        yield Reason("disputed", DISPUTED)


def _name(value: float) -> str:
    return Label.HIGH if value >= HIGH else Label.MEDIUM if value >= MEDIUM else Label.LOW
