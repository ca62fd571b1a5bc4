"""Reading Claude Code's JSONL: every known line type, and whatever else a file may hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.transcripts.claude_code import build_entry, mask_entry, read_lines
from ingest.transcripts.entries import (
    Entry,
    Rejection,
    SummaryPart,
    TextPart,
    ToolCall,
    ToolResult,
    TouchedFile,
)

DATA = Path(__file__).parent.parent / "data"
EDGE_CASES = (DATA / "claude-code-edge-cases.jsonl").read_bytes()


def line_of(**fields: Any) -> bytes:
    return json.dumps({"uuid": "u1", **fields}).encode()


def entry_of(**fields: Any) -> Entry:
    (entry,) = read_lines(line_of(**fields))
    assert isinstance(entry, Entry)
    return entry


def entries_of(raw: bytes) -> dict[int, Entry]:
    return {entry.line_no: entry for entry in read_lines(raw) if isinstance(entry, Entry)}


def keys_of(outcomes: Sequence[Entry | Rejection]) -> list[str]:
    return [outcome.key for outcome in outcomes if isinstance(outcome, Entry)]


def tool_result(content: object, kept: object = None, **block: Any) -> ToolResult:
    block = {"type": "tool_result", "tool_use_id": "t1", "content": content, **block}
    (part,) = entry_of(
        type="user", cwd="/p", message={"role": "user", "content": [block]}, toolUseResult=kept
    ).parts
    assert isinstance(part, ToolResult)
    return part


def tool_call(name: str, cwd: str = "/p", **tool_input: Any) -> ToolCall:
    block = {"type": "tool_use", "id": "t1", "name": name, "input": tool_input}
    (part,) = entry_of(type="assistant", cwd=cwd, message={"role": "assistant", "content": [block]}).parts
    assert isinstance(part, ToolCall)
    return part


def test_bad_lines_are_named_and_their_neighbours_survive() -> None:
    outcomes = list(read_lines(EDGE_CASES))
    assert {o.line_no: o.code for o in outcomes if isinstance(o, Rejection)} == {
        10: "malformed_line",
        11: "malformed_line",
        12: "nul_character",
        13: "lone_surrogate",
        14: "too_deep",
        15: "number_out_of_range",
        16: "number_out_of_range",
        17: "timestamp_without_zone",
        18: "malformed_line",
    }
    # Line 5 is blank: counted, and neither an entry nor a rejection.
    assert [outcome.line_no for outcome in outcomes] == [n for n in range(1, 45) if n != 5]


def test_each_line_type_has_its_kind_and_role() -> None:
    entries = entries_of(EDGE_CASES)
    kinds = {line_no: (entry.kind, entry.role) for line_no, entry in entries.items()}
    assert kinds[1] == ("summary", "system")
    assert kinds[2] == kinds[3] == kinds[21] == kinds[23] == ("bookkeeping", "system")
    assert kinds[4] == kinds[22] == ("message", "user")
    assert kinds[6] == ("message", "assistant")
    assert kinds[7] == ("message", "tool")
    assert kinds[20] == kinds[43] == kinds[44] == ("other", "system")
    assert kinds[24] == kinds[30] == ("system", "system")
    assert kinds[29] == ("summary", "system")


def test_an_entry_tells_where_and_when_it_was_said() -> None:
    entry = entries_of(EDGE_CASES)[32]
    assert entry.timestamp == datetime.fromisoformat(str(entry.raw["timestamp"]))
    assert entry.timestamp is not None
    assert entry.timestamp.tzinfo is UTC
    assert (entry.cwd, entry.git_branch) == ("/home/dev/supastate", "main")
    assert entry.session_id == "5b7f0a7e-5f0b-4f0e-9a63-0c9b5a1f2d34"
    assert (entry.is_sidechain, entry.agent_id) == (True, "a1b2c3d")
    assert entry.key == entry.uuid == entry.raw["uuid"]


def test_thinking_is_kept_in_the_raw_line_and_is_no_part() -> None:
    entry = entries_of(EDGE_CASES)[6]
    assert [type(part) for part in entry.parts] == [TextPart, ToolCall]
    assert "scratch paper" in json.dumps(entry.raw)
    assert not any("scratch" in part.text for part in entry.parts)


def test_a_failing_command_and_its_exit_code_are_seen() -> None:
    entries = entries_of(EDGE_CASES)
    (call,) = entries[8].parts
    (result,) = entries[9].parts
    assert call == ToolCall(
        "Bash", "toolu_2", "$ pytest -q tests/queueing\n(Run queue tests)", command="pytest -q tests/queueing"
    )
    assert isinstance(result, ToolResult)
    assert (result.call_id, result.success, result.exit_code) == ("toolu_2", False, 1)
    assert "test_claims.py::test_lease" in result.text


@pytest.mark.parametrize(
    ("content", "kept", "block", "success", "exit_code"),
    [
        (
            "5 passed",
            {"stdout": "5 passed", "stderr": "", "interrupted": False},
            {"is_error": False},
            True,
            0,
        ),
        ("Exit code 127\nnot found", "Error: Exit code 127\nnot found", {"is_error": True}, False, 127),
        ("partial", {"stdout": "partial", "stderr": "", "interrupted": True}, {}, False, None),
        ("started", {"stdout": "", "backgroundTaskId": "b1"}, {"is_error": False}, None, None),
        ("launched", {"status": "async_launched", "agentId": "a1"}, {}, None, None),
        ("file text", {"type": "text", "file": {"filePath": "/p/a.py"}}, {}, True, None),
        ("<tool_use_error>String not found</tool_use_error>", None, {"is_error": True}, False, None),
        ("Exit code 3 is what the docs say", {"stdout": "x"}, {}, True, 0),
        ("x", {"exitCode": 4, "is_error": True}, {}, False, 4),
    ],
)
def test_a_result_tells_success_and_exit_code(
    content: str, kept: object, block: dict[str, Any], success: bool | None, exit_code: int | None
) -> None:
    result = tool_result(content, kept, **block)
    assert (result.success, result.exit_code) == (success, exit_code)


def test_a_result_without_text_takes_the_streams_the_program_kept() -> None:
    assert tool_result("", {"stdout": "out", "stderr": "err"}).text == "out\nerr"
    assert tool_result("<tool_use_error>No such file</tool_use_error>", is_error=True).text == "No such file"


def test_results_name_the_files_they_are_about() -> None:
    assert tool_result("x", {"type": "text", "file": {"filePath": "/p/a.py"}}).files == (
        TouchedFile("a.py", "read"),
    )
    edited = {"filePath": "/p/b.py", "oldString": "x", "newString": "y", "structuredPatch": []}
    assert tool_result("ok", edited).files == (TouchedFile("b.py", "edit"),)
    assert tool_result("ok", {"type": "create", "filePath": "/p/c.py"}).files == (TouchedFile("c.py", "write"),)
    found = {"mode": "files_with_matches", "filenames": ["/p/d.py", "e/f.py"], "numFiles": 2}
    assert tool_result("Found 2 files", found).files == (
        TouchedFile("d.py", "search"),
        TouchedFile("e/f.py", "search"),
    )


@pytest.mark.parametrize(
    ("name", "tool_input", "text", "files"),
    [
        ("Read", {"file_path": "/p/a.py"}, "Read a.py", [("a.py", "read")]),
        (
            "Read",
            {"file_path": "/p/a.py", "offset": 5, "limit": 10},
            "Read a.py lines 5 to 14",
            [("a.py", "read")],
        ),
        (
            "Edit",
            {"file_path": "/p/src/a.py", "old_string": "x = 1", "new_string": "x = 2"},
            "Edit src/a.py: x = 1 → x = 2",
            [("src/a.py", "edit")],
        ),
        (
            "MultiEdit",
            {"file_path": "/p/a.py", "edits": [{"old_string": "a", "new_string": "b"}, {"old_string": "c"}]},
            "Edit a.py: a → b\nc → ",
            [("a.py", "edit")],
        ),
        (
            "NotebookEdit",
            {"notebook_path": "/p/n.ipynb", "new_source": "1 + 1"},
            "Edit n.ipynb:  → 1 + 1",
            [("n.ipynb", "edit")],
        ),
        ("Write", {"file_path": "/p/a.py", "content": "x = 1"}, "Write a.py:\nx = 1", [("a.py", "write")]),
        ("Bash", {"command": "git mv a b"}, "$ git mv a b", []),
        (
            "Grep",
            {"pattern": "claim_\\w+", "path": "/p/src", "glob": "*.py"},
            "Search for claim_\\w+ in src among *.py",
            [("src", "search")],
        ),
        ("Grep", {"pattern": "x", "path": "/p"}, "Search for x", []),
        ("Glob", {"pattern": "**/*.sql"}, "Search for **/*.sql", []),
        (
            "Agent",
            {"subagent_type": "Explore", "description": "Find callers", "prompt": "Who calls it?"},
            "Ask a sub-agent (Explore): Find callers\nWho calls it?",
            [],
        ),
        ("WebFetch", {"url": "https://x.test", "prompt": "limits"}, "Fetch https://x.test: limits", []),
        ("mcp__tracker__get_issue", {"id": 3}, 'mcp__tracker__get_issue: {"id": 3}', []),
        ("Read", {}, "Read a file", []),
        ("Edit", {"file_path": 7, "edits": "x"}, "Edit a file:  → ", []),
    ],
)
def test_a_tool_call_is_told_in_words(
    name: str, tool_input: dict[str, Any], text: str, files: list[tuple[str, str]]
) -> None:
    call = tool_call(name, **tool_input)
    assert (call.name, call.text) == (name, text)
    assert [(file.path, file.action) for file in call.files] == files


def test_only_shell_tools_have_a_command() -> None:
    assert tool_call("Bash", command="ls").command == "ls"
    assert tool_call("mcp__x__run", command="ls").command is None


def test_what_an_edit_changed_is_known_by_its_place_in_the_text() -> None:
    edits = [{"old_string": "a → b", "new_string": "c"}, {"old_string": "", "new_string": "d → e"}]
    call = tool_call("MultiEdit", file_path="/p/a.py", edits=edits)
    told = [(call.text[c.start : c.middle], call.text[c.new : c.end]) for c in call.changes]
    assert told == [("a → b", "c"), ("", "d → e")]
    assert tool_call("Read", file_path="/p/a.py").changes == ()


def test_long_edits_are_bounded() -> None:
    call = tool_call("Edit", file_path="/p/a.py", old_string="o" * 100_000, new_string="n" * 100_000)
    assert len(call.text) < 3_000
    assert call.text.endswith("n" * 500)


def test_paths_are_relative_to_the_project_even_from_a_subdirectory() -> None:
    block = {"type": "tool_use", "id": "t", "name": "Read", "input": {"file_path": "/p/graph/a.py"}}
    line = line_of(type="assistant", cwd="/p/tests", message={"content": [block]})
    (entry,) = read_lines(line, project_root="/p")
    assert isinstance(entry, Entry)
    assert isinstance(entry.parts[0], ToolCall)
    assert entry.parts[0].files == (TouchedFile("graph/a.py", "read"),)


def test_what_the_program_says_in_the_persons_place_is_no_text() -> None:
    entries = entries_of(EDGE_CASES)
    assert entries[25].parts == entries[27].parts == ()
    assert entries[26].parts == (TextPart("/review graph/resolver"),)
    assert entries[22].parts == (TextPart("also check the dispatcher"),)
    assert entries[28].is_meta
    assert entries[30].parts == ()


def test_reminders_are_cut_out_of_text() -> None:
    result = tool_result("before<system-reminder>secret rules</system-reminder>after")
    assert result.text == "beforeafter"
    unclosed = "<system-reminder>" * 50_000
    assert tool_result(unclosed).text == unclosed


def test_both_kinds_of_summary_are_summaries() -> None:
    entries = entries_of(EDGE_CASES)
    assert entries[1].parts == (SummaryPart("Finding out why leases expire", "0000-leaf"),)
    assert entries[1].timestamp is None
    (compacted,) = entries[29].parts
    assert isinstance(compacted, SummaryPart)
    assert compacted.text.startswith("This session is being continued")


def test_fields_of_unexpected_shapes_count_as_absent() -> None:
    entries = entries_of(EDGE_CASES)
    assert [type(part) for part in entries[40].parts] == [ToolCall]
    assert entries[41].parts == entries[42].parts == ()
    assert entries[43].uuid is None
    assert entries[20].timestamp is None


def test_a_line_of_unknown_type_is_kept_whole() -> None:
    entry = entries_of(EDGE_CASES)[20]
    assert entry.type_name == "some-future-type"
    assert entry.raw["payload"] == {"a": 1}
    assert entry.parts == ()


def test_a_line_over_the_limit_is_refused() -> None:
    big = line_of(type="user", message={"content": "x" * (1024 * 1024)})
    first, second = read_lines(big + b"\n" + line_of(type="user", message={"content": "small"}))
    assert isinstance(first, Rejection)
    assert first.code == "too_large"
    assert isinstance(second, Entry)


def test_an_integer_of_ten_thousand_digits_and_a_hundred_thousand_brackets_are_refused() -> None:
    raw = b'{"x":' + b"9" * 10_000 + b'}\n{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert [o.code for o in read_lines(raw) if isinstance(o, Rejection)] == [
        "number_out_of_range",
        "too_deep",
    ]


def test_chunks_cut_anywhere_read_like_the_whole_file() -> None:
    whole = list(read_lines(EDGE_CASES))
    for size in (1, 7, 1000):
        chunks = [EDGE_CASES[start : start + size] for start in range(0, len(EDGE_CASES), size)]
        assert list(read_lines(chunks)) == whole


def test_line_ends_and_byte_order_mark_do_not_change_a_key() -> None:
    line = json.dumps({"type": "mode", "mode": "plan", "note": "a\u2028b"}, ensure_ascii=False).encode()
    (plain,) = read_lines(line)
    (windows,) = read_lines(b"\xef\xbb\xbf" + line + b"\r\n")
    assert isinstance(plain, Entry)
    assert isinstance(windows, Entry)
    assert plain.key == windows.key
    assert plain.body_hash == windows.body_hash


def test_equal_lines_without_uuid_have_keys_of_their_own() -> None:
    entries = entries_of(EDGE_CASES)
    assert entries[2].key.endswith("#1")
    assert entries[19].key == entries[2].key.replace("#1", "#2")


def test_reading_twice_gives_the_same_keys() -> None:
    assert keys_of(list(read_lines(EDGE_CASES))) == keys_of(list(read_lines(EDGE_CASES)))


def test_a_tail_has_the_keys_of_the_whole_file() -> None:
    lines = EDGE_CASES.splitlines(keepends=True)
    whole = list(read_lines(EDGE_CASES))
    for cut in range(len(lines)):
        head = [outcome for outcome in whole if outcome.line_no <= cut]
        before: dict[str, int] = {}
        for key in keys_of(head):
            if "#" in key:
                digest = key.split("#")[0]
                before[digest] = before.get(digest, 0) + 1
        tail = list(read_lines(b"".join(lines[cut:]), cut, occurrences_before=before))
        assert head + tail == whole


def test_a_tail_before_its_head_leaves_no_line_out_and_none_doubled() -> None:
    line = b'{"type":"mode","mode":"plan"}\n'
    tail_first = keys_of(list(read_lines(line, 1)))
    whole = keys_of(list(read_lines(line * 2)))
    assert len(set(tail_first + whole)) == 2


def test_masking_takes_secrets_from_raw_and_parts_and_keeps_the_key() -> None:
    entry = entries_of(EDGE_CASES)[39]
    masked, count = mask_entry(entry)
    assert count == 1
    assert masked.parts == (TextPart("export TOKEN=[masked:github_token]"),)
    assert "ghp_" not in json.dumps(masked.raw)
    assert (masked.key, masked.body_hash) == (entry.key, entry.body_hash)
    clean = entries_of(EDGE_CASES)[4]
    assert mask_entry(clean) == (clean, 0)


def test_an_entry_is_rebuilt_from_its_stored_line() -> None:
    for entry in entries_of(EDGE_CASES).values():
        stored = json.loads(json.dumps(entry.raw))
        again = build_entry(stored, line_no=entry.line_no, key=entry.key, body_hash=entry.body_hash)
        assert again == entry
