"""Refactoring: names that became others and code that went elsewhere, seen in what was edited.

A rename is one name that edits of a session replaced by another while the words around it stayed: where it is
defined and in at least one other place. A value, a level or an import that changes is none, since nothing that
defines the name changes. What is renamed back in the same session was not renamed.

A move is a block that left one file and arrived in another: at least three lines, and most of what left or most
of what arrived; or a file that `mv` moved. Nobody has to say "refactor": words are not looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from processing.models import PatternSubtype, PatternType
from processing.patterns.changes import (
    Change,
    count_uses,
    find_name,
    find_renamings,
    read_changes,
    read_moved_file,
)
from processing.patterns.reading import Step, Talk, read_change_steps, read_folder
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

ACROSS, WITHIN, MOVED = "a", "w", "m"
MOST_CHANGES = 400
MOST_OF_A_CALL = 8
FEWEST_MOVED_LINES = 3
MOST_OF_A_BLOCK = 0.6
RELIABILITY_ACROSS = 0.8
RELIABILITY_WITHIN = 0.6
RELIABILITY_OF_MOVE = 0.7


@dataclass(slots=True)
class _Session:
    """What a session changed in one project."""

    changes: list[Change] = field(default_factory=list)
    moves: list[tuple[Step, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Rename:
    changes: list[Change] = field(default_factory=list)
    uses: int = 0
    is_defined: bool = False


def find_refactorings(talk: Talk) -> Findings:
    """Return the renames and moves of a session."""
    if talk.is_loose:
        return Findings((), frozenset())
    calls: list[UUID] = []
    sightings: list[Sighting] = []
    for project_id, session in _read_session(talk, calls).items():
        sightings += _find_renames(session.changes, project_id, talk)
        sightings += _find_moves(session.changes, project_id, talk)
        sightings += [_build_file_move(move, project_id, talk) for move in session.moves]
    candidates = {_name(call, number) for call in calls for number in range(MOST_OF_A_CALL)}
    return Findings(tuple(_number(sightings)), frozenset(candidates))


def describe_rename(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of a rename.

    Confidence = 1 - 0.2^a * 0.4^w, a the sessions that renamed in several files, w those in one: noisy-or (Pearl
    1988). Names that change in several files alike are hardly anything else.
    """
    doubts = doubt(RELIABILITY_ACROSS, tally.by_mark.get(ACROSS, 0)) * doubt(
        RELIABILITY_WITHIN, tally.by_mark.get(WITHIN, 0)
    )
    return Description(
        title=f"`{details['from']}` was renamed to `{details['to']}`",
        confidence=round(1 - doubts, 4),
        details={**details, "sessions": tally.sessions},
    )


def describe_move(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of code that moved: 1 - 0.3^n, n the times (noisy-or, Pearl 1988)."""
    return Description(
        title=f"Code moved from {details['from']} to {details['to']}: {count(tally.occurrences, 'time')}",
        confidence=round(1 - doubt(RELIABILITY_OF_MOVE, tally.occurrences), 4),
        details={**details, "sessions": tally.sessions},
    )


def _number(sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    """Name sightings by the call that they begin with, and their number among those of that call."""
    numbers: Counter[UUID] = Counter()
    for sighting in sightings:
        first = sighting.memory_ids[0]
        if numbers[first] < MOST_OF_A_CALL:
            yield replace(sighting, id=_name(first, numbers[first]))
        numbers[first] += 1


def _read_session(talk: Talk, calls: list[UUID]) -> dict[UUID | None, _Session]:
    """Return what each project's edits were; `calls` gets all that were tried."""
    root = read_folder(talk)
    sessions: dict[UUID | None, _Session] = defaultdict(_Session)
    for step in read_change_steps(talk):
        session = sessions[step.project_id]
        if step.kind == "tool_call":
            calls.append(step.memory_id)
            session.changes += read_changes(step)
            session.changes = session.changes[-MOST_CHANGES:]
            moved = read_moved_file(step.tool.get("command") or "")
            if moved is not None:
                source, target = (path.removeprefix(f"{root}/") for path in moved)
                session.moves.append((step, source, target))
        elif step.tool.get("success") is False:
            session.changes = [item for item in session.changes if item.step.call_id != step.call_id]
            session.moves = [item for item in session.moves if item[0].call_id != step.call_id]
    return sessions


def _find_renames(changes: Sequence[Change], project_id: UUID | None, talk: Talk) -> Iterator[Sighting]:
    renames: dict[tuple[str, str], _Rename] = {}
    for change in changes:
        for found in find_renamings(change):
            rename = renames.setdefault((found.old, found.new), _Rename())
            rename.changes.append(change)
            rename.uses += count_uses(change, found.old)
            rename.is_defined |= found.defines
    for (old, new), rename in renames.items():
        if rename.is_defined and rename.uses >= 2 and (new, old) not in renames:
            yield _build_rename(old, new, rename, project_id, talk)


def _build_rename(old: str, new: str, rename: _Rename, project_id: UUID | None, talk: Talk) -> Sighting:
    paths = tuple(dict.fromkeys(change.path for change in rename.changes))
    return _build_sighting(
        rename.changes,
        mark=ACROSS if len(paths) > 1 else WITHIN,
        subject=(PatternSubtype.RENAME, (("from", old), ("to", new))),
        summary=f"{old} → {new} in {', '.join(paths)}",
        project_id=project_id,
        talk=talk,
    )


def _find_moves(changes: Sequence[Change], project_id: UUID | None, talk: Talk) -> Iterator[Sighting]:
    """Compare each block that left with those that arrived elsewhere, found by their lines."""
    arrived: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        for line in change.added:
            arrived[line].append(change)
    moves: dict[tuple[str, str], list[Change]] = defaultdict(list)
    names: dict[tuple[str, str], str] = {}
    for change in changes:
        for other in _find_destinations(change, arrived):
            moves[change.path, other.path] += [change, other]
            names.setdefault((change.path, other.path), find_name(change.removed & other.added))
    for (source, target), evidence in moves.items():
        name = names[source, target]
        yield _build_sighting(
            sorted(evidence, key=lambda change: change.step.occurred_at),
            mark=MOVED,
            subject=(PatternSubtype.MOVE, (("from", source), ("to", target))),
            summary=f"{name or 'a block'} from {source} to {target}",
            project_id=project_id,
            talk=talk,
        )


def _find_destinations(change: Change, arrived: dict[str, list[Change]]) -> Iterator[Change]:
    removed = change.removed
    if len(removed) < FEWEST_MOVED_LINES:
        return
    shared: dict[int, tuple[Change, int]] = {}
    for line in removed:
        for other in arrived.get(line, ()):
            if other.path != change.path:
                shared[id(other)] = (other, shared.get(id(other), (other, 0))[1] + 1)
    for other, lines in shared.values():
        if lines >= FEWEST_MOVED_LINES and lines >= MOST_OF_A_BLOCK * min(len(removed), len(other.added)):
            yield other


def _build_file_move(move: tuple[Step, str, str], project_id: UUID | None, talk: Talk) -> Sighting:
    step, source, target = move
    return Sighting(
        id=step.memory_id,
        subject=Subject(step.audience, project_id, PatternSubtype.MOVE, (("from", source), ("to", target))),
        witness=talk.id,
        mark=MOVED,
        started_at=step.occurred_at,
        occurred_at=step.occurred_at,
        memory_ids=(step.memory_id,),
        paths=(source, target),
        summary=f"{source} to {target}",
    )


def _build_sighting(
    changes: Sequence[Change],
    *,
    mark: str,
    subject: tuple[str, tuple[tuple[str, str], ...]],
    summary: str,
    project_id: UUID | None,
    talk: Talk,
) -> Sighting:
    first, last = changes[0].step, changes[-1].step
    subtype, matter = subject
    is_private = any(change.step.audience.is_private for change in changes)
    return Sighting(
        id=first.memory_id,
        subject=Subject(Audience(first.audience.author_id, is_private), project_id, subtype, matter),
        witness=talk.id,
        mark=mark,
        started_at=first.occurred_at,
        occurred_at=last.occurred_at,
        memory_ids=tuple(_unique(change.step.memory_id for change in changes))[:MOST_EVIDENCE],
        paths=tuple(_unique(change.path for change in changes)),
        summary=summary,
        spans=tuple((change.step.memory_id, change.start, change.end) for change in changes[:MOST_EVIDENCE]),
    )


def _unique(items: Iterable[Any]) -> Iterable[Any]:
    return dict.fromkeys(items)


def _name(memory_id: UUID, number: int) -> UUID:
    return name_sighting(PatternType.REFACTORING, memory_id, str(number))
