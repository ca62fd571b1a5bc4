"""What is asked, what may be read, and what is chosen: immutable values between the steps of the assembly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from supastate.search.context.counting import MESSAGE_TOKENS, count_tokens


class Section(StrEnum):
    """A kind of text that an assistant reads."""

    CODE = "code"
    SUMMARIES = "summaries"
    TURNS = "turns"
    MEMORIES = "memories"


SECTIONS: Mapping[Section, int] = {
    Section.CODE: 36,
    Section.SUMMARIES: 10,
    Section.TURNS: 27,
    Section.MEMORIES: 27,
}
"""The sections in the order of reading, each with its percentage of the budget."""


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """One request within bounds; '' is what was not named. `files` are as the client spells them."""

    query: str
    session: str
    project: str
    files: Sequence[str]
    token_budget: int
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Form:
    """One way to show a text: `full`, `outline`, `signature` or `shortened`."""

    name: str
    text: str

    @cached_property
    def tokens(self) -> int:
        """What the message costs."""
        return count_tokens(self.text) + MESSAGE_TOKENS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text worth reading: its forms from the fullest to the shortest, and where it stands in its section."""

    role: str
    source: Mapping[str, Any]
    forms: Sequence[Form]
    why: Mapping[str, Any]
    place: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate in the form that found room."""

    candidate: Candidate
    form: Form


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not shown, and the code of the reason: `no_room`, `near_duplicate`, `contradicted`."""

    source: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section after choosing: what it was allowed, what is shown in the order of reading, and what is not."""

    section: Section
    allowed: int
    chosen: Sequence[Chosen]
    left_out: Sequence[LeftOut]

    @property
    def tokens(self) -> int:
        """What its messages cost."""
        return sum(item.form.tokens for item in self.chosen)


@dataclass(frozen=True, slots=True)
class Question:
    """What the search was asked, and where that came from: `request`, `session`, `files` or `nothing`."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Context:
    """The answer: sections in the order of reading."""

    sections: Sequence[SectionPlan]
    question: Question
    token_budget: int
    pending: int
    degraded: str | None
    warnings: Sequence[str]

    @property
    def tokens(self) -> int:
        """What all messages cost together."""
        return sum(section.tokens for section in self.sections)

    @property
    def memory_ids(self) -> list[UUID]:
        """The memories that were retrieved; the session's own turns are not."""
        retrieved = (plan for plan in self.sections if plan.section == Section.MEMORIES)
        return [item.candidate.source["id"] for plan in retrieved for item in plan.chosen]
