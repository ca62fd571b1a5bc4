"""The base of every view that answers for one workspace."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from supastate.api.authentication import Caller, caller_of
from supastate.workspaces.models import Scope
from supastate.workspaces.scope import workspace_scope


class WorkspaceView(APIView):
    """A view of the caller's workspace; subclasses name `required_scope`, one or by HTTP method."""

    required_scope: Any = Scope.ADMIN

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a foreign `workspace` in the query as not found."""
        super().initial(request, *args, **kwargs)
        self.caller.require_workspace(request.query_params.get("workspace"))

    @property
    def caller(self) -> Caller:
        """The authenticated key."""
        return caller_of(self.request)

    def scope(self) -> AbstractContextManager[None]:
        """Return a transaction in which exactly the caller's rows are visible."""
        return workspace_scope(self.caller.workspace_id, reader=self.caller.author_id)
