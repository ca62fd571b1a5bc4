"""The sample transcript of `docs/sample/` is what the demo promises: real in form and rich in evidence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ingest.transcripts.claude_code import mask_entry, read_lines
from ingest.transcripts.entries import Entry, SummaryPart, TextPart, ToolCall, ToolResult
from ingest.transcripts.memories import memories_of

SAMPLE = Path(__file__).parents[3] / "docs" / "sample" / "claude-code-session.jsonl"


def sample_entries() -> list[Entry]:
    outcomes = list(read_lines(SAMPLE.read_bytes()))
    entries = [outcome for outcome in outcomes if isinstance(outcome, Entry)]
    assert len(entries) == len(outcomes)
    return entries


def runs_and_edits() -> list[tuple[str, str]]:
    """Give, in order, `("failed" | "passed", command)` of each shell command and `("edit", path)` of each edit."""
    calls: dict[str, ToolCall] = {}
    steps: list[tuple[str, str]] = []
    for part in (part for entry in sample_entries() for part in entry.parts):
        if isinstance(part, ToolCall):
            calls[part.call_id] = part
            steps += [("edit", file.path) for file in part.files if file.action in {"edit", "write"}]
        elif isinstance(part, ToolResult) and (command := calls[part.call_id].command):
            steps.append(("passed" if part.success else "failed", command))
    return steps


def test_every_line_is_read_and_has_a_key_of_its_own() -> None:
    entries = sample_entries()
    assert len(entries) >= 150
    assert len({entry.key for entry in entries}) == len(entries)
    assert {entry.kind for entry in entries} == {"message", "system", "bookkeeping", "summary"}


def test_it_holds_no_secret() -> None:
    assert sum(mask_entry(entry)[1] for entry in sample_entries()) == 0


def test_it_lasts_about_two_hours_in_order() -> None:
    times = [entry.timestamp for entry in sample_entries() if entry.timestamp]
    assert times == sorted(times)
    assert timedelta(hours=1, minutes=30) < times[-1] - times[0] < timedelta(hours=2, minutes=30)


def test_every_tool_call_has_its_result() -> None:
    parts = [part for entry in sample_entries() for part in entry.parts]
    calls = [part.call_id for part in parts if isinstance(part, ToolCall)]
    results = [part.call_id for part in parts if isinstance(part, ToolResult)]
    assert sorted(calls) == sorted(results)
    assert len(set(calls)) == len(calls) >= 50


def test_a_failing_command_is_mended_by_edits_more_than_twice() -> None:
    steps = runs_and_edits()
    mended = {}
    for start, (outcome, command) in enumerate(steps):
        passed = next((i for i, step in enumerate(steps) if i > start and step == ("passed", command)), None)
        if outcome == "failed" and passed:
            mended[command] = {path for kind, path in steps[start:passed] if kind == "edit"}
    assert "supastate/queueing/sql/claim.sql" in mended["pytest -q tests/queueing/test_claims.py"]
    assert any(
        path.startswith("graph/resolver/") for path in mended["pytest -q tests/graph/resolver/test_calls.py"]
    )
    assert "supastate/queueing/dispatcher.py" in mended["pytest -q tests/queueing/test_dispatcher.py"]


def test_the_same_files_come_up_in_several_exchanges() -> None:
    exchange = 0
    exchanges: dict[str, set[int]] = {}
    for part_role, part in ((entry.role, part) for entry in sample_entries() for part in entry.parts):
        if part_role == "user" and isinstance(part, TextPart):
            exchange += 1
        if isinstance(part, ToolCall):
            for file in part.files:
                exchanges.setdefault(file.path, set()).add(exchange)
    assert len(exchanges["supastate/queueing/claims.py"]) >= 3
    assert not [path for path in exchanges if path.startswith("/")]


def test_a_sub_agent_and_summaries_are_in_it() -> None:
    entries = sample_entries()
    assert {entry.agent_id for entry in entries if entry.is_sidechain} == {"a7f3e91"}
    assert sum(isinstance(part, SummaryPart) for entry in entries for part in entry.parts) == 2


def test_its_facts_are_in_the_memories() -> None:
    contents = [draft.content for entry in sample_entries() for draft in memories_of(entry)]
    assert any("Why does the claim use a MATERIALIZED CTE" in content for content in contents)
    assert any("the lease outlives the task time limit" in content for content in contents)
    assert len(contents) >= 150
