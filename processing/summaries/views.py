"""The summary endpoints: of a session, a project, a file or definition; all of them; and making one anew."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.models import SummaryKind
from processing.summaries import rendering, schema, selecting
from processing.summaries.asking import ask_for_summary
from processing.summaries.subjects import Subject, find_code, find_subject
from supastate.api import inputs
from supastate.api.pagination import decode_place, encode_place
from supastate.api.views import WorkspaceView
from supastate.errors import InvalidInputError, NotFoundError
from supastate.workspaces.models import Project, Scope
from supastate.workspaces.projects import find_projects

LIST_KEYS = frozenset({"kind", "project", "stale", "limit", "cursor", "workspace"})
REFRESH_KEYS = frozenset({"kind", "id", "workspace"})
MOST_SUMMARIES = 200


class _SummaryView(WorkspaceView, ABC):
    required_scope = Scope.SEARCH

    @abstractmethod
    def find(self, key: str) -> Subject:
        """Return the subject that an address names. Runs inside the caller's scope."""

    def answer(self, key: str) -> Response:
        """Show the summary as it is, and have it made where it is missing or stale."""
        with self.scope():
            subject = self.find(_read_segment(key))
            summary = selecting.find_summary(subject)
            failure = None if summary and not summary.is_stale else selecting.find_failure(subject)
        if failure is None and (summary is None or summary.is_stale):
            ask_for_summary(subject.kind, subject.key, workspace_id=self.caller.workspace_id)
        if summary is not None:
            return Response(rendering.describe_summary(summary))
        if failure is not None:
            return Response(rendering.describe_absence(subject, state="failed", reason=failure.error_code))
        return Response(rendering.describe_absence(subject, state="pending"), status=202)


class SessionSummaryView(_SummaryView):
    """What a session was about."""

    @extend_schema(**schema.OF_SESSION)
    def get(self, request: Request, session: str) -> Response:
        """Show a session's summary; 202 while it is being made."""
        return self.answer(session)

    def find(self, key: str) -> Subject:
        """Return the session of an id or of the client's key."""
        return find_subject(SummaryKind.SESSION, key)


class ProjectSummaryView(_SummaryView):
    """What a project is about."""

    @extend_schema(**schema.OF_PROJECT)
    def get(self, request: Request, project: str) -> Response:
        """Show a project's summary; 202 while it is being made."""
        return self.answer(project)

    def find(self, key: str) -> Subject:
        """Return the project that is named, the one that all share before the caller's own."""
        return find_subject(SummaryKind.PROJECT, _name_project(key))


class EntitySummaryView(_SummaryView):
    """What a file or definition is, and what was said about it."""

    required_scope = Scope.GRAPH

    @extend_schema(**schema.OF_ENTITY)
    def get(self, request: Request, uid: str) -> Response:
        """Show the summary of a file or definition; 202 while it is being made."""
        return self.answer(uid)

    def find(self, key: str) -> Subject:
        """Return the file or definition of a uid."""
        return find_code(key)


class SummariesView(WorkspaceView):
    """The summaries that the caller may see."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> Response:
        """List summaries, the newest first."""
        query = request.query_params
        limit = inputs.read_number(query, "limit", default=50, most=MOST_SUMMARIES)
        after = decode_place(inputs.read_text(query, "cursor", most=500))
        with self.scope():
            shown, place = selecting.list_summaries(_read_filters(query), after=after, limit=limit)
        body: dict[str, Any] = {
            "results": [rendering.describe_summary(summary) for summary in shown],
            "nextCursor": encode_place(place[0], place[1]) if place else None,
        }
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, LIST_KEYS)))


class RefreshView(WorkspaceView):
    """Summaries made anew on demand."""

    required_scope = Scope.INGEST

    @extend_schema(**schema.REFRESH)
    def post(self, request: Request) -> Response:
        """Queue a subject's summary, although nothing may have changed."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        kind = inputs.read_text(body, "kind", required=True, choices=SummaryKind.values)
        key = inputs.read_text(body, "id", required=True)
        with self.scope():
            subject = find_subject(kind, _name_project(key) if kind == SummaryKind.PROJECT else key)
        ask_for_summary(subject.kind, subject.key, workspace_id=self.caller.workspace_id, forced=True)
        answer = rendering.describe_absence(subject, state="pending")
        return Response(inputs.with_warnings(answer, inputs.find_unknown(body, REFRESH_KEYS)), status=202)


def _read_segment(text: str) -> str:
    """Return a part of an address; what Postgres cannot hold is simply not found."""
    try:
        inputs.require_storable(text, "id")
    except InvalidInputError as exc:
        raise NotFoundError from exc
    return text[:1024]


def _name_project(text: str) -> str:
    found = Project.objects.filter(pk__in=find_projects(text)).order_by("-visibility", "pk").first()
    if found is None:
        raise NotFoundError("There is no such project here.", code="project_not_found")
    return str(found.pk)


def _read_filters(query: Mapping[str, Any]) -> selecting.SummaryFilters:
    project = inputs.read_text(query, "project")
    return selecting.SummaryFilters(
        kind=inputs.read_text(query, "kind", choices=SummaryKind.values),
        projects=find_projects(project) if project else None,
        is_stale=inputs.read_flag(query, "stale") if query.get("stale") else None,
    )
