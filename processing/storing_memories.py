"""The store stage of memories: accepted rows become memories, text-searchable at once.

Sessions, memories, their references to code and the rows of the next stages are written in the transaction
that completes the queue rows. Rows for embedding come from the memory table's trigger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects

from ingest.drafts import RowContent, read_row
from ingest.models import MemoryQueue
from ingest.transcripts.memories import MemoryDraft
from processing.linking.references import find_references
from processing.memories.classifying import judge
from processing.models import CodeReference, Memory, Session
from processing.sessions import SessionSpan, ensure_session
from processing.statements import run_statement
from supastate.errors import PermanentError
from supastate.queueing.claims import Claim, complete_rows, pass_on_priority
from supastate.queueing.runner import fail_rows, run_claim
from supastate.workspaces.scope import workspace_scope


@dataclass(frozen=True, slots=True)
class _Read:
    row: MemoryQueue
    content: RowContent


def store_due(*, workspace_id: UUID, urgent: bool = False) -> int:
    """Store one claim of accepted memory rows, or of the interactive ones; return how many rows were claimed."""
    return run_claim(MemoryQueue, workspace_id=workspace_id, work=_store, urgent=urgent)


def _store(claim: Claim[MemoryQueue]) -> None:
    workspace_id = claim.rows[0].workspace_id
    with workspace_scope(workspace_id):
        read, failed = _read_rows(claim.rows)
        sessions = _ensure_sessions(read)
        memories = [memory for item in read for memory in _build_memories(item, sessions)]
        urgencies: dict[UUID | None, int] = {item.row.id: item.row.priority for item in read}
        stored = _insert_memories(memories, urgencies, workspace_id=workspace_id)
        CodeReference.objects.bulk_create(
            (reference for memory in stored for reference in find_references(memory)), ignore_conflicts=True
        )
        complete_rows(claim, [item.row for item in read])
    for row, error in failed:
        fail_rows(claim, [row], error, workspace_id=workspace_id)


def _read_rows(rows: Sequence[MemoryQueue]) -> tuple[list[_Read], list[tuple[MemoryQueue, PermanentError]]]:
    read, failed = [], []
    prefetch_related_objects(rows, "project")
    for row in rows:
        try:
            read.append(_Read(row, read_row(row)))
        except PermanentError as error:
            failed.append((row, error))
    return read, failed


def _insert_memories(
    memories: Sequence[Memory], urgencies: Mapping[UUID | None, int], *, workspace_id: UUID
) -> list[Memory]:
    """Return the memories that this run stored; those of an earlier, interrupted run exist under other ids.

    What comes after is as urgent as the row that a memory came from: {id of the row: priority}.
    """
    stored: set[UUID] = set()
    for priority in sorted(set(urgencies.values())):
        part = [memory for memory in memories if urgencies[memory.source_id] == priority]
        pass_on_priority(priority)
        stored |= _insert_part(part, priority=priority, workspace_id=workspace_id)
    return [memory for memory in memories if memory.pk in stored]


def _insert_part(memories: Sequence[Memory], *, priority: int, workspace_id: UUID) -> set[UUID]:
    parameters = {
        "workspace": workspace_id,
        "priority": priority,
        "ids": [memory.pk for memory in memories],
        "projects": [memory.project_id for memory in memories],
        "sessions": [memory.session_id for memory in memories],
        "authors": [memory.author_id for memory in memories],
        "visibilities": [memory.visibility for memory in memories],
        "roles": [memory.role for memory in memories],
        "contents": [memory.content for memory in memories],
        "types": [memory.type for memory in memories],
        "importances": [memory.importance for memory in memories],
        "set_by_hand": [json.dumps(memory.set_by_hand) for memory in memories],
        "rules_versions": [memory.rules_version for memory in memories],
        "metadata": [json.dumps(memory.metadata) for memory in memories],
        "file_paths": [json.dumps(memory.file_paths) for memory in memories],
        "tools": [json.dumps(memory.tool) if memory.tool else None for memory in memories],
        "moments": [memory.occurred_at for memory in memories],
        "batches": [memory.batch_id for memory in memories],
        "sources": [memory.source_id for memory in memories],
        "lines": [memory.source_line for memory in memories],
        "parts": [memory.part_no for memory in memories],
    }
    with run_statement("store_memories", parameters) as cursor:
        return {memory_id for (memory_id,) in cursor.fetchall()}


def _ensure_sessions(read: Sequence[_Read]) -> dict[tuple[str, UUID], Session]:
    spans: dict[tuple[str, UUID], SessionSpan] = {}
    for item in read:
        key = (item.row.session_key, item.row.author_id)
        if key[0]:
            spans[key] = _stretch(spans.get(key), item)
    return {key: ensure_session(span) for key, span in sorted(spans.items())}


def _stretch(known: SessionSpan | None, item: _Read) -> SessionSpan:
    """Return the session's span with one more row; the later row has the last word."""
    row, content = item.row, item.content
    return SessionSpan(
        workspace_id=row.workspace_id,
        author_id=row.author_id,
        key=row.session_key,
        project_id=row.project_id,
        visibility=row.visibility,
        started_at=min(known.started_at, content.occurred_at) if known else content.occurred_at,
        ended_at=max(known.ended_at, content.occurred_at) if known else content.occurred_at,
        cwd=content.cwd or (known.cwd if known else ""),
        branch=content.branch or (known.branch if known else ""),
        title=content.title or (known.title if known else ""),
    )


def _build_memories(item: _Read, sessions: dict[tuple[str, UUID], Session]) -> list[Memory]:
    session = sessions.get((item.row.session_key, item.row.author_id))
    return [_build_memory(item, draft, session) for draft in item.content.drafts]


def _build_memory(item: _Read, draft: MemoryDraft, session: Session | None) -> Memory:
    row = item.row
    said = {"type": item.content.metadata.get("memoryType"), "importance": item.content.metadata.get("importance")}
    return Memory(
        workspace_id=row.workspace_id,
        project_id=row.project_id,
        session=session,
        author_id=row.author_id,
        visibility=row.visibility,
        role=draft.message_type,
        content=draft.content,
        **judge(draft.content, role=draft.message_type, said=said),
        metadata={**item.content.metadata, "kind": draft.kind},
        file_paths=[path[:1024] for path in draft.file_paths],
        tool=draft.tool.to_json() if draft.tool else None,
        occurred_at=draft.occurred_at or item.content.occurred_at,
        batch_id=row.batch_id,
        source_id=row.id,
        source_line=row.line_no or None,
        part_no=draft.part_no,
    )
