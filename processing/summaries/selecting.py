"""Reads summaries for people: of a session's two its author reads the own one. Runs inside the reader's scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from processing.models import Summary, SummaryKind, SummaryQueue
from processing.summaries.subjects import Subject
from processing.summaries.versions import find_stale
from supastate.api.pagination import is_after
from supastate.queueing.models import Status
from supastate.workspaces.models import Visibility

READ_AT_ONCE = 200
MOST_READ = 2_000

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class SummaryFilters:
    """Each narrows the list; None and '' do not. `projects=()` finds nothing."""

    kind: str = ""
    projects: Sequence[UUID] | None = None
    is_stale: bool | None = None


def select_summaries() -> QuerySet[Summary]:
    """Return what the open scope's reader may see, one summary a subject."""
    own = Summary.objects.filter(kind=OuterRef("kind"), subject=OuterRef("subject"), visibility=Visibility.PRIVATE)
    mine_or_only = Q(visibility=Visibility.PRIVATE) | ~Exists(own)
    return Summary.objects.filter(mine_or_only).select_related("project", "session", "author").defer("search")


def read_summaries(ids: Collection[UUID]) -> dict[UUID, Summary]:
    """Return summaries by their ids, each told whether it is stale."""
    if not ids:
        return {}
    found = select_summaries().in_bulk(list(ids))
    _tell_stale(list(found.values()))
    return found


def find_summary(subject: Subject) -> Summary | None:
    """Return the summary of a subject, told whether it is stale."""
    found = select_summaries().filter(kind=subject.kind, subject=subject.key).first()
    if found is not None:
        _tell_stale([found])
    return found


def find_failure(subject: Subject) -> SummaryQueue | None:
    """Return the row that was to make a subject's summary and died of it, if nobody has asked or acted since."""
    rows = SummaryQueue.objects.filter(kind=subject.kind, subject=subject.key)
    newest = rows.exclude(status=Status.COMPLETED).order_by("-id").first()
    return newest if newest is not None and newest.status == Status.DEAD and not newest.discarded_at else None


def list_summaries(
    filters: SummaryFilters, *, after: Place | None, limit: int
) -> tuple[list[Summary], Place | None]:
    """Return up to `limit` summaries, the newest first, that come after a place, and where the next page begins.

    Whether one is stale is found out as it is read: a page that looks for those may be short, and go on.
    """
    shown: list[Summary] = []
    for _ in range(MOST_READ // READ_AT_ONCE):
        part = list(_after(_narrow(filters), after)[:READ_AT_ONCE])
        _tell_stale(part)
        for summary in part:
            if len(shown) == limit:
                return shown, after
            after = (summary.generated_at, summary.pk)
            if filters.is_stale is None or summary.is_stale == filters.is_stale:
                shown.append(summary)
        if len(part) < READ_AT_ONCE:
            return shown, None
    return shown, after


def find_session_summary(session_id: UUID) -> Summary | None:
    """Return the summary of a session that has something to tell."""
    found = select_summaries().filter(session_id=session_id).exclude(content="").first()
    if found is not None:
        _tell_stale([found])
    return found


def list_recent_sessions(*, projects: Sequence[UUID], without: UUID | None, most: int) -> list[Summary]:
    """Return the summaries of the newest sessions of projects, but for one session."""
    found = select_summaries().filter(kind=SummaryKind.SESSION, project_id__in=projects).exclude(content="")
    if without is not None:
        found = found.exclude(session_id=without)
    newest = list(found.order_by("-moment", "-pk")[:most])
    _tell_stale(newest)
    return newest


def _narrow(filters: SummaryFilters) -> QuerySet[Summary]:
    found = select_summaries()
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.projects is not None:
        found = found.filter(project_id__in=filters.projects)
    return found


def _after(found: QuerySet[Summary], after: Place | None) -> QuerySet[Summary]:
    if after is not None:
        found = found.filter(is_after(after, moment="generated_at"))
    return found.order_by("-generated_at", "-pk")


def _tell_stale(summaries: Sequence[Summary]) -> None:
    stale = find_stale(summaries)
    for summary in summaries:
        summary.is_stale = summary.pk in stale
