"""Accepting memory chunks: `POST /api/ingest/memory`."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from ingest.checks import ItemError
from ingest.chunks import Chunk, MemoryRequest
from ingest.memory_rows import MemoryRow, StoredRow, store_rows
from ingest.models import Batch, MemoryQueue
from ingest.receipts import ItemOutcome, Receipt, Sender, record_batch, reject
from ingest.request_fields import hash_key
from ingest.secrets import mask_json, mask_secrets
from supastate.queueing.notices import announce_work
from supastate.workspaces.ids import new_id
from supastate.workspaces.projects import ensure_project


def build_rows(request: MemoryRequest, *, sender: Sender) -> list[MemoryRow | ItemError]:
    """Return the row of each chunk, keyed and without its secrets; needs no database."""
    seen: Counter[tuple[str, ...]] = Counter()
    rows: list[MemoryRow | ItemError] = []
    for chunk in request.chunks:
        if isinstance(chunk, ItemError):
            rows.append(chunk)
            continue
        said = (chunk.occurred_at.isoformat(), chunk.message_type, chunk.content)
        seen[said] += 1
        identity = ("id", chunk.chunk_id) if chunk.chunk_id else ("said", *said, seen[said])
        key = hash_key("chunk", sender.audience, request.session_key, *identity)
        rows.append(_build_row(chunk, key=key))
    return rows


def accept_memory(request: MemoryRequest, rows: Sequence[MemoryRow | ItemError], *, sender: Sender) -> Receipt:
    """Store the rows of a request and its batch; runs inside the sender's scope."""
    batch_id = new_id()
    stored = store_rows(
        [row for row in rows if isinstance(row, MemoryRow)],
        sender=sender,
        batch_id=batch_id,
        project_id=_find_project_id(request, sender=sender),
        session_key=request.session_key,
        row_format=MemoryQueue.Format.CHUNK,
    )
    unclaimed = {key for key, row in stored.items() if row.is_new}
    items: list[ItemOutcome] = []
    masked = 0
    for index, row in enumerate(rows):
        if isinstance(row, ItemError):
            items.append(reject(index, row))
            continue
        items.append(_judge(index, row, stored[row.key], is_first=row.key in unclaimed))
        masked += row.masked if row.key in unclaimed else 0
        unclaimed.discard(row.key)
    receipt = Receipt(batch_id, items, masked_secrets=masked)
    record_batch(receipt, sender=sender, kind=Batch.Kind.MEMORY)
    announce_work()
    return receipt


def _build_row(chunk: Chunk, *, key: str) -> MemoryRow:
    content, masked_in_content = mask_secrets(chunk.content)
    metadata, masked_in_metadata = mask_json(dict(chunk.metadata))
    payload = {"content": content, "metadata": metadata}
    return MemoryRow(
        key=key,
        # Of what was sent: a resend is recognised even after the masking has learnt a new pattern.
        body_hash=hashlib.sha256(chunk.content.encode()).hexdigest(),
        payload={**payload, "chunkId": chunk.chunk_id} if chunk.chunk_id else payload,
        masked=masked_in_content + masked_in_metadata,
    )


def _find_project_id(request: MemoryRequest, *, sender: Sender) -> UUID | None:
    if request.project is None:
        return None
    return ensure_project(
        workspace_id=sender.workspace_id,
        author_id=sender.author_id,
        ref=request.project,
        visibility=sender.visibility,
    ).pk


def _judge(index: int, row: MemoryRow, stored: StoredRow, *, is_first: bool) -> ItemOutcome:
    if is_first:
        return ItemOutcome(index, "new", id=stored.id)
    if row.body_hash == stored.body_hash:
        return ItemOutcome(index, "duplicate", id=stored.id)
    return ItemOutcome(
        index,
        "rejected",
        id=stored.id,
        code="id_conflict",
        detail="This chunkId is known with other content. To change a memory, PATCH it.",
    )
