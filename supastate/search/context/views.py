"""`POST /api/context`."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.dynamics.accesses import note_accesses
from processing.models import MemoryAccess
from supastate.api import inputs
from supastate.api.views import WorkspaceView
from supastate.search.context import schema
from supastate.search.context.assembling import assemble_context
from supastate.search.context.rendering import describe_context
from supastate.search.context.requests import parse_request
from supastate.workspaces.models import Scope


class ContextView(WorkspaceView):
    """What the assistant should read now."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.ASSEMBLE)
    def post(self, request: Request) -> Response:
        """Return code, turns and memories within a budget of tokens, in the order that models attend to best."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        who = {"workspace_id": self.caller.workspace_id, "reader": self.caller.author_id}
        context = assemble_context(parse_request(body), **who)
        note_accesses(context.memory_ids, **who, way=MemoryAccess.Way.CONTEXT)
        return Response(describe_context(context))
