"""What was done in a session: the files that were edited, and how its checks ended. Runs inside a scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from processing.patterns.commands import Command, read_command
from processing.patterns.outcomes import read_outcome
from processing.patterns.reading import Step, Talk, read_folder, read_tool_steps
from processing.summaries.drafts import Line
from processing.summaries.sentences import cut

MOST_STEPS = 50_000
MOST_NAMED = 5
LONGEST_COMMAND = 80


@dataclass(slots=True)
class _Edited:
    first: UUID
    times: int = 0


@dataclass(slots=True)
class _Check:
    """Of one command: the calls whose runs failed first and ended last."""

    call: UUID
    has_failed: bool = False
    has_passed_last: bool = False


@dataclass(slots=True)
class _Work:
    edited: dict[str, _Edited] = field(default_factory=dict)
    checks: dict[str, _Check] = field(default_factory=dict)
    open_runs: dict[str, tuple[Command, UUID]] = field(default_factory=dict)

    def take(self, step: Step, root: str) -> None:
        """Take in one call or result."""
        if step.kind == "tool_call":
            self._take_call(step, root)
        elif (run := self.open_runs.pop(step.call_id, None)) is not None:
            self._take_result(step, *run)

    def _take_call(self, step: Step, root: str) -> None:
        for path in step.files("edit", "write"):
            self.edited.setdefault(path, _Edited(step.memory_id)).times += 1
        text = step.tool.get("command")
        command = read_command(text, root=root) if text else None
        if command is not None:
            self.open_runs[step.call_id] = (command, step.memory_id)

    def _take_result(self, result: Step, command: Command, call: UUID) -> None:
        passed = read_outcome(command, result.tool, beginning=result.beginning, ending=result.ending)
        if passed is None:
            return
        check = self.checks.setdefault(command.family, _Check(call))
        check.has_failed |= not passed
        check.has_passed_last = passed


def describe_work(session_id: UUID, *, workspace_id: UUID) -> list[Line]:
    """Return the lines on edits and commands of a session; memory grows with what was touched."""
    talk = Talk(session_id, is_loose=False, workspace_id=workspace_id)
    root, work = read_folder(talk), _Work()
    for step in islice(read_tool_steps(talk), MOST_STEPS):
        work.take(step, root)
    return [*_describe_edits(work.edited), *_describe_checks(work.checks)]


def _describe_edits(edited: dict[str, _Edited]) -> Iterator[Line]:
    if not edited:
        return
    ranked = sorted(edited.items(), key=lambda item: (-item[1].times, item[0]))
    shown = ranked[:MOST_NAMED]
    named = [f"{path} ({item.times} times)" if item.times > 1 else path for path, item in shown]
    more = len(ranked) - len(shown)
    yield Line(
        "edited", ", ".join(named) + (f" and {more} more" if more else ""), [item.first for _, item in shown]
    )


def _describe_checks(checks: dict[str, _Check]) -> Iterator[Line]:
    """What was mended comes first, then what still fails, then what passed at once."""
    if not checks:
        return
    ranked = sorted(checks.items(), key=lambda item: (not item[1].has_failed, not item[1].has_passed_last))
    shown = ranked[:MOST_NAMED]
    told = "; ".join(f"`{cut(family, LONGEST_COMMAND)}` {_tell(check)}" for family, check in shown)
    yield Line("commands", told, [check.call for _, check in shown])


def _tell(check: _Check) -> str:
    if check.has_failed:
        return "failed, then passed" if check.has_passed_last else "failed"
    return "passed"
