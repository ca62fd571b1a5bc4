"""`/api/contradictions`: list, one, judge one, and say one oneself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.contradictions import schema
from processing.contradictions.deciding import decide, say
from processing.contradictions.rendering import describe_contradiction
from processing.contradictions.selecting import ContradictionFilters, get_contradiction, list_contradictions
from processing.models import ContradictionState
from supastate.api import inputs
from supastate.api.pagination import broken_cursor, decode_cursor, encode_cursor
from supastate.api.views import WorkspaceView
from supastate.errors import InvalidInputError
from supastate.workspaces.models import Scope
from supastate.workspaces.projects import find_projects

MOST_RESULTS = 200
FILTER_KEYS = frozenset({"state", "project", "memory", "limit", "cursor", "workspace"})
DECIDE_KEYS = frozenset({"state", "contradicted", "workspace"})
SAY_KEYS = frozenset({"memory", "contradicts", "workspace"})


class ContradictionsView(WorkspaceView):
    """Pairs of memories that may not both hold."""

    required_scope = {"GET": Scope.SEARCH, "POST": Scope.INGEST}

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> Response:
        """List contradictions, the newest first."""
        query = request.query_params
        limit = inputs.read_number(query, "limit", default=50, most=MOST_RESULTS)
        after = decode_cursor(inputs.read_text(query, "cursor", most=500), str)
        with self.scope():
            filters = _read_filters(query)
            found = list_contradictions(filters, after=_read_place(after) if after else None, limit=limit + 1)
            results = [describe_contradiction(row) for row in found[:limit]]
        cursor = encode_cursor(str(found[limit - 1].pk)) if len(found) > limit else None
        return Response(
            inputs.with_warnings(
                {"results": results, "nextCursor": cursor}, inputs.find_unknown(query, FILTER_KEYS)
            )
        )

    @extend_schema(**schema.SAY)
    def post(self, request: Request) -> Response:
        """Say that a memory contradicts another, which does not hold any more: confirmed at once."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        holder, contradicted = (_require_id(body, name) for name in ("memory", "contradicts"))
        with self.scope():
            row_id, is_new = say(holder, contradicted, person=self.caller.author_id)
            answer = describe_contradiction(get_contradiction(row_id))
        return Response(
            inputs.with_warnings(answer, inputs.find_unknown(body, SAY_KEYS)), status=201 if is_new else 200
        )


class ContradictionView(WorkspaceView):
    """One contradiction."""

    required_scope = {"GET": Scope.SEARCH, "PATCH": Scope.INGEST}

    @extend_schema(**schema.ONE)
    def get(self, _request: Request, contradiction_id: str) -> Response:
        """Show a contradiction with the beginnings of both memories."""
        with self.scope():
            return Response(describe_contradiction(get_contradiction(inputs.parse_id(contradiction_id))))

    @extend_schema(**schema.DECIDE)
    def patch(self, request: Request, contradiction_id: str) -> Response:
        """Confirm or dismiss a contradiction, or open it again; detection keeps what was said of it."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        row_id = inputs.parse_id(contradiction_id)
        state = inputs.read_text(body, "state", choices=ContradictionState.values)
        contradicted = _require_id(body, "contradicted") if body.get("contradicted") is not None else None
        if not state and contradicted is None:
            raise InvalidInputError(
                "Say a state, or which memory is contradicted.", code="required", field="state"
            )
        with self.scope():
            decide(row_id, state=state, contradicted=contradicted, person=self.caller.author_id)
            answer = describe_contradiction(get_contradiction(row_id))
        return Response(inputs.with_warnings(answer, inputs.find_unknown(body, DECIDE_KEYS)))


def _read_filters(query: Mapping[str, Any]) -> ContradictionFilters:
    project, memory = inputs.read_text(query, "project"), inputs.read_text(query, "memory")
    return ContradictionFilters(
        state=inputs.read_text(query, "state", choices=ContradictionState.values),
        projects=find_projects(project) if project else None,
        memory=_read_id(memory, "memory") if memory else None,
    )


def _require_id(body: Mapping[str, Any], field: str) -> UUID:
    return _read_id(inputs.read_text(body, field, required=True), field)


def _read_id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise InvalidInputError(f"{field} must be an id of ours.", code="invalid_id", field=field) from exc


def _read_place(after: Sequence[str]) -> UUID:
    try:
        return UUID(after[0])
    except ValueError as exc:
        raise broken_cursor() from exc
