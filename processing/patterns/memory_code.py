"""Memory and code: a file that conversations come back to.

One occurrence is one exchange (a person's words and all that follows until the next) in which the file was
edited, talked about, or at least read. What a tool printed, searched or listed does not count. Words name a
file by its path, by the end of a path that only one file of the session has, or by a definition in it that
nothing else can mean. Exchanges of everybody's sessions add up in the workspace's pattern; private memories
add up for their author alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from processing.models import CodeFile, PatternSubtype, PatternType, Role
from processing.patterns.changed_together import find_pairs
from processing.patterns.reading import SPEAKERS, Step, Talk, read_linked_paths, read_named_paths, read_steps
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

EDITED, DISCUSSED, READ = "e", "d", "r"
STRONGEST_FIRST = (EDITED, DISCUSSED, READ)
WORDS = {EDITED: ("edit", "edits"), DISCUSSED: ("discussion", "discussions"), READ: ("reading", "readings")}
FEWEST_EXCHANGES = 3
RELIABILITY_OF_EXCHANGE = 0.2
RELIABILITY_OF_SESSION = 0.3


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file was touched: exchange, project and audience."""

    exchange: int
    project_id: UUID | None
    audience: Audience


@dataclass(slots=True)
class _Touch:
    """A file in one exchange."""

    first: UUID
    occurred_at: datetime
    marks: set[str] = field(default_factory=set)
    memory_ids: dict[UUID, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A path as somebody wrote it. `is_certain`: it is the path of a file, not words that look like one."""

    place: _Place
    memory_id: UUID
    occurred_at: datetime
    mark: str
    path: str
    is_certain: bool


def find_recurring_files(talk: Talk) -> Findings:
    """Return the files of a conversation, one sighting for each exchange that touches one."""
    mentions = list(_read_mentions(talk))
    known = _Known.of(mentions)
    touches: dict[tuple[_Place, str], _Touch] = {}
    candidates: set[UUID] = set()
    for mention in mentions:
        path = mention.path if mention.is_certain else known.resolve(mention)
        if path is None or not _lies_in_project(path):
            continue
        candidates.add(name_sighting(PatternType.MEMORY_CODE, mention.memory_id, path))
        touch = touches.setdefault((mention.place, path), _Touch(mention.memory_id, mention.occurred_at))
        touch.marks.add(mention.mark)
        if len(touch.memory_ids) < MOST_EVIDENCE:
            touch.memory_ids[mention.memory_id] = None
    sightings = [_build_sighting(talk, place, path, touch) for (place, path), touch in touches.items()]
    together = find_pairs(talk)
    return Findings((*sightings, *together.sightings), frozenset(candidates | together.candidates))


def describe_recurring_file(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of a file that comes up again.

    Confidence = 1 - 0.8^n * 0.7^(s-1), n exchanges in s sessions: noisy-or (Pearl 1988) of weak witnesses, to
    which another session adds more than another exchange of the same. It is 0 below 3 exchanges.
    """
    counts = {mark: tally.by_mark.get(mark, 0) for mark in STRONGEST_FIRST}
    told = ", ".join(count(number, *WORDS[mark]) for mark, number in counts.items() if number)
    where = count(tally.sessions, "session")
    doubts = doubt(RELIABILITY_OF_EXCHANGE, tally.occurrences) * doubt(RELIABILITY_OF_SESSION, tally.sessions - 1)
    return Description(
        title=f"{details['path']} comes up again and again: {told} in {where}",
        confidence=round(1 - doubts, 4) if tally.occurrences >= FEWEST_EXCHANGES else 0.0,
        details={
            **details,
            **{WORDS[mark][1]: number for mark, number in counts.items()},
            "sessions": tally.sessions,
        },
    )


def _read_mentions(talk: Talk) -> Iterator[_Mention]:
    named = _group(read_named_paths(talk))
    linked = _group(read_linked_paths(talk))
    exchange = 0
    for step in read_steps(talk):
        exchange += _begins_exchange(step)
        place = _Place(exchange, step.project_id, step.audience)
        for mark, path, is_certain in _name_paths(step, named, linked):
            yield _Mention(place, step.memory_id, step.occurred_at, mark, path, is_certain)


def _name_paths(
    step: Step, named: Mapping[UUID, list[str]], linked: Mapping[UUID, list[str]]
) -> Iterator[tuple[str, str, bool]]:
    if step.kind == "tool_call":
        yield from ((EDITED, path, True) for path in step.files("edit", "write"))
        yield from ((READ, path, True) for path in step.files("read"))
    elif step.kind == "text" and step.role in SPEAKERS:
        certain = dict.fromkeys((*step.file_paths, *linked.get(step.memory_id, ())))
        yield from ((DISCUSSED, path, True) for path in certain)
        yield from ((DISCUSSED, path, False) for path in named.get(step.memory_id, ()))


def _begins_exchange(step: Step) -> bool:
    return step.role == Role.USER and step.kind == "text" and not step.is_sidechain


def _group(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    grouped: dict[UUID, list[str]] = defaultdict(list)
    for memory_id, path in sorted(pairs):
        grouped[memory_id].append(path)
    return grouped


@dataclass(frozen=True, slots=True)
class _Known:
    """The files that words of this conversation can mean, by project."""

    files: frozenset[tuple[UUID | None, str]]
    by_ending: dict[tuple[UUID | None, str], set[str]]

    @classmethod
    def of(cls, mentions: Iterable[_Mention]) -> _Known:
        """Collect what the conversation touched, and of what it only names, the project's files."""
        by_ending: dict[tuple[UUID | None, str], set[str]] = defaultdict(set)
        uncertain: dict[UUID | None, set[str]] = defaultdict(set)
        for mention in mentions:
            project_id = mention.place.project_id
            if not mention.is_certain:
                uncertain[project_id].add(mention.path)
                continue
            for ending in _endings(mention.path):
                by_ending[project_id, ending].add(mention.path)
        return cls(frozenset(_find_files(uncertain)), by_ending)

    def resolve(self, mention: _Mention) -> str | None:
        """Return the path of the one file that is meant, or None."""
        key = (mention.place.project_id, mention.path)
        if key in self.files:
            return mention.path
        touched = self.by_ending.get(key, set())
        if mention.path in touched or not touched:
            return mention.path if mention.path in touched or _looks_like_path(mention.path) else None
        return next(iter(touched)) if len(touched) == 1 else None


def _find_files(paths: dict[UUID | None, set[str]]) -> Iterator[tuple[UUID | None, str]]:
    for project_id, wanted in paths.items():
        if project_id is not None:
            yield from CodeFile.objects.filter(project_id=project_id, path__in=wanted).values_list(
                "project_id", "path"
            )


def _endings(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[start:]) for start in range(len(parts)))


def _looks_like_path(text: str) -> bool:
    """`folder/name.ext` is a path even before its code has arrived; `host.tld/name.ext` and `name.ext` are not."""
    first, slash, _ = text.partition("/")
    return bool(slash) and "." not in first


def _lies_in_project(path: str) -> bool:
    return not path.startswith(("/", "~", "../")) and path[1:3] not in {":\\", ":/"}


def _build_sighting(talk: Talk, place: _Place, path: str, touch: _Touch) -> Sighting:
    return Sighting(
        id=name_sighting(PatternType.MEMORY_CODE, touch.first, path),
        subject=Subject(place.audience, place.project_id, PatternSubtype.RECURRING_FILE, (("path", path),)),
        witness=talk.id,
        mark=next(mark for mark in STRONGEST_FIRST if mark in touch.marks),
        started_at=touch.occurred_at,
        occurred_at=touch.occurred_at,
        memory_ids=tuple(touch.memory_ids),
        paths=(path,),
    )
