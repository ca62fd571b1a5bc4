"""`/api/graph`: entities of the code, and what calls, imports and depends on them.

Postgres says which projects the caller may see; the store is asked afterwards, outside of any transaction.
"""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph import naming, schema
from graph.connection import graph_store
from graph.graph_view import MOST_NEIGHBOURS, GraphView
from graph.rendering import describe_count, describe_entity, describe_impact, describe_neighbours
from graph.visibility import name_projects
from supastate.api import inputs

MOST_ENTITIES = 200
MOST_DEPTH = 5
ENTITY_FILTERS = frozenset({"workspace", "q", "kind", "path", "project", "limit", "cursor"})


class EntitiesView(GraphView):
    """The entities of all projects that the caller may see."""

    known = ENTITY_FILTERS

    @extend_schema(**schema.FIND_ENTITIES)
    def get(self, request: Request) -> Response:
        """Find entities by part of their name, the best match first."""
        query = request.query_params
        text = inputs.read_text(query, "q", most=200)
        kind = inputs.read_text(query, "kind", most=64)
        path = inputs.read_text(query, "path")
        limit = inputs.read_number(query, "limit", default=50, most=MOST_ENTITIES)
        cursor = inputs.read_text(query, "cursor", most=20_000)
        with self.scope():
            projects = name_projects(inputs.read_text(query, "project"))
        page = graph_store().find_entities(
            self.caller.workspace_id,
            projects=sorted(projects),
            query=text,
            kind=kind or None,
            path=path or None,
            limit=limit,
            cursor=cursor or None,
        )
        found = [describe_entity(entity, projects) for entity in page.items]
        return self.answer({"results": found, "nextCursor": page.next_cursor})


class EntityView(GraphView):
    """One entity."""

    @extend_schema(**schema.GET_ENTITY)
    def get(self, _request: Request, uid: str) -> Response:
        """Get an entity, and how many call it and are called by it."""
        found = self.find(uid)
        store, workspace_id = graph_store(), self.caller.workspace_id
        counts = {
            "callers": describe_count(store.callers(workspace_id, uid, limit=MOST_NEIGHBOURS)),
            "callees": describe_count(store.callees(workspace_id, uid, limit=MOST_NEIGHBOURS)),
        }
        return self.answer({**describe_entity(found.entity, found.projects), **counts})


class CallersView(GraphView):
    """What calls an entity."""

    known = frozenset({"workspace", "depth", "limit", "cursor"})

    @extend_schema(**schema.LIST_CALLERS)
    def get(self, _request: Request, uid: str) -> Response:
        """List what calls this, up to `depth` calls away."""
        depth, page = self.read_depth(default=1, most=MOST_DEPTH), self.read_page()
        found = self.find(uid)
        callers = graph_store().callers(self.caller.workspace_id, uid, depth=depth, limit=page.end)
        return self.answer(describe_neighbours(callers, found.projects, page))


class CalleesView(GraphView):
    """What an entity calls."""

    known = frozenset({"workspace", "depth", "limit", "cursor"})

    @extend_schema(**schema.LIST_CALLEES)
    def get(self, _request: Request, uid: str) -> Response:
        """List what this calls, up to `depth` calls away."""
        depth, page = self.read_depth(default=1, most=MOST_DEPTH), self.read_page()
        found = self.find(uid)
        callees = graph_store().callees(self.caller.workspace_id, uid, depth=depth, limit=page.end)
        return self.answer(describe_neighbours(callees, found.projects, page))


class ImportsView(GraphView):
    """What a file imports, and what imports it."""

    known = frozenset({"workspace", "limit", "cursor"})

    @extend_schema(**schema.LIST_IMPORTS)
    def get(self, _request: Request, uid: str) -> Response:
        """List the imports of a file both ways; of a definition, those of the file that it stands in."""
        page = self.read_page()
        found = self.find(uid)
        entity = found.entity
        source = naming.file_uid(entity.project, entity.src_file) if entity.src_file else uid
        imports = graph_store().imports(self.caller.workspace_id, source, limit=page.end)
        return self.answer(
            {
                "uid": source,
                "imports": describe_neighbours(imports.imports, found.projects, page),
                "importedBy": describe_neighbours(imports.imported_by, found.projects, page),
            }
        )


class ImpactView(GraphView):
    """What may break when an entity changes."""

    known = frozenset({"workspace", "depth", "limit", "cursor"})

    @extend_schema(**schema.TRACE_IMPACT)
    def get(self, _request: Request, uid: str) -> Response:
        """List every caller up to `depth` calls away, with the path of calls by which it is hit."""
        depth, page = self.read_depth(default=MOST_DEPTH, most=MOST_DEPTH), self.read_page()
        found = self.find(uid)
        impact = graph_store().impact(self.caller.workspace_id, uid, depth=depth, limit=page.end)
        return self.answer(describe_impact(impact, found.projects, page))
