"""Reads patterns for people: what a reader may see, and the evidence of it that the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from processing.models import Memory, Pattern, PatternOccurrence

MOST_OCCURRENCES = 100
SNIPPET_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class PatternFilters:
    """Each narrows the list; None does not. `projects=()` finds nothing."""

    type: str = ""
    projects: Sequence[UUID] | None = None
    words: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern's newest occurrences, and the visible ones of their memories."""

    occurrences: Sequence[PatternOccurrence]
    memories: Mapping[UUID, Memory]


def select_patterns() -> QuerySet[Pattern]:
    """Return the visible patterns, `newest_evidence` being the memory ids of the newest occurrence.

    What was not seen often enough yet has confidence 0: it is a candidate and no pattern.
    """
    newest = PatternOccurrence.objects.filter(pattern=OuterRef("pk")).order_by("-occurred_at", "-pk")
    return (
        Pattern.objects.filter(confidence__gt=0)
        .select_related("project")
        .annotate(newest_evidence=Subquery(newest.values("memory_ids")[:1]))
    )


def list_patterns(filters: PatternFilters, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Pattern]:
    """Return up to `limit` patterns, the most recently seen first, that come after a sort key."""
    found = select_patterns()
    if filters.type:
        found = found.filter(type=filters.type)
    if filters.projects is not None:
        found = found.filter(project_id__in=filters.projects)
    if filters.words:
        found = found.filter(title__icontains=filters.words)
    if filters.since is not None:
        found = found.filter(last_seen__gte=filters.since)
    if after is not None:
        found = found.filter(Q(last_seen__lt=after[0]) | Q(last_seen=after[0], pk__lt=after[1]))
    return list(found.order_by("-last_seen", "-pk")[:limit])


def find_evidence(pattern: Pattern) -> Evidence:
    """Return the newest occurrences of a pattern with their memories, without those that are gone or private."""
    occurrences = list(pattern.occurrences.order_by("-occurred_at", "-pk")[:MOST_OCCURRENCES])
    wanted = {memory_id for occurrence in occurrences for memory_id in occurrence.memory_ids}
    return Evidence(occurrences, Memory.objects.defer("metadata", "search").in_bulk(list(wanted)))
