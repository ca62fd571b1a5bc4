"""Remembers one memory at once, in one transaction with everything that the stages after it need.

It leaves the same trace as an ingested one: a batch, and a completed row of the memory queue that holds its
key for ever. So a resend is known even after the memory was changed or deleted, and the ledger adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from ingest.models import Batch, MemoryQueue
from ingest.receipts import ItemOutcome, Receipt, Sender, record_batch
from ingest.request_fields import hash_key
from processing.linking.references import find_references
from processing.memories.classifying import judge
from processing.memories.forgotten import forgotten_shown
from processing.memories.requests import NewMemory
from processing.models import CodeReference, LinkQueue, Memory
from processing.sessions import SessionSpan, ensure_session
from supastate.errors import ConflictError
from supastate.queueing.models import Status
from supastate.queueing.notices import announce_work
from supastate.workspaces.ids import new_id
from supastate.workspaces.projects import ensure_project


@dataclass(frozen=True, slots=True)
class Remembered:
    """The memory that stands for a request; not new when the same client id was sent before."""

    memory_id: UUID
    is_new: bool


def remember(new: NewMemory, *, sender: Sender) -> Remembered:
    """Store a memory; runs inside the sender's scope.

    Raises ConflictError when the client id is known with other content, or its memory was deleted.
    """
    project_id = _find_project_id(new, sender=sender)
    batch_id = new_id()
    row = _build_row(new, sender=sender, project_id=project_id, batch_id=batch_id)
    MemoryQueue.objects.bulk_create([row], ignore_conflicts=True)
    stored = MemoryQueue.objects.get(workspace_id=sender.workspace_id, key=row.key)
    is_new = stored.pk == row.pk
    outcome = ItemOutcome(0, "new" if is_new else "duplicate", id=stored.pk)
    receipt = Receipt(batch_id, [outcome], masked_secrets=new.masked if is_new else 0)
    record_batch(receipt, sender=sender, kind=Batch.Kind.MEMORY)
    if not is_new:
        return Remembered(_find_known(stored, sent_hash=new.sent_hash), is_new=False)
    memory = _store(new, row)
    announce_work()
    return Remembered(memory.pk, is_new=True)


def _find_project_id(new: NewMemory, *, sender: Sender) -> UUID | None:
    if new.project is None:
        return None
    return ensure_project(
        workspace_id=sender.workspace_id,
        author_id=sender.author_id,
        ref=new.project,
        visibility=new.visibility,
    ).pk


def _build_row(new: NewMemory, *, sender: Sender, project_id: UUID | None, batch_id: UUID) -> MemoryQueue:
    """Return the row that remembers what was sent, as a chunk of ingest would be kept."""
    known = {"timestamp": new.occurred_at.isoformat(), "messageType": new.role, "filePaths": list(new.file_paths)}
    said = {"memoryType": new.type, "importance": new.importance}
    said = {name: value for name, value in said.items() if value is not None}
    payload: dict[str, Any] = {"content": new.content, "metadata": {**new.metadata, **known, **said}}
    return MemoryQueue(
        workspace_id=sender.workspace_id,
        batch_id=batch_id,
        status=Status.COMPLETED,
        processed_at=timezone.now(),
        # An id is its author's own: two members may both count from 1.
        key=hash_key("memory", str(sender.author_id), new.client_id or str(new_id())),
        body_hash=new.sent_hash,
        format=MemoryQueue.Format.CHUNK,
        session_key=new.session_key,
        project_id=project_id,
        author_id=sender.author_id,
        visibility=new.visibility,
        payload=payload,
    )


def _find_known(stored: MemoryQueue, *, sent_hash: str) -> UUID:
    if stored.body_hash != sent_hash:
        raise ConflictError(
            "This clientId is known with other content. To change a memory, PATCH it.", code="id_conflict"
        )
    with forgotten_shown():  # sent again, it stays forgotten
        memory_id = Memory.objects.filter(source_id=stored.pk).values_list("pk", flat=True).first()
    if memory_id is None:
        raise ConflictError("The memory of this clientId was deleted.", code="memory_deleted")
    return memory_id


def _store(new: NewMemory, row: MemoryQueue) -> Memory:
    memory = Memory.objects.create(
        workspace_id=row.workspace_id,
        project_id=row.project_id,
        session_id=_find_session_id(new, row),
        author_id=row.author_id,
        visibility=new.visibility,
        role=new.role,
        content=new.content,
        **judge(new.content, role=new.role, said={"type": new.type, "importance": new.importance}),
        confidence=new.confidence,
        metadata=new.metadata,
        file_paths=list(new.file_paths),
        occurred_at=new.occurred_at,
        batch_id=row.batch_id,
        source_id=row.pk,
    )
    CodeReference.objects.bulk_create(find_references(memory), ignore_conflicts=True)
    LinkQueue.objects.create(workspace_id=row.workspace_id, batch_id=row.batch_id, memory_id=memory.pk)
    return memory


def _find_session_id(new: NewMemory, row: MemoryQueue) -> UUID | None:
    if not new.session_key:
        return None
    span = SessionSpan(
        workspace_id=row.workspace_id,
        author_id=row.author_id,
        key=new.session_key,
        project_id=row.project_id,
        visibility=new.visibility,
        started_at=new.occurred_at,
        ended_at=new.occurred_at,
    )
    return ensure_session(span).pk
