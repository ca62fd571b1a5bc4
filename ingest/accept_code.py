"""Accepting source files: `POST /api/ingest/code`.

Locks are taken in one order everywhere: project, checkout, path heads by path, blobs by hash. Two requests
that touch the same rows therefore wait for each other, and never in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from ingest.checkouts import apply_plan, find_content, find_latest_rows
from ingest.full_sync import SyncProgress, note_part
from ingest.models import Batch
from ingest.path_plan import Plan, plan_changes
from ingest.receipts import ItemOutcome, Receipt, Sender, choose_priority, record_batch
from ingest.source_files import CodeRequest, FullSyncPart, PathChange
from supastate.queueing.notices import announce_work
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Checkout
from supastate.workspaces.projects import ensure_checkout, ensure_project


def accept_code(request: CodeRequest, *, sender: Sender) -> Receipt:
    """Store what a checkout now holds, and the batch; runs inside the sender's scope."""
    checkout = _lock_checkout(request, sender=sender)
    moment = _read_clock()
    batch_id, removal_batch_id = new_id(), new_id()
    progress = _note_part(request, checkout=checkout, moment=moment)
    paths = {item.path for item in request.changes if isinstance(item, PathChange)}
    plan = plan_changes(
        request.changes,
        held=find_content(checkout, {*paths, *progress.unnamed}),
        batch_id=batch_id,
        removed=progress.unnamed,
        removal_batch_id=removal_batch_id,
    )
    # Found before the plan is applied, which gives no other row to what did not change.
    repeated = find_latest_rows(checkout, {path for _, path in plan.repeated})
    priority = choose_priority(_count_all_parts(request))
    apply_plan(plan, checkout=checkout, sender=sender, moment=moment, priority=priority)
    removals = _record_removals(plan, batch_id=removal_batch_id, sender=sender)
    items = sorted([*plan.outcomes, *plan.duplicates(repeated)], key=lambda item: item.index)
    extra = _describe_sync(request.full_sync, progress, removals, removal_batch_id)
    receipt = Receipt(batch_id, items, extra=extra)
    record_batch(receipt, sender=sender, kind=Batch.Kind.CODE)
    announce_work()
    return receipt


def _lock_checkout(request: CodeRequest, *, sender: Sender) -> Checkout:
    project = ensure_project(
        workspace_id=sender.workspace_id,
        author_id=sender.author_id,
        ref=request.project,
        visibility=sender.visibility,
    )
    key = request.checkout_key or f"{sender.key_id}:{request.project.path}"
    return ensure_checkout(project=project, key=key, ref=request.project)


def _read_clock() -> datetime:
    """Return the database's time now, under the lock: a transaction's own time is that of its beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _note_part(request: CodeRequest, *, checkout: Checkout, moment: datetime) -> SyncProgress:
    if request.full_sync is None:
        return SyncProgress(is_complete=False)
    return note_part(request.full_sync, checkout=checkout, named=request.named, moment=moment)


def _count_all_parts(request: CodeRequest) -> int:
    """Return about how many items the client is sending, the other parts of a full sync included."""
    return len(request.changes) * (request.full_sync.parts if request.full_sync else 1)


def _record_removals(plan: Plan, *, batch_id: UUID, sender: Sender) -> int:
    """Give what a full sync removed a batch of its own: the client never named it, yet the ledger must add up."""
    removals = [planned for planned in plan.changes if planned.batch_id == batch_id]
    if removals:
        items: Sequence[ItemOutcome] = [ItemOutcome(n, "new", id=row.id) for n, row in enumerate(removals)]
        record_batch(Receipt(batch_id, items), sender=sender, kind=Batch.Kind.CODE)
    return len(removals)


def _describe_sync(
    part: FullSyncPart | None, progress: SyncProgress, removals: int, removal_batch_id: UUID
) -> dict[str, Any]:
    if part is None:
        return {}
    told = {
        "id": part.key,
        "part": part.part,
        "parts": part.parts,
        "complete": progress.is_complete,
        "removed": removals,
    }
    return {"fullSync": {**told, "removalBatchId": removal_batch_id} if removals else told}
