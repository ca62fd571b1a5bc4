"""What the daily cycle forgets and erases by the workspace's policy: in slices, under the lock of its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from processing.forgetting.policy import describe_policy, find_policy
from processing.forgetting.statements import fetch_rows
from processing.memories.erasing import erase_memories
from processing.memories.forgotten import forgotten_shown
from processing.models import Consolidation, ForgettingAct, ForgettingKind, ForgettingPolicy, Memory
from supastate.queueing.notices import announce_work

ERASED_AT_ONCE = 500


def forget_slice(cycle: Consolidation, *, after: UUID) -> int:
    """Forget what the policy says among the memories that a slice of the cycle aged; return how many."""
    policy = find_policy(cycle.workspace_id)
    if policy.forget_after_days is None:
        return 0
    parameters = {
        "workspace": cycle.workspace_id,
        "after": after,
        "upto": cycle.last_memory_id,
        "untouched_since": cycle.moment - timedelta(days=policy.forget_after_days),
        "moment": cycle.moment,
    }
    with forgotten_shown():
        [(count,)] = fetch_rows("forget_slice", parameters)
    _record(ForgettingKind.FORGOTTEN, count, cycle, policy)
    return int(count)


def erase_slice(cycle: Consolidation) -> int:
    """Erase some of what was forgotten long enough ago; return how many, 0 when nothing is left."""
    policy = find_policy(cycle.workspace_id)
    ids = _find_due(cycle, policy)
    count = erase_memories(ids, workspace_id=cycle.workspace_id) if ids else 0
    _record(ForgettingKind.ERASED, count, cycle, policy)
    return count


def _find_due(cycle: Consolidation, policy: ForgettingPolicy) -> Sequence[UUID]:
    if policy.erase_after_days is None:
        return ()
    latest = cycle.moment - timedelta(days=policy.erase_after_days)
    if policy.erase_since is not None and policy.erase_since > latest:
        return ()
    with forgotten_shown():
        due = Memory.objects.filter(workspace_id=cycle.workspace_id, forgotten_at__lte=latest)
        kept = Q(strength__pinned=True)
        return list(due.exclude(kept).order_by("forgotten_at").values_list("pk", flat=True)[:ERASED_AT_ONCE])


def _record(kind: str, count: int, cycle: Consolidation, policy: ForgettingPolicy) -> None:
    if not count:
        return
    act, _ = ForgettingAct.objects.get_or_create(
        workspace_id=cycle.workspace_id,
        kind=kind,
        cycle=cycle.moment,
        defaults={"policy": describe_policy(policy)},
    )
    act.memories += count
    act.save(update_fields=["memories"])
    announce_work()
