"""Files that are edited together: pairs of one project's files that sessions of everybody change at a time.

One occurrence is a session that edited both. A session that edited more than twelve files is a sweep, and says
nothing of any two; so no session gives more than 66 pairs, however long it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from uuid import UUID

from processing.models import PatternSubtype, PatternType
from processing.patterns.reading import Step, Talk, read_steps
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

TOGETHER = "t"
MOST_FILES = 12
MOST_EDITS_OF_A_FILE = MOST_EVIDENCE // 2
FEWEST_SESSIONS = 3
RELIABILITY_OF_SESSION = 0.3


@dataclass(slots=True)
class _Edited:
    """The files of one project and audience that a session edited, each with its edits."""

    files: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    tried: dict[str, None] = field(default_factory=dict)


def find_pairs(talk: Talk) -> Findings:
    """Return the pairs of files that a session edited."""
    places: dict[tuple[UUID | None, Audience], _Edited] = defaultdict(_Edited)
    for step in read_steps(talk):
        edited = places[step.project_id, step.audience]
        if step.kind == "tool_call":
            for path in step.files("edit", "write"):
                edited.files[path].append(step)
                edited.tried[path] = None
        elif step.tool.get("success") is False:
            _take_back(edited, step.call_id)
    sightings = [sighting for place, edited in places.items() for sighting in _list_pairs(talk, *place, edited)]
    return Findings(tuple(sightings), frozenset(_list_candidates(talk, places.values())))


def describe_changed_together(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of two files that change together.

    Confidence = 1 - 0.7^s, s the sessions that edited both: noisy-or (Pearl 1988). It is 0 below 3 sessions. How
    often each was edited at all is told with the pattern's evidence (`selecting.count_edit_sessions`).
    """
    sessions = tally.sessions
    return Description(
        title=f"{details['path']} and {details['otherPath']} change together: in {count(sessions, 'session')}",
        confidence=round(1 - doubt(RELIABILITY_OF_SESSION, sessions), 4) if sessions >= FEWEST_SESSIONS else 0.0,
        details={**details, "sessions": sessions},
    )


def _take_back(edited: _Edited, call_id: str) -> None:
    for path, steps in list(edited.files.items()):
        kept = [step for step in steps if step.call_id != call_id]
        edited.files[path] = kept
        if not kept:
            del edited.files[path]


def _list_candidates(talk: Talk, places: Any) -> Iterator[UUID]:
    """Yield the pairs that this session could have shown at any time: of its first thirteen files."""
    for edited in places:
        for pair in combinations(sorted(list(edited.tried)[: MOST_FILES + 1]), 2):
            yield _name(talk, pair)


def _list_pairs(talk: Talk, project_id: UUID | None, audience: Audience, edited: _Edited) -> Iterator[Sighting]:
    files = sorted(path for path in edited.files if not path.startswith(("/", "~", "../")))
    if len(edited.tried) > MOST_FILES:
        return
    for pair in combinations(files, 2):
        steps = sorted(
            (step for path in pair for step in edited.files[path][:MOST_EDITS_OF_A_FILE]),
            key=lambda step: step.occurred_at,
        )
        yield Sighting(
            id=_name(talk, pair),
            subject=Subject(
                audience,
                project_id,
                PatternSubtype.CHANGED_TOGETHER,
                (("path", pair[0]), ("otherPath", pair[1])),
            ),
            witness=talk.id,
            mark=TOGETHER,
            started_at=steps[0].occurred_at,
            occurred_at=steps[-1].occurred_at,
            memory_ids=tuple(dict.fromkeys(step.memory_id for step in steps)),
            paths=pair,
        )


def _name(talk: Talk, pair: tuple[str, ...]) -> UUID:
    return name_sighting(PatternType.MEMORY_CODE, talk.id, "\x00".join(pair))
