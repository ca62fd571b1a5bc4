"""A project in few lines: its size, what is talked about most, the newest sessions, and open patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Sum

from processing.models import (
    CodeFile,
    CodeObject,
    Memory,
    MemoryLink,
    Pattern,
    PatternOccurrence,
    PatternState,
    Session,
    Summary,
    SummaryKind,
)
from processing.patterns.sightings import count
from processing.summaries.drafts import Draft, Line, Passage
from processing.summaries.sentences import cut
from processing.summaries.subjects import FILE, Subject
from processing.summaries.versions import MOST_PATTERNS, MOST_SESSIONS
from supastate.workspaces.models import Visibility

MOST_LANGUAGES = 4
MOST_ACTIVE = 5
RECENT_SESSIONS = 30
MOST_WITNESSES = 500


def draft_project(subject: Subject, *, model: str) -> Draft:  # noqa: ARG001  (every draft is asked for alike)
    """Return the draft as the open scope's reader may see the project."""
    sessions = Session.objects.filter(project_id=subject.row_id)
    recent = list(sessions.order_by("-ended_at", "-pk").values_list("pk", flat=True)[:RECENT_SESSIONS])
    summaries = _read_summaries(subject)
    lines = [
        *_count_code(subject.row_id, sessions.count()),
        *_list_active(subject.row_id, recent),
        *(line for summary in summaries for line in _quote(summary)),
        *_list_patterns(subject.row_id),
    ]
    return Draft(
        lines=lines,
        passages=[
            *(Passage(line.label, line.text, line.memory_ids) for line in lines if line.label != "session"),
            *(Passage("session", summary.content, _witnesses(summary.lines)) for summary in summaries),
        ],
        moment=sessions.aggregate(last=Max("ended_at"))["last"],
    )


def _read_summaries(subject: Subject) -> list[Summary]:
    """Return those of the newest sessions; of two of a session the reader's own."""
    found = Summary.objects.filter(project_id=subject.row_id, kind=SummaryKind.SESSION).exclude(content="")
    own = found.filter(visibility=Visibility.PRIVATE).values_list("subject", flat=True)
    either = found.exclude(subject__in=list(own), visibility=Visibility.WORKSPACE)
    return list(either.order_by("-moment", "-pk")[:MOST_SESSIONS])


def _count_code(project_id: UUID, sessions: int) -> Iterator[Line]:
    files = CodeFile.objects.filter(project_id=project_id)
    counted = files.aggregate(files=Count("pk"), lines=Sum("lines"))
    definitions = CodeObject.objects.filter(project_id=project_id).exclude(kind=FILE).count()
    languages = (files.exclude(language="").values("language").annotate(n=Count("pk")).order_by("-n", "language"))[
        :MOST_LANGUAGES
    ]
    named = ", ".join(f"{item['language']} {item['n']}" for item in languages)
    sizes = [
        count(counted["files"], "file") + (f" ({named})" if named else ""),
        count(counted["lines"] or 0, "line"),
        count(definitions, "definition"),
        count(sessions, "session"),
    ]
    yield Line("size", ", ".join(sizes))


def _list_active(project_id: UUID, sessions: Sequence[UUID]) -> Iterator[Line]:
    """The files that most of the newest sessions touched."""
    touched = (
        MemoryLink.objects.filter(
            memory__in=Memory.objects.filter(session_id__in=sessions),
            code_object__project_id=project_id,
            edge=MemoryLink.Edge.TOUCHED,
        )
        .values("code_object__file__path")
        .annotate(sessions=Count("memory__session_id", distinct=True))
        .order_by("-sessions", "code_object__file__path")[:MOST_ACTIVE]
    )
    if named := [item["code_object__file__path"] for item in touched]:
        yield Line("active", ", ".join(named))


def _quote(summary: Summary) -> Iterator[Line]:
    """What a session was about: the first line of its summary that quotes somebody."""
    spoken = next((line for line in summary.lines if line["label"] in {"request", "summary", "point"}), None)
    if spoken is not None:
        yield Line("session", f"{summary.moment.date()}, {cut(spoken['text'])}", _witnesses([spoken]))


def _witnesses(lines: Sequence[dict[str, Any]]) -> list[UUID]:
    return [UUID(memory_id) for line in lines for memory_id in line["memoryIds"]]


def _list_patterns(project_id: UUID) -> Iterator[Line]:
    """Patterns with every memory that shows them, since titles quote some; none that has too many."""
    found = Pattern.objects.filter(project_id=project_id, confidence__gt=0).exclude(state=PatternState.DISMISSED)
    for pattern in found.order_by("-last_seen", "-pk")[:MOST_PATTERNS]:
        seen = PatternOccurrence.objects.filter(pattern=pattern).values_list("memory_ids", flat=True)
        witnesses = {memory_id for ids in seen[:MOST_WITNESSES] for memory_id in ids}
        if len(witnesses) <= MOST_WITNESSES:
            yield Line("pattern", cut(pattern.title), sorted(witnesses))
