"""What detection hands on: a sighting is one time that a pattern was seen, with the memories that show it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from supastate.workspaces.models import Visibility

# Names the sightings: the same evidence has the same id in every run, in every process.
SIGHTINGS = UUID("6c4f0f0e-6c0e-5e0b-9d6b-2f6a3b1c9a57")
MOST_EVIDENCE = 100
WITNESS_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may know: everybody in the workspace, or one author. Evidence of two audiences never mixes."""

    author_id: UUID
    is_private: bool

    @property
    def visibility(self) -> str:
        """The value of the model's field."""
        return Visibility.PRIVATE if self.is_private else Visibility.WORKSPACE

    @property
    def key(self) -> str:
        """What of the audience makes two patterns different: of the workspace's, the author does not."""
        return f"private:{self.author_id}" if self.is_private else "workspace"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a pattern is about: subtype and `about` identify it, and `about` goes into its details."""

    audience: Audience
    project_id: UUID | None
    subtype: str
    about: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The pattern's key: the same audience, project and matter are the same pattern."""
        parts = (self.audience.key, str(self.project_id or ""), self.subtype, *(value for _, value in self.about))
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        """What the pattern is about, with wire names."""
        return dict(self.about)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One occurrence of a pattern.

    `witness` is what it is counted by beside itself, mostly its session: two of one witness say less than two
    of two. `mark` is one letter that tells kinds of occurrence apart. `spans` are the characters (first,
    past the last) of memories that show it, `signatures` those of errors.
    """

    id: UUID
    subject: Subject
    witness: UUID
    mark: str
    started_at: datetime
    occurred_at: datetime
    memory_ids: tuple[UUID, ...]
    paths: tuple[str, ...] = ()
    summary: str = ""
    spans: tuple[tuple[UUID, int, int], ...] = ()
    signatures: tuple[str, ...] = ()

    @property
    def author_id(self) -> UUID:
        """Whose doing it was."""
        return self.subject.audience.author_id

    @property
    def key(self) -> str:
        """The occurrence's key: 32 digits of the witness, the mark, 31 of the sighting; counted by its parts."""
        return f"{self.witness.hex}{self.mark}{self.id.hex[1:]}"


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one session shows. Of `candidates`, the ids a sighting could have had, others are seen no more."""

    sightings: tuple[Sighting, ...]
    candidates: frozenset[UUID]


def name_sighting(pattern_type: str, beginning: UUID, about: str = "") -> UUID:
    """Return the id of the sighting that begins with a memory (or is of a whole session)."""
    return uuid5(SIGHTINGS, f"{pattern_type}:{beginning}:{about}")


def doubt(reliability: float, witnesses: float) -> float:
    """Return the chance that all of so many independent witnesses err: 1 - noisy-or (Pearl 1988)."""
    return math.pow(1.0 - reliability, witnesses)


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 edit`, `2 edits`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class Tally:
    """A pattern's occurrences counted: all, by mark, their witnesses (sessions) and authors; when they were."""

    occurrences: int
    sessions: int
    by_mark: Mapping[str, int]
    authors: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Description:
    """What a person reads of a pattern. Confidence 0 means not yet: a candidate, shown to nobody."""

    title: str
    confidence: float
    details: dict[str, Any]
