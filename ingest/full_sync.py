"""Full syncs: a checkout's statement of everything it holds, whose parts come in any order, perhaps twice.

All of this runs under the lock of the checkout's row (`ensure_checkout` takes it), so parts that arrive
together are counted one after the other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ingest.models import FullSync, FullSyncPath
from ingest.source_files import FullSyncPart
from ingest.statements import run_statement
from supastate.errors import ConflictError
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Checkout


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """Where a full sync stands after a part; `unnamed` is what the checkout held before it and not any more."""

    is_complete: bool
    unnamed: tuple[str, ...] = ()


def note_part(part: FullSyncPart, *, checkout: Checkout, named: Collection[str], moment: datetime) -> SyncProgress:
    """Count a part and what it names; the one that makes the sync complete finds what is to be removed."""
    sync, _ = FullSync.objects.get_or_create(
        checkout=checkout,
        sync_key=part.key,
        defaults={"workspace_id": checkout.workspace_id, "parts": part.parts, "began_at": moment},
    )
    if sync.parts != part.parts:
        raise ConflictError(
            f"This full sync began with {sync.parts} parts: take another id for another sync.",
            code="full_sync_changed",
            field="fullSync.parts",
        )
    if sync.finished_at is not None:
        return SyncProgress(is_complete=True)
    _name_paths(sync, named)
    sync.received = sorted({*sync.received, part.part})
    is_complete = len(sync.received) == sync.parts
    unnamed = _find_unnamed(sync) if is_complete else ()
    if is_complete:
        sync.finished_at = moment
        FullSyncPath.objects.filter(full_sync=sync).delete()
    sync.save(update_fields=["received", "finished_at"])
    return SyncProgress(is_complete=is_complete, unnamed=unnamed)


def _name_paths(sync: FullSync, named: Collection[str]) -> None:
    paths = sorted(named)
    parameters = {
        "workspace": sync.workspace_id,
        "sync": sync.pk,
        "ids": [new_id() for _ in paths],
        "paths": paths,
    }
    with run_statement("name_paths", parameters):
        pass


def _find_unnamed(sync: FullSync) -> tuple[str, ...]:
    parameters = {"checkout": sync.checkout_id, "sync": sync.pk, "began_at": sync.began_at}
    with run_statement("find_unnamed_paths", parameters) as cursor:
        return tuple(path for (path,) in cursor.fetchall())
