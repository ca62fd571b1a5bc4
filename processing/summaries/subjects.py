"""What can be summarised, and for whom: a subject as its reader finds it, and the audiences of its summaries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from processing.models import CodeObject, Memory, Session, SummaryKind
from supastate.errors import NotFoundError
from supastate.workspaces.models import Project, Visibility
from supastate.workspaces.scope import workspace_scope

FILE = "file"
NOBODY = UUID(int=0)
"""A reader who sees what all may see, and nothing of anybody's own: row-level security keeps it so."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A session, a piece of code or a project. `key` is what clients know it by: its row's id, of code the uid."""

    kind: SummaryKind
    key: str
    row_id: UUID
    workspace_id: UUID
    author_id: UUID
    visibility: str
    moment: datetime | None = None
    project_id: UUID | None = None
    name: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a summary: everybody in the workspace, or `author_id` alone."""

    visibility: str
    author_id: UUID

    def scope(self, workspace_id: UUID) -> AbstractContextManager[None]:
        """Return a transaction that sees what this audience may read, and no more."""
        is_private = self.visibility == Visibility.PRIVATE
        return workspace_scope(workspace_id, reader=self.author_id if is_private else NOBODY)


def find_subject(kind: str, key: str) -> Subject:
    """Return the subject as the open scope sees it. Raises NotFoundError."""
    found = _FINDERS[SummaryKind(kind)](key)
    if found is None or found.kind != kind:
        raise NotFoundError(f"There is no such {kind} here.", code=f"{kind}_not_found")
    return found


def find_code(uid: str) -> Subject:
    """Return the file or definition of a uid as the open scope sees it. Raises NotFoundError."""
    found = _find_code(uid)
    if found is None:
        raise NotFoundError("There is no such file or definition here.", code="entity_not_found")
    return found


def list_audiences(subject: Subject) -> list[Audience]:
    """Return who gets a summary. Runs inside a scope of the pipeline.

    Of a session that all may see, with memories of its author's own, there are two: what all may read must say
    nothing of those, and the author must not miss them.
    """
    own = Audience(Visibility.PRIVATE, subject.author_id)
    if subject.visibility == Visibility.PRIVATE:
        return [own]
    shared = Audience(Visibility.WORKSPACE, subject.author_id)
    if subject.kind != SummaryKind.SESSION:
        return [shared]
    withheld = Memory.objects.filter(session_id=subject.row_id, visibility=Visibility.PRIVATE)
    return [shared, own] if withheld.exists() else [shared]


def _find_session(key: str) -> Subject | None:
    session = next(
        filter(None, (Session.objects.filter(**named).first() for named in _names(key, also="key"))), None
    )
    if session is None:
        return None
    return Subject(
        SummaryKind.SESSION,
        key=str(session.pk),
        row_id=session.pk,
        workspace_id=session.workspace_id,
        author_id=session.author_id,
        visibility=session.visibility,
        moment=session.ended_at,
        project_id=session.project_id,
    )


def _find_project(key: str) -> Subject | None:
    project = next((Project.objects.filter(**named).first() for named in _names(key)), None)
    if project is None:
        return None
    return Subject(
        SummaryKind.PROJECT,
        key=str(project.pk),
        row_id=project.pk,
        workspace_id=project.workspace_id,
        author_id=project.author_id,
        visibility=project.visibility,
        project_id=project.pk,
        name=project.name,
    )


def _find_code(uid: str) -> Subject | None:
    code = CodeObject.objects.filter(uid=uid).select_related("file").first()
    if code is None:
        return None
    return Subject(
        SummaryKind.FILE if code.kind == FILE else SummaryKind.ENTITY,
        key=code.uid,
        row_id=code.pk,
        workspace_id=code.workspace_id,
        author_id=code.author_id,
        visibility=code.visibility,
        moment=code.file.last_modified or code.file.updated_at,
        project_id=code.project_id,
        name="" if code.kind == FILE else code.qualified_name,
        path=code.file.path,
    )


def _names(key: str, *, also: str = "") -> Iterator[dict[str, Any]]:
    """Yield what a text may name: a row's id, then what stands in the column `also`."""
    with suppress(ValueError):
        yield {"pk": UUID(key)}
    if also:
        yield {also: key}


_FINDERS = {
    SummaryKind.SESSION: _find_session,
    SummaryKind.FILE: _find_code,
    SummaryKind.ENTITY: _find_code,
    SummaryKind.PROJECT: _find_project,
}
