"""What a queue row says, whatever format it was sent in: the processing room's way to read the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ingest.checks import ItemError
from ingest.models import MemoryQueue
from ingest.transcripts.claude_code import build_entry
from ingest.transcripts.entries import Entry
from ingest.transcripts.memories import MemoryDraft, memories_of
from supastate.errors import PermanentError


@dataclass(frozen=True, slots=True)
class RowContent:
    """The memories of a row, and what the row tells of its session ('' where it does not)."""

    drafts: tuple[MemoryDraft, ...]
    metadata: Mapping[str, Any]
    occurred_at: datetime
    cwd: str = ""
    branch: str = ""
    title: str = ""


def read_row(row: MemoryQueue) -> RowContent:
    """Return what `row` says. Raises PermanentError when its stored payload cannot be read."""
    try:
        if row.format == MemoryQueue.Format.CHUNK:
            return _read_chunk(row)
        return _read_transcript_line(row)
    except (KeyError, TypeError, ValueError) as exc:
        raise PermanentError("The stored row cannot be read.", code="unreadable_row") from exc


def _read_chunk(row: MemoryQueue) -> RowContent:
    metadata = dict(row.payload["metadata"])
    occurred_at = datetime.fromisoformat(metadata["timestamp"])
    draft = MemoryDraft(
        part_no=0,
        kind="text",
        content=row.payload["content"],
        message_type=metadata.get("messageType", "user"),
        occurred_at=occurred_at,
        file_paths=tuple(metadata.get("filePaths", ())),
    )
    return RowContent(drafts=(draft,), metadata=metadata, occurred_at=occurred_at)


def _read_transcript_line(row: MemoryQueue) -> RowContent:
    # The sender's own folder: the project's is that of whoever spoke of it first.
    root = row.payload.get("projectRoot")
    entry = build_entry(
        row.payload["line"], line_no=row.line_no, key=row.key, body_hash=row.body_hash, project_root=root or None
    )
    if isinstance(entry, ItemError):
        raise PermanentError(entry.detail, code=entry.code)
    occurred_at = entry.timestamp or row.created_at
    drafts = tuple(replace(draft, occurred_at=occurred_at) for draft in memories_of(entry))
    title = next((draft.content for draft in drafts if draft.kind == "summary"), "")
    return RowContent(
        drafts=drafts,
        metadata=_describe(entry),
        occurred_at=occurred_at,
        cwd=entry.cwd or "",
        branch=entry.git_branch or "",
        title=title[:500],
    )


def _describe(entry: Entry) -> dict[str, Any]:
    known = {
        "uuid": entry.uuid,
        "parentUuid": entry.parent_uuid,
        "agentId": entry.agent_id,
        "gitBranch": entry.git_branch,
        "isSidechain": entry.is_sidechain or None,
    }
    return {name: value for name, value in known.items() if value is not None}
