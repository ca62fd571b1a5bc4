"""Reads patterns for people: what a reader may see, and the evidence of it that the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left, Now, Substr

from processing.models import Memory, Pattern, PatternOccurrence, PatternState, PatternSubtype, PatternType
from processing.patterns.errors import find_errors
from processing.patterns.memory_code import EDITED
from processing.patterns.sightings import WITNESS_DIGITS, Audience, Subject
from supastate.api.pagination import is_after
from supastate.workspaces.models import Visibility

MOST_OCCURRENCES = 100
TREND_SPAN = timedelta(days=30)
SNIPPET_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class PatternFilters:
    """Each narrows the list; None and '' do not, but without `state` what was dismissed is left out.

    `projects=()` finds nothing.
    """

    type: str = ""
    subtype: str = ""
    scope: str = ""
    state: str = ""
    projects: Sequence[UUID] | None = None
    words: str = ""
    since: datetime | None = None
    least_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pattern's newest occurrences, and the visible ones of their memories."""

    occurrences: Sequence[PatternOccurrence]
    memories: Mapping[UUID, Memory]


def select_patterns() -> QuerySet[Pattern]:
    """Return the visible patterns with what of them depends on now.

    `newest_evidence` are the memory ids of the newest occurrence, `recent` and `earlier` how many occurrences lie
    in the last 30 days and the 30 before. What was not seen often enough yet has confidence 0: it is a candidate
    and no pattern.
    """
    seen = PatternOccurrence.objects.filter(pattern=OuterRef("pk"))
    recent, earlier = Now() - TREND_SPAN, Now() - 2 * TREND_SPAN
    return (
        Pattern.objects.filter(confidence__gt=0)
        .select_related("project")
        .annotate(
            newest_evidence=Subquery(seen.order_by("-occurred_at", "-pk").values("memory_ids")[:1]),
            recent=_count(seen.filter(occurred_at__gte=recent)),
            earlier=_count(seen.filter(occurred_at__gte=earlier, occurred_at__lt=recent)),
        )
    )


def list_patterns(filters: PatternFilters, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Pattern]:
    """Return up to `limit` patterns, the most recently seen first, that come after a sort key."""
    found = select_patterns().filter(confidence__gte=filters.least_confidence)
    wanted = {name: getattr(filters, name) for name in ("type", "subtype", "scope", "state")}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if not filters.state:
        found = found.exclude(state=PatternState.DISMISSED)
    if filters.projects is not None:
        found = found.filter(project_id__in=filters.projects)
    if filters.words:
        found = found.filter(title__icontains=filters.words)
    if filters.since is not None:
        found = found.filter(last_seen__gte=filters.since)
    if after is not None:
        found = found.filter(is_after(after, moment="last_seen"))
    return list(found.order_by("-last_seen", "-pk")[:limit])


def find_evidence(pattern: Pattern) -> Evidence:
    """Return the newest occurrences of a pattern with their memories, without those that are gone or private."""
    return gather_memories(list(pattern.occurrences.order_by("-occurred_at", "-pk")[:MOST_OCCURRENCES]))


def count_edit_sessions(pattern: Pattern) -> dict[str, int]:
    """Return in how many sessions each file of a pair was edited, with the other or without."""
    paths = [pattern.details[name] for name in ("path", "otherPath")]
    audience = Audience(pattern.author_id, is_private=pattern.visibility == Visibility.PRIVATE)
    keys = {
        Subject(audience, pattern.project_id, PatternSubtype.RECURRING_FILE, (("path", path),)).key: path
        for path in paths
    }
    edits = PatternOccurrence.objects.filter(pattern__type=PatternType.MEMORY_CODE, pattern__key__in=list(keys))
    counted = (
        edits.annotate(mark=Substr("key", WITNESS_DIGITS + 1, 1))
        .filter(mark=EDITED)
        .order_by()
        .values_list("pattern__key")
        .annotate(sessions=Count(Left("key", WITNESS_DIGITS), distinct=True))
    )
    return dict.fromkeys(paths, 0) | {keys[key]: sessions for key, sessions in counted}


def gather_memories(occurrences: Sequence[PatternOccurrence]) -> Evidence:
    """Return occurrences with those of their memories that the reader may see."""
    wanted = {memory_id for occurrence in occurrences for memory_id in occurrence.memory_ids}
    return Evidence(occurrences, Memory.objects.defer("metadata", "search").in_bulk(list(wanted)))


def find_solutions(error: str, *, projects: Sequence[UUID] | None, limit: int) -> list[PatternOccurrence]:
    """Return the newest times that one of a text's errors was mended.

    Errors are the same if type and message are, with paths, numbers and ids masked (`errors`).
    """
    signatures = [known.signature for known in find_errors(error)]
    if not signatures:
        return []
    found = PatternOccurrence.objects.filter(signatures__overlap=signatures).exclude(
        pattern__state=PatternState.DISMISSED
    )
    if projects is not None:
        found = found.filter(pattern__project_id__in=projects)
    return list(found.select_related("pattern__project").order_by("-occurred_at", "-pk")[:limit])


def _count(rows: QuerySet[PatternOccurrence]) -> Coalesce:
    counted = rows.order_by().values("pattern").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
