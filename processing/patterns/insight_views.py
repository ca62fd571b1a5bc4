"""What patterns are good for: solutions of an error that comes again, and insights into a project's code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.patterns import insight_schema as schema
from processing.patterns import insights, rendering, selecting
from supastate.api import inputs
from supastate.api.views import WorkspaceView
from supastate.errors import NotFoundError
from supastate.workspaces.models import Scope
from supastate.workspaces.projects import find_projects

LONGEST_ERROR = 20_000
MOST_SOLUTIONS = 50
MOST_INSIGHTS = 200
SOLUTION_KEYS = frozenset({"error", "project", "limit", "workspace"})
INSIGHT_KEYS = frozenset({"project", "limit", "workspace"})


class SolutionsView(WorkspaceView):
    """How an error was mended before."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.SOLUTIONS)
    def get(self, request: Request) -> Response:
        """List the times that an error of this text was mended, the newest first."""
        query = request.query_params
        return self._answer({name: query.get(name) for name in query})

    @extend_schema(**schema.SOLUTIONS_OF_OUTPUT)
    def post(self, request: Request) -> Response:
        """Do the same for an output that is too long for an address."""
        return self._answer(inputs.require_object(request.data))

    def _answer(self, values: dict[str, Any]) -> Response:
        self.caller.require_workspace(values.get("workspace"))
        error = inputs.read_text(values, "error", required=True, most=LONGEST_ERROR)
        limit = inputs.read_number(values, "limit", default=10, most=MOST_SOLUTIONS)
        named = inputs.read_text(values, "project")
        with self.scope():
            projects = find_projects(named) if named else None
            found = selecting.gather_memories(selecting.find_solutions(error, projects=projects, limit=limit))
        results = [rendering.render_solution(occurrence, found) for occurrence in found.occurrences]
        return Response(inputs.with_warnings({"results": results}, inputs.find_unknown(values, SOLUTION_KEYS)))


class InsightsView(WorkspaceView):
    """What the talk about a project's code says of it."""

    required_scope = Scope.GRAPH

    @extend_schema(**schema.INSIGHTS)
    def get(self, request: Request) -> Response:
        """Tell what one author alone knows, and the talk about hot spots and import cycles."""
        query = request.query_params
        self.caller.require_scope(Scope.SEARCH)
        limit = inputs.read_number(query, "limit", default=20, most=MOST_INSIGHTS)
        project_id = self._find_project(inputs.read_text(query, "project", required=True))
        importers = insights.rank_hot_files(self.caller.workspace_id, project_id)
        circles = insights.find_circles(self.caller.workspace_id, project_id)
        with self.scope():
            lone = insights.find_lone_knowledge(project_id, limit=limit)
            talk = insights.find_talk(project_id, {*importers, *(path for paths, _ in circles for path in paths)})
        body = {
            "loneKnowledge": [{**_render_talk(item.talk), "author": item.author} for item in lone],
            "hotSpots": [
                {**_render_talk(spot.talk), "importers": spot.importers}
                for spot in insights.join_hot_spots(importers, talk, limit=limit)
            ],
            "importCycles": [
                {"paths": cycle.paths, "size": cycle.size, "talk": [_render_talk(item) for item in cycle.talks]}
                for cycle in insights.join_cycles(circles, talk, limit=limit)
            ],
        }
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, INSIGHT_KEYS)))

    def _find_project(self, named: str) -> UUID:
        with self.scope():
            found = find_projects(named)
        if not found:
            raise NotFoundError("There is no such project here.", code="project_not_found", field="project")
        return found[0]


def _render_talk(talk: insights.Talk) -> dict[str, Any]:
    return {
        "path": talk.path,
        "patternId": talk.pattern_id,
        "exchanges": talk.exchanges,
        "edits": talk.edits,
        "lastSeen": talk.last_seen,
    }
