"""The policy of a workspace: none until somebody sets one, so that nothing is forgotten or erased by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from processing.models import ForgettingPolicy


@dataclass(frozen=True, slots=True)
class Days:
    """After how many days memories are forgotten and erased; None: never."""

    forget_after: int | None
    erase_after: int | None


def find_policy(workspace_id: UUID) -> ForgettingPolicy:
    """Return the workspace's policy; one that was never set, and is not stored, does nothing."""
    found = ForgettingPolicy.objects.filter(workspace_id=workspace_id).select_related("changed_by").first()
    return found or ForgettingPolicy(workspace_id=workspace_id)


def set_policy(workspace_id: UUID, days: Days, *, person: UUID) -> ForgettingPolicy:
    """Set both numbers of days. Runs inside the caller's scope.

    The days until erasing begin anew when they are set, so that nothing is gone before anybody could undo it.
    """
    now, before = timezone.now(), find_policy(workspace_id)
    values = {
        "forget_after_days": days.forget_after,
        "erase_after_days": days.erase_after,
        "erase_since": before.erase_since,
        "changed_by_id": person,
        "changed_at": now,
    }
    if days.erase_after != before.erase_after_days:
        values["erase_since"] = None if days.erase_after is None else now
    ForgettingPolicy.objects.update_or_create(workspace_id=workspace_id, defaults=values)
    return find_policy(workspace_id)


def describe_policy(policy: ForgettingPolicy) -> dict[str, Any]:
    """Return the wire form of a policy."""
    person = policy.changed_by
    return {
        "forgetAfterDays": policy.forget_after_days,
        "eraseAfterDays": policy.erase_after_days,
        "eraseSince": policy.erase_since,
        "changedBy": {"id": person.pk, "name": person.get_username()} if person else None,
        "changedAt": policy.changed_at,
    }


def erases_at(policy: ForgettingPolicy, forgotten_at: datetime) -> datetime | None:
    """Return when a memory that was forgotten then is erased, or None."""
    if policy.erase_after_days is None:
        return None
    since = max(forgotten_at, policy.erase_since or forgotten_at)
    return since + timedelta(days=policy.erase_after_days)
