"""`POST /api/graph/query`: raw Cypher over what the caller may see."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph.query import schema
from graph.query.rendering import describe_result
from graph.query.running import MOST_CHARACTERS, run_query
from graph.visibility import name_projects
from supastate.api import inputs
from supastate.api.views import WorkspaceView
from supastate.workspaces.models import Scope

KNOWN = frozenset({"workspace", "cypher", "parameters"})


class QueryView(WorkspaceView):
    """Read-only Cypher inside the caller's workspace and projects."""

    required_scope = Scope.GRAPH

    @extend_schema(**schema.QUERY)
    def post(self, request: Request) -> Response:
        """Answer a read-only Cypher query; docs/graph-queries.md says what may be asked."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        cypher = inputs.read_text(body, "cypher", required=True, most=10 * MOST_CHARACTERS)
        parameters = inputs.require_object(body.get("parameters") or {}, "parameters")
        with self.scope():
            projects = name_projects()
        result = run_query(self.caller.workspace_id, cypher, parameters, projects=list(projects))
        warnings = inputs.find_unknown(body, KNOWN)
        return Response({**describe_result(result, projects), "warnings": warnings})
