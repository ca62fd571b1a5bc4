"""`/api/graph`: the ways between entities: inheritance up and down, and the shortest path from one to another."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph import project_schema as schema
from graph.connection import graph_store
from graph.elements import EdgeType
from graph.graph_view import GraphView
from graph.paths import find_path
from graph.rendering import describe_neighbours, describe_path
from supastate.api import inputs
from supastate.errors import InvalidInputError

MOST_GENERATIONS = 10
PATH_TYPES = {
    kind.value.lower(): kind
    for kind in (
        *(EdgeType.CALLS, EdgeType.IMPORTS, EdgeType.INHERITS),
        *(EdgeType.OVERRIDES, EdgeType.DEFINES, EdgeType.CONTAINS),
    )
}


class InheritanceView(GraphView):
    """What a class inherits from and is inherited by; of a method, what it overrides and is overridden by."""

    known = frozenset({"workspace", "depth", "limit", "cursor"})

    @extend_schema(**schema.LIST_INHERITANCE)
    def get(self, _request: Request, uid: str) -> Response:
        """List a class's ancestors and descendants, or a method's in the classes above and below."""
        depth, page = self.read_depth(default=MOST_GENERATIONS, most=MOST_GENERATIONS), self.read_page()
        found = self.find(uid)
        up, down = graph_store().questions.lineage(
            self.caller.workspace_id, found.entity, depth=depth, limit=page.end
        )
        return self.answer(
            {
                "uid": uid,
                "ancestors": describe_neighbours(up, found.projects, page),
                "descendants": describe_neighbours(down, found.projects, page),
            }
        )


class PathView(GraphView):
    """The way from one entity to another."""

    known = frozenset({"workspace", "from", "to", "types"})

    @extend_schema(**schema.FIND_PATH)
    def get(self, request: Request) -> Response:
        """Find a shortest path along calls, or along the edge types that are named."""
        query = request.query_params
        source = self.find(inputs.read_text(query, "from", required=True, most=128))
        target = self.find(inputs.read_text(query, "to", required=True, most=128))
        path = find_path(
            graph_store(),
            self.caller.workspace_id,
            source=source.entity.uid,
            target=target.entity.uid,
            types=_read_types(inputs.read_text(query, "types", default="calls")),
        )
        return self.answer(describe_path(path, source.projects))


def _read_types(text: str) -> list[EdgeType]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in PATH_TYPES]
    if unknown or not names:
        raise InvalidInputError(
            f"types must be some of: {', '.join(sorted(PATH_TYPES))}.", code="invalid_choice", field="types"
        )
    return [PATH_TYPES[name] for name in dict.fromkeys(names)]
