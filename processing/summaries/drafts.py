"""What a summary is made of: lines with the memories that they quote, and what a model may read instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from processing.models import SummaryMethod

LONGEST_CONTENT = 4_000
_HEADINGS = {
    "request": "Request: {}",
    "edited": "Edited: {}",
    "commands": "Commands: {}",
    "outcome": "Outcome: {}",
    "about": "{}",
    "outline": "Defines: {}",
    "talk": "Talk: {}",
    "size": "Size: {}",
    "active": "Most active: {}",
    "session": "Session: {}",
    "pattern": "Pattern: {}",
    "point": "- {}",
    "summary": "{}",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A statement, what it is (a key of `_HEADINGS`), and the memories whose words it has."""

    label: str
    text: str
    memory_ids: Sequence[UUID] = ()

    def to_json(self) -> dict[str, Any]:
        """The form that is stored."""
        return {"label": self.label, "text": self.text, "memoryIds": [str(item) for item in self.memory_ids]}


@dataclass(frozen=True, slots=True)
class Passage:
    """What was said or stands in the code, by whom, and the memory it is from."""

    speaker: str
    text: str
    memory_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary of people's own words, and the passages that a model may read to write its own.

    `memories` are the contents' hashes of what is quoted, by id, as they were read.
    """

    lines: Sequence[Line]
    passages: Sequence[Passage] = ()
    memories: dict[UUID, str] = field(default_factory=dict)
    moment: datetime | None = None

    @property
    def memory_ids(self) -> set[UUID]:
        """Every memory that lines and passages quote."""
        return {memory_id for line in self.lines for memory_id in line.memory_ids} | {
            memory_id for passage in self.passages for memory_id in passage.memory_ids
        }


@dataclass(frozen=True, slots=True)
class Text:
    """A finished text; `reason` says why a model was wanted and did not write it."""

    lines: Sequence[Line]
    method: SummaryMethod = SummaryMethod.EXTRACTIVE
    model: str = ""
    reason: str = ""

    @property
    def content(self) -> str:
        """The lines as they are read."""
        return "\n".join(_HEADINGS[line.label].format(line.text) for line in self.lines)[:LONGEST_CONTENT]

    @property
    def memory_ids(self) -> list[UUID]:
        """Every memory whose words are in the text."""
        return sorted({memory_id for line in self.lines for memory_id in line.memory_ids})
