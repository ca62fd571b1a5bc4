"""Storing rows of the memory queue, each under its key once: what is there already is a duplicate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ingest.models import MemoryQueue
from ingest.receipts import Sender, choose_priority
from ingest.statements import run_statement
from supastate.queueing.models import Status
from supastate.workspaces.ids import new_id


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """An item about to be stored. `body_hash` is of what was sent, `payload` is without secrets.

    `says_nothing`: no memory comes of it, so it is stored as completed.
    """

    key: str
    body_hash: str
    payload: Mapping[str, Any]
    masked: int = 0
    line_no: int = 0
    says_nothing: bool = False


@dataclass(frozen=True, slots=True)
class StoredRow:
    """The row that holds a key."""

    id: UUID
    body_hash: str
    is_new: bool


def store_rows(
    rows: Sequence[MemoryRow],
    *,
    sender: Sender,
    batch_id: UUID,
    project_id: UUID | None,
    session_key: str,
    row_format: MemoryQueue.Format,
) -> dict[str, StoredRow]:
    """Insert the rows whose key is not there, the first of each key; return the row of every key."""
    first: dict[str, MemoryRow] = {}
    for row in rows:
        first.setdefault(row.key, row)
    ids = {key: new_id() for key in first}
    parameters = {
        "workspace": sender.workspace_id,
        "batch": batch_id,
        "author": sender.author_id,
        "visibility": sender.visibility,
        "project": project_id,
        "session": session_key,
        "format": row_format,
        "priority": choose_priority(len(rows)),
        "ids": list(ids.values()),
        "keys": list(first),
        "body_hashes": [row.body_hash for row in first.values()],
        "statuses": [_status_of(row) for row in first.values()],
        "line_numbers": [row.line_no for row in first.values()],
        "payloads": [json.dumps(row.payload, ensure_ascii=False) for row in first.values()],
    }
    with run_statement("insert_memory_rows", parameters) as cursor:
        inserted = {row_id for (row_id,) in cursor.fetchall()}
    stored = {
        key: StoredRow(ids[key], row.body_hash, is_new=True) for key, row in first.items() if ids[key] in inserted
    }
    return stored | _find_rows([key for key in first if key not in stored], workspace_id=sender.workspace_id)


def _find_rows(keys: Sequence[str], *, workspace_id: UUID) -> dict[str, StoredRow]:
    if not keys:
        return {}
    with run_statement("find_memory_rows", {"workspace": workspace_id, "keys": list(keys)}) as cursor:
        return {key: StoredRow(row_id, body_hash, is_new=False) for key, row_id, body_hash in cursor.fetchall()}


def _status_of(row: MemoryRow) -> str:
    return Status.COMPLETED if row.says_nothing else Status.PENDING
