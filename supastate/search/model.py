"""What is asked of search and what it answers: immutable values between the views and the statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

Place = tuple[float, UUID]
"""Score and id: where a result stands among all."""


class Kind(StrEnum):
    """What can be found."""

    MEMORY = "memory"
    CODE = "code"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Filters:
    """Each filter narrows both candidate lists; None does not filter. `projects=()` finds nothing.

    `without` are memories that are not wanted. A path is the beginning or the end of one; what is found meets
    `paths` and `more_paths`. `newest_id` bounds ids, which are made in the order of time: what came after a first
    page is no candidate of the next.
    """

    projects: Sequence[UUID] | None = None
    sessions: Sequence[UUID] | None = None
    authors: Sequence[UUID] | None = None
    roles: Sequence[str] | None = None
    paths: Sequence[str] | None = None
    more_paths: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    kinds: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    without: Sequence[UUID] | None = None
    newest_id: UUID | None = None


FILTER_NAMES = tuple(field.name for field in fields(Filters))
FACETS = ("projects", "languages", "kinds", "codeKinds", "roles", "sessions", "months")


class GroupBy(StrEnum):
    """What results are gathered under."""

    SESSION = "session"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, within bounds that the views have checked. An empty query lists what there is, newest first."""

    query: str
    kinds: Sequence[Kind]
    limit: int
    filters: Filters = field(default_factory=Filters)
    after: Place | None = None
    explain: bool = False
    group_by: GroupBy | None = None
    group_size: int = 3
    facets: Sequence[str] = ()
    related: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Why a row was found: its place in each list, and the parts that add up to its score."""

    id: UUID
    score: float
    vector_rank: int | None = None
    distance: float | None = None
    vector_part: float = 0.0
    text_rank: int | None = None
    text_score: float | None = None
    text_part: float = 0.0
    exact_part: float = 0.0
    speaker_part: float = 0.0
    recency_part: float = 0.0
    graph_part: float = 0.0
    activation_part: float = 0.0
    collapsed: Sequence[str] = ()
    chunk_start: int | None = None
    chunk_end: int | None = None


@dataclass(frozen=True, slots=True)
class Reranked:
    """Where a reranker put a result of the page, and where it was before; both from 1."""

    rank: int
    before: int


Found = tuple[Kind, Match]


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
