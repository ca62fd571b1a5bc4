"""What a line of a transcript says, whatever assistant wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ingest.checks import ItemCode

FileAction = Literal["read", "edit", "write", "search"]
Role = Literal["user", "assistant", "tool", "system"]
# `bookkeeping` is a known line that says nothing (a snapshot, a mode change), `other` an unknown one.
EntryKind = Literal["message", "summary", "system", "bookkeeping", "other"]


@dataclass(frozen=True, slots=True)
class TouchedFile:
    """A file a tool was pointed at; `path` is relative to the project if it lies inside."""

    path: str
    action: FileAction


@dataclass(frozen=True, slots=True)
class TextChange:
    """Where a call's text tells a change: old words from `start` to `middle`, new ones from `new` to `end`."""

    start: int
    middle: int
    new: int
    end: int


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words of the entry's role."""

    text: str


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """The summary of a conversation that ended at `leaf_uuid`, or of all that came before (None)."""

    text: str
    leaf_uuid: str | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the assistant used; `text` says in a line or two what for, `command` is a shell command."""

    name: str
    call_id: str
    text: str
    command: str | None = None
    files: tuple[TouchedFile, ...] = ()
    changes: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the tool of the call `call_id` answered.

    `success` is None while nobody knows (a command sent to the background); `exit_code` is None where the
    transcript does not tell. The tool's name and command are with the call, often in an earlier upload.
    """

    call_id: str
    text: str
    success: bool | None = None
    exit_code: int | None = None
    files: tuple[TouchedFile, ...] = ()


Part = TextPart | SummaryPart | ToolCall | ToolResult


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a transcript.

    `line_no` counts from 1 at the file's start. `key` is the line's identity in its session. `body_hash` is
    the sha256 of the line as it was sent: it tells whether a known key comes with another body. `is_meta`:
    the assistant's program wrote it in somebody's name. `raw` is the decoded line, as it is stored.
    """

    line_no: int
    key: str
    body_hash: str
    kind: EntryKind
    type_name: str
    role: Role
    uuid: str | None
    parent_uuid: str | None
    session_id: str | None
    timestamp: datetime | None
    cwd: str | None
    git_branch: str | None
    is_sidechain: bool
    is_meta: bool
    agent_id: str | None
    parts: tuple[Part, ...]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that is refused; its neighbours are not."""

    line_no: int
    code: ItemCode
    detail: str
