"""What is asked of search and what it answers: immutable values between the views and the statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What can be found."""

    MEMORY = "memory"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Filters:
    """Each filter narrows both candidate lists; None does not filter. `projects=()` finds nothing.

    `without` are memories that are not wanted.
    """

    projects: Sequence[UUID] | None = None
    sessions: Sequence[UUID] | None = None
    roles: Sequence[str] | None = None
    paths: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    kinds: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    without: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, within bounds that the views have checked."""

    query: str
    kinds: Sequence[Kind]
    limit: int
    filters: Filters = field(default_factory=Filters)
    after: tuple[float, UUID] | None = None
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Why a row was found: its place in each list, and the parts that add up to its score."""

    id: UUID
    score: float
    vector_rank: int | None
    distance: float | None
    vector_part: float
    text_rank: int | None
    text_score: float | None
    text_part: float
    exact_part: float
    speaker_part: float
    recency_part: float
    collapsed: list[str]
    chunk_start: int | None
    chunk_end: int | None


@dataclass(frozen=True, slots=True)
class Highlight:
    """A matched word: characters [start, end) of the snippet."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """The part of a text worth showing."""

    text: str
    highlights: tuple[Highlight, ...] = ()
