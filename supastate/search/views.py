"""The search endpoints: one for memories, one for code, one for both, and suggestions while a query is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.dynamics.accesses import note_accesses
from processing.models import MemoryAccess
from supastate.api import inputs
from supastate.api.views import WorkspaceView
from supastate.search import related_schema, schema
from supastate.search.exact import find_named
from supastate.search.model import Kind
from supastate.search.related import find_related
from supastate.search.rendering import describe_page, describe_suggestion
from supastate.search.requests import Asked, read_search
from supastate.search.reranking import rerank_page
from supastate.search.resolving import resolve_search
from supastate.search.searching import search
from supastate.search.suggesting import LONGEST_PREFIX, MOST_SUGGESTIONS, suggest
from supastate.workspaces.models import Scope

MOST_NOTED = 10  # of a page: what stands lower is seldom read


class _SearchView(WorkspaceView):
    required_scope = Scope.SEARCH
    kinds: Sequence[Kind] = ()

    def answer(self, values: Mapping[str, Any]) -> Response:
        """Search for what `values` asks, from a query string or a body.

        If nothing is found of a time that the query names in passing, it is asked again with the time as words.
        """
        whose, now = self.caller.workspace_id, timezone.now()
        asked = read_search(values, kinds=self.kinds, whose=whose, now=now)
        body, is_empty = self._find(asked)
        if is_empty and asked.cursor is None and asked.has_free_times:
            asked = read_search(values, kinds=self.kinds, whose=whose, now=now, free_times=False)
            body, _ = self._find(asked)
        return Response(body)

    def _find(self, asked: Asked) -> tuple[dict[str, Any], bool]:
        """Return the answer, and whether nothing was found."""
        caller = self.caller
        who = {"workspace_id": caller.workspace_id, "reader": caller.author_id}
        with self.scope():
            request, unknown = resolve_search(asked, **who)
            named = find_named(asked.understood, request)
        found = search(request, workspace_id=caller.workspace_id, reader=caller.author_id)
        page = rerank_page(found, request, workspace_id=caller.workspace_id)
        note_accesses(
            [hit.match.id for hit in page.all_hits if hit.kind == Kind.MEMORY][:MOST_NOTED],
            **who,
            way=MemoryAccess.Way.SEARCH,
        )
        related = None
        if request.related:
            may_see_graph = bool({Scope.GRAPH, Scope.ADMIN} & caller.scopes)
            related = find_related(page.all_hits, **who, with_callers=may_see_graph)
        body = describe_page(asked, request, page, named=named, related=related, unknown=unknown)
        return body, not page.all_hits


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
    """Memories, code and summaries in one list."""

    kinds = tuple(Kind)

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


class SuggestionsView(WorkspaceView):
    """What a query that is being typed may mean."""

    required_scope = Scope.SEARCH

    @extend_schema(**related_schema.SUGGEST)
    def get(self, request: Request) -> Response:
        """Suggest projects, code, files and sessions whose names begin with what is typed, or hold it."""
        query = request.query_params
        text = inputs.read_text(query, "q", most=LONGEST_PREFIX).strip()
        limit = inputs.read_number(query, "limit", default=10, most=MOST_SUGGESTIONS)
        with self.scope():
            found = suggest(text, limit=limit)
        body = {"suggestions": [describe_suggestion(item) for item in found]}
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, {"q", "limit", "workspace"})))
