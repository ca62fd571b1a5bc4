"""Learning: a person asks, the assistant reads and answers, and nothing is edited.

A study is a run of exchanges of one session (a person's words and all that follows until the next) in which at
least one question was asked, at least two readings were made (a file, a search in one, a page of the web), nothing
was edited and no command failed. What it is about is the folder, or the site, that most was read in. Whoever
edits there later in the session was preparing a change: that is no study. Words support only what reading shows:
a question ends in `?` or begins as one, and is not a request (`Can you fix …?`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from processing.models import PatternSubtype, PatternType, Role
from processing.patterns.people import name_author
from processing.patterns.reading import Step, Talk, read_told_steps
from processing.patterns.sightings import (
    MOST_EVIDENCE,
    Audience,
    Description,
    Findings,
    Sighting,
    Subject,
    Tally,
    count,
    doubt,
    name_sighting,
)

STUDIED = "s"
FEWEST_READINGS = 2
RELIABILITY_OF_STUDY = 0.5
READING_TOOLS = frozenset({"Read", "NotebookRead", "Grep", "Glob", "LS"})
ASKS = re.compile(
    r"\?(?:\s|$)|^(?:how|what|why|where|which|who|when|explain|describe|tell me|show me|walk me|help me see)\b",
    re.IGNORECASE,
)
REQUESTS = re.compile(
    r"\b(?:can|could|would|will) (?:you|we) (?:please )?(?!explain|tell|show|describe|walk|help)\w+|^(?:please )?"
    r"(?:fix|add|change|make|write|implement|refactor|rename|move|remove|delete|update|create)\b",
    re.IGNORECASE,
)
FETCHED = re.compile(r"Fetch (https?://\S+?)(?::? |:?$)")


@dataclass(frozen=True, slots=True)
class _Reading:
    step: Step
    area: str
    path: str | None


@dataclass(slots=True)
class _Exchange:
    """What happened between two prompts."""

    prompt: Step
    readings: list[_Reading] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)
    has_failure: bool = False

    @property
    def is_study(self) -> bool:
        return not self.edited and not self.has_failure

    @property
    def asks(self) -> bool:
        text = self.prompt.beginning
        return bool(ASKS.search(text)) and not REQUESTS.search(text)


def find_studies(talk: Talk) -> Findings:
    """Return the studies of a session; a note outside any session is none."""
    if talk.is_loose:
        return Findings((), frozenset())
    exchanges = list(_read_exchanges(talk))
    candidates = frozenset(_name(exchange.prompt.memory_id) for exchange in exchanges)
    sightings: list[Sighting] = []
    position = 0
    for is_study, group in groupby(exchanges, key=lambda exchange: exchange.is_study):
        run = list(group)
        position += len(run)
        if is_study:
            sightings += _find_study(run, exchanges[position:], talk)
    return Findings(tuple(sightings), candidates)


def describe_study(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of what a person learns about.

    Confidence = 1 - 0.5^n, n the studies: noisy-or (Pearl 1988) of witnesses that are right in half of the cases,
    because who reads may have wanted to change something after all.
    """
    return Description(
        title=f"{details['author']} is learning about {details['area']}: {count(tally.occurrences, 'time')}"
        f" in {count(tally.sessions, 'session')}",
        confidence=round(1 - doubt(RELIABILITY_OF_STUDY, tally.occurrences), 4),
        details={**details, "sessions": tally.sessions},
    )


def _read_exchanges(talk: Talk) -> Iterator[_Exchange]:
    exchange: _Exchange | None = None
    refused: dict[str, tuple[str, ...]] = {}
    for step in read_told_steps(talk):
        if step.role == Role.USER and step.kind == "text" and not step.is_sidechain:
            if exchange is not None:
                yield exchange
            exchange = _Exchange(step)
        elif exchange is not None and step.kind == "tool_call":
            exchange.readings += _read_call(step)
            exchange.edited.update(step.files("edit", "write"))
            refused[step.call_id] = step.files("edit", "write")
        elif exchange is not None and step.kind == "tool_result" and step.tool.get("success") is False:
            exchange.edited.difference_update(refused.get(step.call_id, ()))
            exchange.has_failure |= "exitCode" in step.tool
    if exchange is not None:
        yield exchange


def _read_call(step: Step) -> Iterator[_Reading]:
    if step.tool.get("name") in READING_TOOLS:
        for path in step.files("read", "search"):
            yield _Reading(step, _name_area(path), path)
    elif (fetched := FETCHED.match(step.beginning)) is not None:
        yield _Reading(step, urlsplit(fetched[1]).netloc, None)


def _name_area(path: str) -> str:
    """Return the folder of a file; a file at the top of the project is an area of its own."""
    return path.rpartition("/")[0] or path


def _find_study(run: Sequence[_Exchange], later: Sequence[_Exchange], talk: Talk) -> Iterator[Sighting]:
    asked = [exchange for exchange in run if exchange.asks]
    if not asked:
        return
    places: dict[tuple[Audience, UUID | None], list[_Exchange]] = {}
    for exchange in run:
        places.setdefault((exchange.prompt.audience, exchange.prompt.project_id), []).append(exchange)
    edited = {_name_area(path) for exchange in later for path in exchange.edited}
    for part in places.values():
        readings = [reading for exchange in part for reading in exchange.readings]
        counts = Counter(reading.area for reading in readings)
        if not any(exchange in asked for exchange in part) or counts.total() < FEWEST_READINGS:
            continue
        area, _ = counts.most_common(1)[0]
        if area not in edited:
            yield _build_sighting(part, area, talk)


def _build_sighting(part: Sequence[_Exchange], area: str, talk: Talk) -> Sighting:
    first = part[0].prompt
    readings = [reading for exchange in part for reading in exchange.readings if reading.area == area]
    steps = sorted([*(exchange.prompt for exchange in part), *(reading.step for reading in readings)], key=_moment)
    about = (("author", name_author(first.audience.author_id)), ("area", area))
    return Sighting(
        id=_name(first.memory_id),
        subject=Subject(first.audience, first.project_id, PatternSubtype.STUDY, about),
        witness=talk.id,
        mark=STUDIED,
        started_at=first.occurred_at,
        occurred_at=steps[-1].occurred_at,
        memory_ids=tuple(dict.fromkeys(step.memory_id for step in steps))[:MOST_EVIDENCE],
        paths=tuple(dict.fromkeys(reading.path for reading in readings if reading.path)),
        summary=next(exchange for exchange in part if exchange.asks).prompt.beginning,
    )


def _moment(step: Step) -> Any:
    return step.occurred_at


def _name(memory_id: UUID) -> UUID:
    return name_sighting(PatternType.LEARNING, memory_id)
