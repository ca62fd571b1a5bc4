"""What the tests of forgetting begin with: memories long archived, and a policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from processing.dynamics.consolidating import consolidate
from processing.memories.forgotten import forgotten_shown
from processing.models import ForgettingAct, ForgettingPolicy, Memory
from tests.conftest import Member

NOW = datetime.now(UTC)


def make(member: Member, content: str, **values: Any) -> Memory:
    """A memory of so little importance that it is archived within a month."""
    fields = {"author": member.user, "importance": 0.1, "occurred_at": NOW, **values}
    with member.scope():
        return Memory.objects.create(workspace=member.workspace, content=content, **fields)


def set_policy(member: Member, **days: int | None) -> None:
    """Set the policy through the API."""
    answer = member.api.patch("/api/forgetting/policy", days, format="json")
    assert answer.status_code == 200, answer.content


def run(member: Member, *, day: float) -> int:
    """Do the daily cycle so many days from now."""
    return consolidate(member.workspace.id, moment=NOW + timedelta(days=day))


def policy_of(member: Member) -> ForgettingPolicy:
    with member.scope():
        return ForgettingPolicy.objects.get()


def forgotten(member: Member) -> set[str]:
    """The texts of all forgotten memories."""
    with member.scope(), forgotten_shown():
        return set(Memory.objects.filter(forgotten_at__isnull=False).values_list("content", flat=True))


def there(member: Member) -> set[str]:
    """The texts of all memories that are not erased."""
    with member.scope(), forgotten_shown():
        return set(Memory.objects.values_list("content", flat=True))


def acts_of(member: Member) -> list[tuple[str, int, bool]]:
    """What was done, in order: kind, how many, whether by a person."""
    with member.scope():
        rows = ForgettingAct.objects.order_by("happened_at", "pk")
        return [(row.kind, row.memories, row.person_id is not None) for row in rows]
