"""`/api/graph`: what is asked of whole projects. Without `project`, of all that the caller may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph import project_schema as schema
from graph.connection import graph_store
from graph.cycles import find_cycles
from graph.elements import EdgeType, NodeLabel
from graph.graph_view import GraphView
from graph.rendering import describe_entity, describe_languages, describe_ranked
from graph.store.model import CODE_LABELS
from graph.visibility import ProjectNames
from supastate.api import inputs

MOST_EDGES = 200_000
MOST_SHOWN_CYCLES = 100
TOP = 10
DEFINITIONS = frozenset({NodeLabel.CLASS, NodeLabel.FUNCTION})
CYCLES_OF = {"imports": EdgeType.IMPORTS, "calls": EdgeType.CALLS, "inheritance": EdgeType.INHERITS}


@dataclass(frozen=True, slots=True)
class _Ranking:
    type: EdgeType
    incoming: bool


RANKINGS = {
    "callers": _Ranking(EdgeType.CALLS, incoming=True),
    "callees": _Ranking(EdgeType.CALLS, incoming=False),
    "importers": _Ranking(EdgeType.IMPORTS, incoming=True),
    "subclasses": _Ranking(EdgeType.INHERITS, incoming=True),
}


class PositionView(GraphView):
    """What stands at a line of a file."""

    known = frozenset({"workspace", "project", "path", "line"})

    @extend_schema(**schema.FIND_POSITION)
    def get(self, request: Request) -> Response:
        """List the definitions around a line, the innermost first, and the file at last."""
        path = inputs.read_text(request.query_params, "path", required=True)
        line = inputs.read_number(request.query_params, "line", default=1, most=10_000_000)
        projects = self.read_projects()
        found = graph_store().questions.find_position(
            self.caller.workspace_id, projects=sorted(projects), path=path, line=line
        )
        return self.answer({"results": [describe_entity(entity, projects) for entity in found]})


class OverviewView(GraphView):
    """What a project is made of."""

    known = frozenset({"workspace", "project"})

    @extend_schema(**schema.GET_OVERVIEW)
    def get(self, _request: Request) -> Response:
        """Count a project's parts, and name what most of it calls, imports and inherits from."""
        projects = self.read_projects()
        return self.answer(_describe_overview(self.caller.workspace_id, projects))


class HotspotsView(GraphView):
    """What most depends on."""

    known = frozenset({"workspace", "project", "by", "limit", "cursor"})

    @extend_schema(**schema.LIST_HOTSPOTS)
    def get(self, request: Request) -> Response:
        """Rank entities by how many callers, callees, importers or subclasses they have."""
        by = inputs.read_text(request.query_params, "by", choices=RANKINGS, default="callers")
        page, projects = self.read_page(), self.read_projects()
        found = graph_store().questions.rank(
            self.caller.workspace_id,
            projects=sorted(projects),
            type=RANKINGS[by].type,
            incoming=RANKINGS[by].incoming,
            labels=CODE_LABELS,
            offset=page.offset,
            limit=page.limit + 1,
        )
        items = describe_ranked(found[: page.limit], projects, as_field="count")
        return self.answer({"by": by, "items": items, "nextCursor": page.cursor(more=len(found) > page.limit)})


class UnreferencedView(GraphView):
    """What nothing in its project refers to."""

    known = frozenset({"workspace", "project", "kind", "path", "limit", "cursor"})

    @extend_schema(**schema.LIST_UNREFERENCED)
    def get(self, request: Request) -> Response:
        """List definitions without a reference: candidates, since what a framework calls has none either."""
        page, projects = self.read_page(), self.read_projects()
        found = graph_store().questions.find_unreferenced(
            self.caller.workspace_id,
            projects=sorted(projects),
            kind=inputs.read_text(request.query_params, "kind", most=64) or None,
            path=inputs.read_text(request.query_params, "path") or None,
            offset=page.offset,
            limit=page.limit + 1,
        )
        items = [describe_entity(entity, projects) for entity in found[: page.limit]]
        return self.answer({"items": items, "nextCursor": page.cursor(more=len(found) > page.limit)})


class CyclesView(GraphView):
    """What depends on itself by way of others."""

    known = frozenset({"workspace", "project", "of"})

    @extend_schema(**schema.LIST_CYCLES)
    def get(self, request: Request) -> Response:
        """List groups of files, functions or classes that all reach each other, the largest first."""
        of = inputs.read_text(request.query_params, "of", choices=CYCLES_OF, default="imports")
        projects = self.read_projects()
        store, workspace_id = graph_store(), self.caller.workspace_id
        pairs = store.questions.list_pairs(
            workspace_id, projects=sorted(projects), type=CYCLES_OF[of], limit=MOST_EDGES + 1
        )
        cycles = find_cycles(pairs[:MOST_EDGES])
        shown = cycles[:MOST_SHOWN_CYCLES]
        entities = store.questions.entities(workspace_id, (uid for cycle in shown for uid in cycle.shortest))
        items = [
            {
                "size": len(cycle.members),
                "members": list(cycle.members),
                "shortest": [
                    describe_entity(entities[uid], projects) for uid in cycle.shortest if uid in entities
                ],
            }
            for cycle in shown
        ]
        return self.answer(
            {
                "of": of,
                "count": len(cycles),
                "items": items,
                "truncated": len(cycles) > len(shown) or len(pairs) > MOST_EDGES,
            }
        )


def _describe_overview(workspace_id: UUID, projects: ProjectNames) -> dict[str, Any]:
    store, wanted = graph_store(), sorted(projects)
    nodes: Counter[str] = Counter()
    edges: Counter[str] = Counter()
    for project in wanted:
        counts = store.counts(workspace_id, project=project)
        nodes.update({label.value: total for label, total in counts.nodes.items()})
        edges.update({kind.value.lower(): total for kind, total in counts.edges.items()})

    def rank(by: str, *labels: NodeLabel) -> list[dict[str, Any]]:
        ranking = RANKINGS[by]
        found = store.questions.rank(
            workspace_id,
            projects=wanted,
            type=ranking.type,
            incoming=ranking.incoming,
            labels=labels,
            limit=TOP,
        )
        return describe_ranked(found, projects, as_field="count")

    return {
        "projects": [{"id": uid, "name": projects[uid]} for uid in wanted],
        "nodes": {label.value: nodes[label.value] for label in NodeLabel if nodes[label.value]},
        "edges": dict(sorted(edges.items())),
        "languages": describe_languages(store.questions.languages(workspace_id, projects=wanted)),
        "mostCalled": rank("callers", *DEFINITIONS),
        "mostImported": rank("importers", NodeLabel.FILE),
        "externalModules": rank("importers", NodeLabel.MODULE),
        "mostInherited": rank("subclasses", NodeLabel.CLASS),
    }
