"""What the data sets have in common: texts in groups, and questions with the texts that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Text:
    """Something to be found. `group` becomes its project, `session` its conversation."""

    id: str
    group: str
    content: str
    session: str = ""
    role: str = ""
    moment: datetime | None = None


@dataclass(frozen=True)
class Question:
    """`answers` are the ids of texts of the same group."""

    text: str
    group: str
    answers: frozenset[str]
    topic: str = ""


@dataclass(frozen=True)
class DataSet:
    """Questions to choose numbers by, and others to report."""

    texts: Sequence[Text]
    tuning: Sequence[Question]
    reported: Sequence[Question]
