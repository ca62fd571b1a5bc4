"""What the workspace has for a request, read in one transaction and in few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Left

from ingest.checks import ItemError, normalise_path
from processing.models import CodeFile, CodeObject, Memory, MemoryLink, Session, Summary
from processing.sessions import match_session
from processing.summaries.selecting import find_session_summary, list_recent_sessions
from supastate.search.context.model import ContextRequest
from supastate.workspaces.models import Project
from supastate.workspaces.projects import find_projects

MOST_TURNS = 50
MOST_DEFINITIONS = 400
MOST_LINKED = 20
MOST_RECENT = 3
BODY_CHARACTERS = 6_000
DOCSTRING_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the session; its text is whole if it can have room at all."""

    id: UUID
    role: str
    text: str
    occurred_at: datetime
    line: int | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A code object: the beginning of its source, and how surely the session is about it (0 to 1, or None)."""

    path: str
    language: str
    id: UUID
    uid: str
    kind: str
    qualified_name: str
    signature: str
    docstring: str
    start_line: int
    end_line: int
    body: str
    project_id: UUID
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The session with its newest turns in order, the definitions of the files, and the code that turns speak of.

    `own_summary` tells of a session with more turns than are read, `recent` are summaries of the newest others.
    `projects` narrow the search; None does not, and none of them finds nothing.
    """

    projects: Sequence[UUID] | None
    session: Session | None
    turns: Sequence[Turn]
    files: Sequence[str]
    definitions: Sequence[Definition]
    linked: Sequence[Definition]
    own_summary: Summary | None
    recent: Sequence[Summary]
    warnings: Sequence[str]


def gather(request: ContextRequest, *, reader: UUID) -> Gathered:
    """Read what is there, as the reader sees it. Runs inside a workspace scope.

    What the reader may not see is as unknown as what never was: a warning, as an unknown project finds nothing.
    """
    session = _find_session(request.session, reader=reader)
    projects = _find_projects(request.project, session)
    paths = _normalise_paths(request.files, projects)
    turns = _read_turns(session, characters=request.token_budget * 3)
    definitions = _read_definitions_of(paths, projects)
    known = {definition.path for definition in definitions}
    return Gathered(
        projects=projects,
        session=session,
        turns=turns,
        files=[path for path in paths if path in known],
        definitions=definitions,
        linked=_read_linked([turn.id for turn in turns], projects),
        own_summary=find_session_summary(session.pk) if session and len(turns) == MOST_TURNS else None,
        recent=_read_recent(session, projects),
        warnings=[
            *request.warnings,
            *([f"unknown session: {request.session!r}"] if request.session and session is None else []),
            *([f"unknown project: {request.project!r}"] if request.project and not projects else []),
            *(f"no code is known of file {path!r}" for path in paths if path not in known),
        ],
    )


def _find_session(text: str, *, reader: UUID) -> Session | None:
    """Return the session of that id or key: of several authors' the reader's own, then the newest."""
    if not text:
        return None
    named = Session.objects.filter(match_session(text))
    found = sorted(named, key=lambda item: (item.ended_at, item.pk), reverse=True)
    return next((item for item in found if item.author_id == reader), next(iter(found), None))


def _find_projects(text: str, session: Session | None) -> list[UUID] | None:
    if text:
        return find_projects(text)
    return [session.project_id] if session is not None and session.project_id else None


def _read_recent(session: Session | None, projects: Sequence[UUID] | None) -> Sequence[Summary]:
    """Return summaries of the newest other sessions of the projects; of all projects they would tell nothing."""
    if projects is None:
        return ()
    return list_recent_sessions(projects=projects, without=session.pk if session else None, most=MOST_RECENT)


def _normalise_paths(files: Sequence[str], projects: Sequence[UUID] | None) -> list[str]:
    """Return paths as ingest spells them; what it would refuse is left as it is, and will be unknown."""
    root = Project.objects.filter(pk__in=projects).values_list("path", flat=True).first() if projects else None
    spelt = ((path, normalise_path(path, project_root=root or None)) for path in files)
    return list(dict.fromkeys(path if isinstance(one, ItemError) else one for path, one in spelt))


def _read_turns(session: Session | None, *, characters: int) -> list[Turn]:
    if session is None:
        return []
    newest = (
        Memory.objects.filter(session=session)
        .annotate(text=Left("content", characters))
        .order_by("-occurred_at", "-source_line", "-part_no", "-pk")
        .values_list("pk", "role", "text", "occurred_at", "source_line")[:MOST_TURNS]
    )
    return [Turn(*row) for row in newest][::-1]


def _read_definitions_of(paths: Collection[str], projects: Sequence[UUID] | None) -> list[Definition]:
    if not paths:
        return []
    files = CodeFile.objects.filter(path__in=paths)
    if projects is not None:
        files = files.filter(project_id__in=projects)
    ids = list(files.order_by("path", "project_id").values_list("pk", flat=True))
    found = CodeObject.objects.filter(file_id__in=ids)
    return _read_definitions(found.order_by("file_id", "start_line", "uid")[:MOST_DEFINITIONS])


def _read_linked(turns: Collection[UUID], projects: Sequence[UUID] | None) -> list[Definition]:
    """Return the code that the turns are about: the surest first, then what most of them speak of."""
    if not turns:
        return []
    links = MemoryLink.objects.filter(memory_id__in=turns)
    if projects is not None:
        links = links.filter(code_object__project_id__in=projects)
    ranked: dict[UUID, float] = dict(
        links.values("code_object_id")
        .annotate(sureness=Max("confidence"), turns=Count("memory_id", distinct=True))
        .order_by("-sureness", "-turns", "code_object_id")
        .values_list("code_object_id", "sureness")[:MOST_LINKED]
    )
    found = {item.id: item for item in _read_definitions(CodeObject.objects.filter(pk__in=ranked))}
    return [replace(found[key], confidence=sureness) for key, sureness in ranked.items() if key in found]


def _read_definitions(found: QuerySet[CodeObject]) -> list[Definition]:
    """Read definitions, and their files by themselves: joined, 2,137 definitions took 130 ms instead of 0.4.

    Without statistics, the policies of both tables lead the planner to read one's rows for each of the other's.
    """
    rows: Any = list(
        found.values_list(
            "file_id",
            "pk",
            "uid",
            "kind",
            "qualified_name",
            "signature",
            Left("docstring", DOCSTRING_CHARACTERS),
            "start_line",
            "end_line",
            Left("content", BODY_CHARACTERS),
            "project_id",
        )
    )
    files = CodeFile.objects.in_bulk({row[0] for row in rows})
    return [
        Definition(files[file_id].path, files[file_id].language, *values)
        for file_id, *values in rows
        if file_id in files
    ]
