"""What of a transcript is remembered."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.transcripts.claude_code import read_lines
from ingest.transcripts.entries import Entry, TouchedFile
from ingest.transcripts.memories import MAX_RESULT_CHARACTERS, MemoryDraft, memories_of

EDGE_CASES = Path(__file__).parent.parent / "data" / "claude-code-edge-cases.jsonl"


def drafts_by_line() -> dict[int, tuple[MemoryDraft, ...]]:
    outcomes = read_lines(EDGE_CASES.read_bytes())
    drafts = {entry.line_no: memories_of(entry) for entry in outcomes if isinstance(entry, Entry)}
    return {line_no: found for line_no, found in drafts.items() if found}


def test_words_tool_calls_results_and_summaries_are_remembered_and_nothing_else() -> None:
    kinds = {line_no: [draft.kind for draft in found] for line_no, found in drafts_by_line().items()}
    assert kinds == {
        1: ["summary"],
        4: ["text"],
        6: ["text", "tool_call"],
        7: ["tool_result"],
        8: ["tool_call"],
        9: ["tool_result"],
        22: ["text"],
        26: ["text"],
        29: ["summary"],
        31: ["text"],
        32: ["text"],
        33: ["tool_call"],
        34: ["tool_call"],
        35: ["tool_result"],
        36: ["text"],
        37: ["tool_call"],
        38: ["tool_result"],
        39: ["text"],
        40: ["tool_call"],
    }


def test_a_memory_says_who_spoke() -> None:
    drafts = drafts_by_line()
    assert drafts[4][0].message_type == "user"
    assert drafts[6][0].message_type == "assistant"
    assert drafts[7][0].message_type == "tool"
    assert drafts[1][0].message_type == "system"
    # The assistant, not the person, told the sub-agent what to do.
    assert drafts[31][0].message_type == "assistant"


def test_a_call_and_its_result_share_the_call_id_and_name_their_files() -> None:
    drafts = drafts_by_line()
    call, result = drafts[6][1], drafts[7][0]
    assert call.tool is not None
    assert result.tool is not None
    assert call.tool.call_id == result.tool.call_id == "toolu_1"
    assert call.tool.name == "Read"
    assert call.tool.files == (TouchedFile("supastate/queueing/claims.py", "read"),)
    assert call.file_paths == result.file_paths == ("supastate/queueing/claims.py",)
    assert call.part_no == 1


def test_a_draft_is_json() -> None:
    draft = drafts_by_line()[9][0].to_json()
    assert json.loads(json.dumps(draft)) == {
        "partNo": 0,
        "kind": "tool_result",
        "content": "Exit code 1\nFAILED tests/queueing/test_claims.py::test_lease",
        "messageType": "tool",
        "timestamp": "2026-11-20T09:00:05+00:00",
        "filePaths": [],
        "tool": {"callId": "toolu_2", "success": False, "exitCode": 1},
    }
    assert "tool" not in drafts_by_line()[4][0].to_json()


def test_a_long_result_keeps_its_head_and_its_tail() -> None:
    content = "HEAD" + "x" * 50_000 + "3 failed TAIL"
    block = {"type": "tool_result", "tool_use_id": "t", "content": content}
    (entry,) = read_lines(json.dumps({"type": "user", "message": {"content": [block]}}).encode())
    assert isinstance(entry, Entry)
    (draft,) = memories_of(entry)
    assert draft.content.startswith("HEADxxx")
    assert draft.content.endswith("3 failed TAIL")
    assert f"{len(content) - MAX_RESULT_CHARACTERS} characters left out" in draft.content
    assert len(draft.content) < MAX_RESULT_CHARACTERS + 50


def test_a_silent_command_is_still_evidence() -> None:
    block = {"type": "tool_result", "tool_use_id": "t", "content": "", "is_error": False}
    line = {"type": "user", "message": {"content": [block]}, "toolUseResult": {"stdout": "", "stderr": ""}}
    (entry,) = read_lines(json.dumps(line).encode())
    assert isinstance(entry, Entry)
    (draft,) = memories_of(entry)
    assert draft.content == "(no output)"
    assert draft.tool is not None
    assert (draft.tool.success, draft.tool.exit_code) == (True, 0)
