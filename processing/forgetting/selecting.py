"""Reads what is forgotten, what a policy would do, and what was done, as far as the reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Left
from django.utils import timezone

from processing.forgetting.policy import Days, erases_at, find_policy
from processing.forgetting.statements import fetch_rows
from processing.memories.forgotten import forgotten_shown
from processing.models import ForgettingAct, ForgettingPolicy, Memory
from supastate.workspaces.scope import workspace_scope

MOST_ACTS = 20
MOST_EXAMPLES = 20
EXCERPT_CHARACTERS = 160
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a policy would do: how many it would forget, some of them, and what it would erase from when on."""

    forgets: int
    examples: list[Any]
    erases: int
    erases_from: datetime | None


def count_forgotten() -> int:
    """Return how many memories are forgotten."""
    with forgotten_shown():
        return int(_forgotten().count())


def list_forgotten(*, after: tuple[datetime, UUID] | None, limit: int) -> list[Any]:
    """Return forgotten memories in the order of forgetting, each with its `excerpt` and `is_pinned`."""
    with forgotten_shown():
        found = _forgotten()
        if after is not None:
            found = found.filter(Q(forgotten_at__gt=after[0]) | Q(forgotten_at=after[0], pk__gt=after[1]))
        return _excerpts(found.order_by("forgotten_at", "pk")[:limit])


def list_acts() -> list[ForgettingAct]:
    """Return the newest times that memories were forgotten, restored or erased."""
    return list(ForgettingAct.objects.select_related("person")[:MOST_ACTS])


def preview_policy(days: Days, *, workspace_id: UUID, reader: UUID) -> Preview:
    """Return what a policy would do, and do nothing. Opens scopes of its own: a policy is for all members.

    Layers are those of the last daily cycle. Examples are what `reader` may see.
    """
    parameters = _parameters(days, workspace_id)
    with workspace_scope(workspace_id):
        forgets = fetch_rows("count_forgettable", parameters)[0][0] if days.forget_after else 0
        erases, first = _count_erasable()
        begins = _begin_erasing(days, find_policy(workspace_id), first)
    with workspace_scope(workspace_id, reader=reader):
        found = fetch_rows("show_forgettable", parameters) if days.forget_after else []
        examples = _excerpts(Memory.objects.filter(pk__in=[row[0] for row in found]).order_by("pk"))
    return Preview(forgets, examples, erases if days.erase_after else 0, begins)


def _count_erasable() -> tuple[int, datetime | None]:
    """Return how many forgotten memories are not pinned, and since when the first of them is forgotten."""
    with forgotten_shown():
        told = _forgotten().exclude(strength__pinned=True).aggregate(number=Count("pk"), first=Min("forgotten_at"))
    return told["number"], told["first"]


def _begin_erasing(days: Days, policy: ForgettingPolicy, first: datetime | None) -> datetime | None:
    """Return when the first that is forgotten now would be erased; days that are set anew are counted anew."""
    if days.erase_after is None or first is None:
        return None
    if days.erase_after != policy.erase_after_days:
        return timezone.now() + timedelta(days=days.erase_after)
    return erases_at(policy, first)


def _parameters(days: Days, workspace_id: UUID) -> dict[str, Any]:
    return {
        "workspace": workspace_id,
        "after": FIRST_ID,
        "upto": LAST_ID,
        "untouched_since": timezone.now() - timedelta(days=days.forget_after or 0),
        "most": MOST_EXAMPLES,
    }


def _forgotten() -> Any:
    return Memory.objects.filter(forgotten_at__isnull=False)


def _excerpts(memories: Any) -> list[Any]:
    shown = memories.annotate(excerpt=Left("content", EXCERPT_CHARACTERS), is_pinned=F("strength__pinned"))
    return list(shown.only("role", "occurred_at", "forgotten_at", "visibility"))
