"""The pattern endpoints: list, one with its evidence, and a request to detect now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ingest.request_fields import read_project
from processing.models import (
    Pattern,
    PatternQueue,
    PatternScope,
    PatternState,
    PatternSubtype,
    PatternType,
)
from processing.patterns import rendering, schema, selecting
from processing.patterns.requesting import DEFAULT_LIMIT, request_detection
from supastate.api import inputs
from supastate.api.pagination import decode_place, encode_place
from supastate.api.views import WorkspaceView
from supastate.errors import InvalidInputError, NotFoundError
from supastate.workspaces.models import Scope
from supastate.workspaces.projects import find_projects
from supastate.workspaces.scope import workspace_scope

FILTER_KEYS = frozenset(
    {"type", "subtype", "scope", "state", "project", "q", "since", "minConfidence", "limit", "cursor", "workspace"}
)
DETECT_KEYS = frozenset({"patternTypes", "limit", "project", "workspace"})
JUDGE_KEYS = frozenset({"state", "workspace"})
MOST_PATTERNS = 200
MOST_CONVERSATIONS = 1_000


class PatternsView(WorkspaceView):
    """The patterns that the caller may see."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> Response:
        """List patterns, the most recently seen first."""
        query = request.query_params
        limit = inputs.read_number(query, "limit", default=50, most=MOST_PATTERNS)
        after = decode_place(inputs.read_text(query, "cursor", most=500))
        with self.scope():
            found = selecting.list_patterns(_read_filters(query), after=after, limit=limit + 1)
        shown = found[:limit]
        more = len(found) > limit
        body = {
            "results": [rendering.render_pattern(pattern) for pattern in shown],
            "nextCursor": encode_place(shown[-1].last_seen, shown[-1].pk) if more else None,
        }
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, FILTER_KEYS)))


class PatternView(WorkspaceView):
    """One pattern."""

    required_scope = {"GET": Scope.SEARCH, "PATCH": Scope.INGEST}

    @extend_schema(**schema.ONE)
    def get(self, request: Request, pattern_id: str) -> Response:
        """Show a pattern with its newest occurrences and their memories."""
        with self.scope():
            pattern = _find_pattern(pattern_id)
            body = rendering.render_with_evidence(pattern, selecting.find_evidence(pattern))
            if pattern.subtype == PatternSubtype.CHANGED_TOGETHER:
                body["editSessions"] = selecting.count_edit_sessions(pattern)
        return Response(body)

    @extend_schema(**schema.JUDGE)
    def patch(self, request: Request, pattern_id: str) -> Response:
        """Confirm or dismiss a pattern; detection keeps what was said of it."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        state = inputs.read_text(body, "state", required=True, choices=PatternState.values)
        with self.scope():
            Pattern.objects.filter(pk=_find_pattern(pattern_id).pk).update(state=state)
            answer = rendering.render_pattern(_find_pattern(pattern_id))
        return Response(inputs.with_warnings(answer, inputs.find_unknown(body, JUDGE_KEYS)))


class DetectView(WorkspaceView):
    """Detection on demand."""

    required_scope = Scope.INGEST

    @extend_schema(**schema.DETECT)
    def post(self, request: Request) -> Response:
        """Queue a detection job for what is new since the last one."""
        body = inputs.require_object(request.data or {})
        self.caller.require_workspace(body.get("workspace"))
        pattern_types = _read_types(body)
        limit = inputs.read_number(body, "limit", default=DEFAULT_LIMIT, most=MOST_CONVERSATIONS)
        with self.scope():
            project_id = _find_project(body)
        with workspace_scope(self.caller.workspace_id):
            job_id = request_detection(
                workspace_id=self.caller.workspace_id,
                after_ingest=False,
                pattern_types=pattern_types,
                limit=limit,
                project_id=project_id,
                user_id=self.caller.author_id,
            )
        answer = {"jobId": job_id, "statusUrl": f"/api/patterns/jobs/{job_id}"}
        return Response(inputs.with_warnings(answer, inputs.find_unknown(body, DETECT_KEYS)), status=202)


class PatternJobView(WorkspaceView):
    """One detection job."""

    required_scope = {"GET": Scope.INGEST}

    @extend_schema(**schema.JOB)
    def get(self, request: Request, job_id: str) -> Response:
        """Show where a detection job is on its way."""
        with self.scope():
            job = PatternQueue.objects.filter(pk=inputs.parse_id(job_id)).first()
        if job is None:
            raise NotFoundError("There is no such job here.", code="job_not_found")
        return Response(rendering.render_job(job))


def _find_pattern(pattern_id: str) -> Pattern:
    pattern: Pattern | None = selecting.select_patterns().filter(pk=inputs.parse_id(pattern_id)).first()
    if pattern is None:
        raise NotFoundError("There is no such pattern here.", code="pattern_not_found")
    return pattern


def _read_filters(query: Mapping[str, Any]) -> selecting.PatternFilters:
    project = inputs.read_text(query, "project")
    return selecting.PatternFilters(
        type=inputs.read_text(query, "type", choices=PatternType.values),
        subtype=inputs.read_text(query, "subtype", choices=PatternSubtype.values),
        scope=inputs.read_text(query, "scope", choices=PatternScope.values),
        state=inputs.read_text(query, "state", choices=PatternState.values),
        projects=find_projects(project) if project else None,
        words=inputs.read_text(query, "q", most=500),
        since=inputs.read_time(query, "since"),
        least_confidence=_read_share(query, "minConfidence"),
    )


def _read_share(query: Mapping[str, Any], field: str) -> float:
    text = inputs.read_text(query, field, default="0", most=20)
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InvalidInputError(f"{field} must be a number from 0 to 1.", code="invalid_value", field=field)
    return share


def _read_types(body: Mapping[str, Any]) -> list[str]:
    named = inputs.read_list(body, "patternTypes", most=len(PatternType.values) * 2)
    texts = [
        inputs.read_text({"patternTypes": name}, "patternTypes", required=True, choices=PatternType.values)
        for name in named
    ]
    return list(dict.fromkeys(texts))


def _find_project(body: Mapping[str, Any]) -> UUID | None:
    named = body.get("project")
    if named is None or named == "":
        return None
    if isinstance(named, str):
        text = inputs.read_text(body, "project")
    else:
        ref = read_project(body, {})
        text = ref.identity if ref else ""
    found = find_projects(text)
    if not found:
        raise NotFoundError("There is no such project here.", code="project_not_found", field="project")
    return found[0]
