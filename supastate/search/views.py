"""The search endpoints: one for memories, one for code, one for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.models import Role, Session
from supastate.api import inputs
from supastate.api.pagination import decode_cursor, encode_cursor
from supastate.api.views import WorkspaceView
from supastate.errors import InvalidInputError
from supastate.search import schema
from supastate.search.model import Filters, Kind, SearchRequest
from supastate.search.rendering import describe_hit
from supastate.search.searching import SearchPage, search
from supastate.workspaces.models import Scope
from supastate.workspaces.projects import find_projects

LONGEST_QUERY = 10_000
MOST_RESULTS = 100
KNOWN = frozenset(
    {"q", "query", "workspace", "project", "session", "role", "path", "language", "codeKind", "since", "until"}
    | {"limit", "cursor", "explain", "kinds"}
)


class _SearchView(WorkspaceView):
    required_scope = Scope.SEARCH
    kinds: Sequence[Kind] = ()

    def answer(self, values: Mapping[str, Any]) -> Response:
        """Search for what `values` asks, from a query string or a body."""
        request = self._read(values)
        page = search(request, workspace_id=self.caller.workspace_id, reader=self.caller.author_id)
        return Response(_render(page, request, warnings=inputs.find_unknown(values, KNOWN)))

    def _read(self, values: Mapping[str, Any]) -> SearchRequest:
        query = inputs.read_text(values, "q", most=LONGEST_QUERY) or inputs.read_text(
            values, "query", most=LONGEST_QUERY
        )
        if not query.strip():
            raise InvalidInputError("q is required: say what to search for.", code="required", field="q")
        after = decode_cursor(inputs.read_text(values, "cursor", most=500), float, str)
        return SearchRequest(
            query=query,
            kinds=self._read_kinds(values),
            limit=inputs.read_number(values, "limit", default=20, most=MOST_RESULTS),
            filters=self._read_filters(values),
            after=(after[0], _cursor_id(after[1])) if after else None,
            explain=inputs.read_flag(values, "explain"),
        )

    def _read_kinds(self, values: Mapping[str, Any]) -> Sequence[Kind]:
        named = read_texts(values, "kinds", choices=[kind.value for kind in Kind])
        return [Kind(name) for name in named] if named else self.kinds

    def _read_filters(self, values: Mapping[str, Any]) -> Filters:
        projects = read_texts(values, "project")
        sessions = read_texts(values, "session")
        found_projects, found_sessions = None, None
        if projects is not None or sessions is not None:
            with self.scope():
                if projects is not None:
                    found_projects = [found for text in projects for found in find_projects(text)]
                if sessions is not None:
                    found_sessions = _find_sessions(sessions)
        return Filters(
            projects=found_projects,
            sessions=found_sessions,
            roles=read_texts(values, "role", choices=Role.values),
            paths=read_texts(values, "path"),
            languages=read_texts(values, "language"),
            kinds=read_texts(values, "codeKind"),
            since=inputs.read_time(values, "since"),
            until=inputs.read_time(values, "until"),
        )


class MemorySearchView(_SearchView):
    """Memories by words and by meaning."""

    kinds = (Kind.MEMORY,)

    @extend_schema(**schema.MEMORY_SEARCH)
    def get(self, request: Request) -> Response:
        """Search memories."""
        return self.answer(request.query_params)


class CodeSearchView(_SearchView):
    """Code by words and by meaning."""

    kinds = (Kind.CODE,)

    @extend_schema(**schema.CODE_SEARCH)
    def get(self, request: Request) -> Response:
        """Search code objects."""
        return self.answer(request.query_params)


class UnifiedSearchView(_SearchView):
    """Memories and code in one list."""

    kinds = (Kind.MEMORY, Kind.CODE)

    @extend_schema(**schema.UNIFIED_SEARCH)
    def get(self, request: Request) -> Response:
        """Search everything."""
        return self.answer(request.query_params)

    @extend_schema(**schema.UNIFIED_SEARCH_POST)
    def post(self, request: Request) -> Response:
        """Search everything; the parameters of GET as a JSON object, lists as arrays."""
        values = inputs.require_object(request.data)
        self.caller.require_workspace(values.get("workspace"))
        return self.answer(values)


def read_texts(values: Mapping[str, Any], field: str, *, choices: Sequence[str] = ()) -> list[str] | None:
    """Return a filter given once, repeatedly (query string) or as an array; None if absent."""
    raw = values.getlist(field) if hasattr(values, "getlist") else values.get(field)
    if raw is None or raw in ([], ""):
        return None
    parts = raw if isinstance(raw, list) else [raw]
    if len(parts) > 100:
        raise InvalidInputError(
            f"{field} has more than 100 values.", code="too_many_items", field=field, limit=100
        )
    texts = [inputs.read_text({field: part}, field, choices=choices) for part in parts]
    return [text for text in texts if text] or None


def _find_sessions(texts: Sequence[str]) -> list[UUID]:
    by_key = Session.objects.filter(key__in=texts).values_list("pk", flat=True)
    return [*by_key, *(session for session in map(_as_uuid, texts) if session is not None)]


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _cursor_id(text: str) -> UUID:
    found = _as_uuid(text)
    if found is None:
        raise InvalidInputError("The cursor is not one of ours: start again without it.", code="invalid_cursor")
    return found


def _render(page: SearchPage, request: SearchRequest, *, warnings: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "results": [describe_hit(hit, explain=request.explain) for hit in page.hits],
        "nextCursor": encode_cursor(*page.after) if page.after else None,
        "pending": page.pending,
    }
    if page.degraded:
        body["degraded"] = page.degraded
    if warnings:
        body["warnings"] = warnings
    return body
