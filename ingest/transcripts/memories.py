"""What of a transcript becomes a memory: words, tool calls, tool results and summaries."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from ingest.transcripts.bounding import bound_text
from ingest.transcripts.entries import (
    Entry,
    Part,
    Role,
    SummaryPart,
    TextChange,
    TextPart,
    ToolCall,
    ToolResult,
    TouchedFile,
)

# A test run's first and last lines tell what failed; the megabyte between them only blurs the vector.
MAX_RESULT_CHARACTERS = 8_000

DraftKind = Literal["text", "summary", "tool_call", "tool_result"]


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """What is known of a tool's use; a result knows neither name nor command: join it by `call_id`."""

    call_id: str
    name: str | None = None
    command: str | None = None
    files: tuple[TouchedFile, ...] = ()
    success: bool | None = None
    exit_code: int | None = None
    changes: tuple[TextChange, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the facts with their wire names, what is unknown left out."""
        facts = {
            "callId": self.call_id,
            "name": self.name,
            "command": self.command,
            "files": [asdict(file) for file in self.files] or None,
            "success": self.success,
            "exitCode": self.exit_code,
            "changes": [asdict(change) for change in self.changes] or None,
        }
        return {name: value for name, value in facts.items() if value is not None}


@dataclass(frozen=True, slots=True)
class MemoryDraft:
    """A memory about to be stored. `part_no` (from 0) tells apart the memories of one line."""

    part_no: int
    kind: DraftKind
    content: str
    message_type: Role
    occurred_at: datetime | None
    file_paths: tuple[str, ...] = ()
    tool: ToolFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the draft with its wire names, as JSON can hold it."""
        draft: dict[str, Any] = {
            "partNo": self.part_no,
            "kind": self.kind,
            "content": self.content,
            "messageType": self.message_type,
            "timestamp": self.occurred_at.isoformat() if self.occurred_at else None,
            "filePaths": list(self.file_paths),
        }
        return draft if self.tool is None else {**draft, "tool": self.tool.to_json()}


def memories_of(entry: Entry) -> tuple[MemoryDraft, ...]:
    """Draft the memories of one entry; none of bookkeeping, of system notices and of what the program wrote.

    The numbers of an entry's parts are kept, so a part that is left out leaves a gap.
    """
    if entry.is_meta or entry.kind not in {"message", "summary"}:
        return ()
    drafts = (_draft(entry, part_no, part) for part_no, part in enumerate(entry.parts))
    return tuple(draft for draft in drafts if draft.content.strip())


def _draft(entry: Entry, part_no: int, part: Part) -> MemoryDraft:
    match part:
        case TextPart():
            return MemoryDraft(part_no, "text", part.text, _speaker(entry), entry.timestamp)
        case SummaryPart():
            return MemoryDraft(part_no, "summary", part.text, "system", entry.timestamp)
        case ToolCall():
            return _draft_call(entry, part_no, part)
        case ToolResult():
            return _draft_result(entry, part_no, part)


def _draft_call(entry: Entry, part_no: int, call: ToolCall) -> MemoryDraft:
    facts = ToolFacts(call.call_id, call.name, call.command, call.files, changes=call.changes)
    return MemoryDraft(part_no, "tool_call", call.text, "tool", entry.timestamp, _paths_of(call.files), facts)


def _draft_result(entry: Entry, part_no: int, result: ToolResult) -> MemoryDraft:
    facts = ToolFacts(result.call_id, files=result.files, success=result.success, exit_code=result.exit_code)
    # A silent command says by its success alone how it went: that is evidence, and a memory needs words.
    content = bound_text(result.text or "(no output)", max_characters=MAX_RESULT_CHARACTERS)
    return MemoryDraft(part_no, "tool_result", content, "tool", entry.timestamp, _paths_of(result.files), facts)


def _speaker(entry: Entry) -> Role:
    # The person's side of a sub-agent's conversation is the assistant that gave it the work, and text
    # beside a tool's result is the person's.
    if entry.is_sidechain and entry.role == "user":
        return "assistant"
    return "user" if entry.role == "tool" else entry.role


def _paths_of(files: tuple[TouchedFile, ...]) -> tuple[str, ...]:
    # A search is about what it looks for: its files, often directories, are with the tool's facts only.
    return tuple(dict.fromkeys(file.path for file in files if file.action != "search"))
