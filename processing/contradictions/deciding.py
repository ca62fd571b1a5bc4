"""What people and clients say of contradictions. Inside the caller's scope."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from processing.contradictions.selecting import get_contradiction
from processing.models import Contradiction, ContradictionState, Memory
from supastate.errors import InvalidInputError, NotFoundError


def decide(contradiction_id: UUID, *, state: str, contradicted: UUID | None, person: UUID) -> None:
    """Judge a contradiction, and say which memory does not hold; '' and None leave either as it is.

    Raises NotFoundError, and InvalidInputError for a memory that is not one of the two.
    """
    row = get_contradiction(contradiction_id)
    if contradicted not in (None, row.first_id, row.second_id):
        raise InvalidInputError(
            "contradicted must be one of the two memories.", code="invalid_choice", field="contradicted"
        )
    row.state = state or row.state
    row.contradicted_id = contradicted or row.contradicted_id
    is_open = row.state == ContradictionState.SUGGESTED
    row.decided_by_id, row.decided_at = (None, None) if is_open else (person, timezone.now())
    row.save(update_fields=["state", "contradicted", "decided_by", "decided_at"])


def say(holder_id: UUID, contradicted_id: UUID, *, person: UUID) -> tuple[UUID, bool]:
    """Say that one memory holds and another, which it contradicts, does not; return the row, and if it is new."""
    if holder_id == contradicted_id:
        raise InvalidInputError("A memory cannot contradict itself.", code="same_memory", field="contradicts")
    found = Memory.objects.filter(pk__in=(holder_id, contradicted_id)).order_by("occurred_at", "pk")
    pair = list(found.values_list("workspace_id", "pk"))
    if len(pair) != 2:
        raise NotFoundError("There is no such memory.")
    (workspace_id, first_id), (_, second_id) = pair
    row = Contradiction(
        workspace_id=workspace_id, first_id=first_id, second_id=second_id, contradicted_id=contradicted_id
    )
    Contradiction.objects.bulk_create([row], ignore_conflicts=True)
    stored = Contradiction.objects.get(first_id__in=(first_id, second_id), second_id__in=(first_id, second_id))
    decide(stored.pk, state=ContradictionState.CONFIRMED, contradicted=contradicted_id, person=person)
    return stored.pk, stored.pk == row.pk
