"""Debugging: a command fails, files are edited, the same command passes, all in one session.

An episode keeps the signatures of the errors that it mended (`errors`): when one comes again, its fix is found by
them. A command that fails in session after session, mended or not, is a pattern of its own.

Which episodes are one pattern: those of one project where the same command was mended by editing the same
file. The file is the one edited most between the last failing run and the passing one (of equals, the later
edited; what the command names, a test itself, only if nothing else was edited): it is what turned red into
green, while the whole set of edited files is seldom the same twice.

What is no episode: passing again without an edit since the last failure (flaky, or mended elsewhere), an edit
made before the failure was known or after the passing run had begun, another command's failure or success,
an edit that was refused, and any run whose outcome is not known.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from processing.models import PatternSubtype, PatternType
from processing.patterns.commands import Command, read_command
from processing.patterns.errors import MOST_ERRORS, KnownError, find_errors
from processing.patterns.outcomes import read_outcome
from processing.patterns.reading import Step, Talk, read_folder, read_tool_steps
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

FIXED, FAILING = "f", "x"
MOST_OPEN = 50
RELIABILITY_OF_EPISODE = 0.6
FEWEST_FAILING_SESSIONS = 3
RELIABILITY_OF_FAILING_SESSION = 0.3


@dataclass(frozen=True, slots=True)
class _Run:
    """A command that was started; `moment` counts the steps of the session."""

    command: Command
    call: Step
    moment: int


@dataclass(frozen=True, slots=True)
class _Edit:
    step: Step
    paths: tuple[str, ...]
    moment: int


@dataclass(slots=True)
class _Trouble:
    """A command that fails, and what was edited since it first did."""

    command: Command
    first: Step
    failures: deque[Step] = field(default_factory=lambda: deque(maxlen=MOST_EVIDENCE // 3))
    edits: deque[_Edit] = field(default_factory=lambda: deque(maxlen=MOST_EVIDENCE // 2))
    calls_are_private: bool = False
    failed_at: int = 0
    errors: dict[str, tuple[UUID, KnownError]] = field(default_factory=dict)


@dataclass(slots=True)
class _Failing:
    """The failures of one command in a session, whatever came of them."""

    first: Step
    is_private: bool
    memory_ids: deque[UUID] = field(default_factory=lambda: deque(maxlen=MOST_EVIDENCE))
    last: datetime | None = None


@dataclass(slots=True)
class _Project:
    """What is open in one project of a session, and what failed in it."""

    runs: dict[str, _Run] = field(default_factory=dict)
    failing: dict[str, _Failing] = field(default_factory=dict)
    troubles: OrderedDict[str, _Trouble] = field(default_factory=OrderedDict)


def find_episodes(talk: Talk) -> Findings:
    """Return the debugging episodes of a session. Memory grows with what is open, not with the session."""
    if talk.is_loose:
        return Findings((), frozenset())
    root = read_folder(talk)
    sightings: list[Sighting] = []
    candidates: set[UUID] = set()
    projects: dict[UUID | None, _Project] = {}
    for moment, step in enumerate(read_tool_steps(talk)):
        project = projects.setdefault(step.project_id, _Project())
        if step.kind == "tool_call":
            _take_call(project, step, moment, root)
            continue
        run = project.runs.pop(step.call_id, None)
        if run is None:
            _take_back_refused_edit(project, step)
            continue
        outcome = read_outcome(run.command, step.tool, beginning=step.beginning, ending=step.ending)
        if outcome is False:
            candidates.add(name_sighting(PatternType.DEBUGGING, step.memory_id))
            candidates.add(_name_failing(step.memory_id))
            _take_failure(project, run, step, moment)
        elif outcome is True:
            sightings += _end_troubles(project, run, step, talk)
    for project_id, project in projects.items():
        sightings += _list_failing(project, project_id, talk)
    return Findings(tuple(sightings), frozenset(candidates))


def describe_fix(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of a command that was mended.

    Confidence = 1 - 0.4^n, n the episodes: noisy-or (Pearl 1988) of independent witnesses, each right in 6 of 10
    cases, because beside the file that mended the command others were often edited.
    """
    return Description(
        title=f"`{details['command']}` failed, fixed by editing {details['file']}",
        confidence=round(1 - doubt(RELIABILITY_OF_EPISODE, tally.occurrences), 4),
        details={**details, "sessions": tally.sessions},
    )


def describe_failing_command(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of a command that fails again and again.

    Confidence = 1 - 0.7^s, s the sessions in which it failed: noisy-or as above. It is 0 below 3 sessions.
    """
    sessions = tally.sessions
    sure = round(1 - doubt(RELIABILITY_OF_FAILING_SESSION, sessions), 4)
    return Description(
        title=f"`{details['command']}` keeps failing: in {count(sessions, 'session')}",
        confidence=sure if sessions >= FEWEST_FAILING_SESSIONS else 0.0,
        details={**details, "sessions": sessions},
    )


def _take_call(project: _Project, step: Step, moment: int, root: str) -> None:
    text = step.tool.get("command")
    command = read_command(text, root=root) if text else None
    if command is not None:
        project.runs[step.call_id] = _Run(command, step, moment)
    paths = step.files("edit", "write")
    if paths:
        for trouble in project.troubles.values():
            trouble.edits.append(_Edit(step, paths, moment))


def _take_back_refused_edit(project: _Project, result: Step) -> None:
    if result.tool.get("success") is not False:
        return
    for trouble in project.troubles.values():
        kept = [edit for edit in trouble.edits if edit.step.call_id != result.call_id]
        trouble.edits = deque(kept, maxlen=trouble.edits.maxlen)


def _take_failure(project: _Project, run: _Run, result: Step, moment: int) -> None:
    family = run.command.family
    trouble = project.troubles.setdefault(family, _Trouble(run.command, result))
    project.troubles.move_to_end(family)
    trouble.failures.append(result)
    trouble.failed_at = moment
    trouble.calls_are_private |= run.call.audience.is_private
    for error in find_errors(result.ending, before=result.length - len(result.ending)):
        trouble.errors[error.signature] = (result.memory_id, error)
    _note_failing(project, run, result)
    if len(project.troubles) > MOST_OPEN:
        project.troubles.popitem(last=False)


def _end_troubles(project: _Project, run: _Run, result: Step, talk: Talk) -> Iterator[Sighting]:
    ended = [family for family, trouble in project.troubles.items() if run.command.covers(trouble.command)]
    for trouble in map(project.troubles.pop, ended):
        edits = [edit for edit in trouble.edits if edit.moment < run.moment]
        if edits and edits[-1].moment > trouble.failed_at:
            yield _build_sighting(trouble, edits, run, result, talk)


def _pick_file(trouble: _Trouble, edits: Sequence[_Edit]) -> str:
    paths = [path for edit in edits if edit.moment > trouble.failed_at for path in edit.paths]
    others = [path for path in paths if path not in trouble.command.targets] or paths
    counts = Counter(others)
    latest = {path: number for number, path in enumerate(others)}
    return max(counts, key=lambda path: (counts[path], latest[path]))


def _build_sighting(trouble: _Trouble, edits: Sequence[_Edit], run: _Run, result: Step, talk: Talk) -> Sighting:
    evidence = [*trouble.failures, *(edit.step for edit in edits), result]
    shown = [*evidence, run.call]
    is_private = trouble.calls_are_private or any(step.audience.is_private for step in shown)
    about = (("command", trouble.command.family), ("file", _pick_file(trouble, edits)))
    audience = Audience(result.audience.author_id, is_private)
    errors = list(trouble.errors.values())[:MOST_ERRORS]
    return Sighting(
        id=name_sighting(PatternType.DEBUGGING, trouble.first.memory_id),
        subject=Subject(audience, result.project_id, PatternSubtype.FIX, about),
        witness=talk.id,
        mark=FIXED,
        started_at=trouble.first.occurred_at,
        occurred_at=result.occurred_at,
        memory_ids=tuple(step.memory_id for step in evidence),
        paths=tuple(dict.fromkeys(path for edit in edits for path in edit.paths)),
        summary=errors[0][1].text if errors else "",
        spans=tuple((memory_id, error.start, error.end) for memory_id, error in errors),
        signatures=tuple(error.signature for _, error in errors),
    )


def _note_failing(project: _Project, run: _Run, result: Step) -> None:
    is_private = run.call.audience.is_private or result.audience.is_private
    failing = project.failing.setdefault(run.command.family, _Failing(result, is_private))
    failing.is_private |= is_private
    failing.memory_ids.append(result.memory_id)
    failing.last = result.occurred_at


def _name_failing(memory_id: UUID) -> UUID:
    return name_sighting(PatternType.DEBUGGING, memory_id, FAILING)


def _list_failing(project: _Project, project_id: UUID | None, talk: Talk) -> Iterator[Sighting]:
    for family, failing in project.failing.items():
        yield Sighting(
            id=_name_failing(failing.first.memory_id),
            subject=Subject(
                Audience(failing.first.audience.author_id, failing.is_private),
                project_id,
                PatternSubtype.FAILING_COMMAND,
                (("command", family),),
            ),
            witness=talk.id,
            mark=FAILING,
            started_at=failing.first.occurred_at,
            occurred_at=failing.last or failing.first.occurred_at,
            memory_ids=tuple(failing.memory_ids),
            summary=count(len(failing.memory_ids), "failure"),
        )
