"""The daily cycle: every memory ages to one moment, in slices that each commit with how far the cycle is.

Where the workspace has a policy of forgetting, each slice forgets what it says, and slices of erasing follow.

A cycle that is cut off goes on where it was; one that two workers do at once is done once, because a slice holds
the cycle's row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from processing.dynamics.statements import run_statement
from processing.forgetting.by_cycle import erase_slice, forget_slice
from processing.models import Consolidation, MemoryAccess
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope

SLICE = 20_000
CYCLE = timedelta(hours=20)  # asked for every hour, done once a day
BEGINNING = UUID(int=0)


def consolidate_all() -> None:
    """Do the cycle of every workspace where it is due, or go on with one that was cut off."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        consolidate(workspace_id, moment=timezone.now())


def consolidate(workspace_id: UUID, *, moment: datetime) -> int:
    """Age the memories of a workspace to `moment` unless its last cycle is younger; return how many."""
    if not _begin(workspace_id, moment):
        return 0
    done = 0
    while count := _consolidate_slice(workspace_id):
        done += count
    while _erase_slice(workspace_id):
        pass
    _finish(workspace_id)
    return done


def _begin(workspace_id: UUID, moment: datetime) -> bool:
    """Return whether there is a cycle to do: a new one, or one that was cut off."""
    with workspace_scope(workspace_id):
        cycle, is_new = Consolidation.objects.select_for_update().get_or_create(
            workspace_id=workspace_id, defaults={"moment": moment, "last_memory_id": BEGINNING}
        )
        if is_new or cycle.finished_at is None:
            return True
        if moment - cycle.moment < CYCLE:
            return False
        cycle.moment, cycle.last_memory_id, cycle.memories, cycle.finished_at = moment, BEGINNING, 0, None
        cycle.save()
        return True


def _consolidate_slice(workspace_id: UUID) -> int:
    with workspace_scope(workspace_id):
        cycle = Consolidation.objects.select_for_update().get(workspace_id=workspace_id)
        parameters = {
            "workspace": workspace_id,
            "after": cycle.last_memory_id,
            "size": SLICE,
            "moment": cycle.moment,
        }
        with run_statement("consolidate_slice", parameters) as cursor:
            row = cursor.fetchone()
        if row is None:
            return 0
        after, (cycle.last_memory_id, count) = cycle.last_memory_id, row
        forget_slice(cycle, after=after)
        cycle.memories += count
        cycle.save()
        return int(count)


def _erase_slice(workspace_id: UUID) -> int:
    with workspace_scope(workspace_id):
        return erase_slice(Consolidation.objects.select_for_update().get(workspace_id=workspace_id))


def _finish(workspace_id: UUID) -> None:
    """Fade and renew the links, drop old accesses and close the cycle, together and once."""
    with workspace_scope(workspace_id):
        cycle = Consolidation.objects.select_for_update().get(workspace_id=workspace_id)
        if cycle.finished_at is not None:
            return
        with run_statement("fade_associations", {"workspace": workspace_id}):
            pass
        parameters = {"workspace": workspace_id, "since": cycle.associated_until, "moment": cycle.moment}
        with run_statement("associate", parameters):
            pass
        oldest = cycle.moment - timedelta(days=settings.ACCESS_LOG_DAYS)
        MemoryAccess.objects.filter(workspace_id=workspace_id, accessed_at__lt=oldest).delete()
        cycle.associated_until, cycle.finished_at = cycle.moment, timezone.now()
        cycle.save()
