"""Reads contradictions. Row-level security shows those of whose memories the reader may see both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from processing.models import Contradiction, ContradictionState
from supastate.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class ContradictionFilters:
    """Each narrows the list; None and '' do not, but without `state` what was dismissed is left out."""

    state: str = ""
    projects: Sequence[UUID] | None = None
    memory: UUID | None = None


def select_contradictions() -> QuerySet[Contradiction]:
    """Return the visible contradictions with what is shown of them."""
    return Contradiction.objects.select_related("first__author", "second__author", "decided_by").defer(
        "first__search", "second__search", "first__metadata", "second__metadata"
    )


def get_contradiction(contradiction_id: UUID) -> Contradiction:
    """Return a visible contradiction; raise NotFoundError for any other."""
    found = select_contradictions().filter(pk=contradiction_id).first()
    if found is None:
        raise NotFoundError("There is no such contradiction here.", code="contradiction_not_found")
    return found


def list_contradictions(filters: ContradictionFilters, *, after: UUID | None, limit: int) -> list[Contradiction]:
    """Return up to `limit` contradictions, the newest first, that come after an id."""
    found = select_contradictions()
    if filters.state:
        found = found.filter(state=filters.state)
    else:
        found = found.exclude(state=ContradictionState.DISMISSED)
    if filters.projects is not None:
        found = found.filter(first__project_id__in=filters.projects)
    if filters.memory is not None:
        found = found.filter(Q(first_id=filters.memory) | Q(second_id=filters.memory))
    if after is not None:
        found = found.filter(pk__lt=after)
    return list(found.order_by("-pk")[:limit])
