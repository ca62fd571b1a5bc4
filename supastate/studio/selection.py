"""Which workspace a person looks at in Studio: one at a time, remembered in their session."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from supastate.workspaces.keys import NewKey
from supastate.workspaces.models import User, Workspace

SESSION_KEY = "studio_workspace"


class StudioRequest(HttpRequest):
    """A request of a signed-in person, as the middleware leaves it."""

    user: User
    studio_workspace: Workspace | None
    made_keys: list[NewKey]  # set by the page of API keys, for the one answer that shows their secrets


def list_workspaces(user: User) -> QuerySet[Workspace]:
    """Return the workspaces that a person may open: a superuser all, others those they are a member of."""
    if user.is_superuser:
        return Workspace.objects.all()
    return Workspace.objects.filter(memberships__user=user)


def find_selected(request: HttpRequest, user: User) -> Workspace | None:
    """Return the chosen workspace while it may be opened, else the first of the person's own, else any."""
    allowed = list_workspaces(user)
    chosen = request.session.get(SESSION_KEY)
    selected = allowed.filter(pk=chosen).first() if chosen else None
    return selected or allowed.filter(memberships__user=user).first() or allowed.first()


def choose_workspace(request: HttpRequest, user: User, workspace_id: UUID) -> Workspace | None:
    """Remember a workspace for this session; None when the person may not open it."""
    workspace = list_workspaces(user).filter(pk=workspace_id).first()
    if workspace is not None:
        request.session[SESSION_KEY] = str(workspace.pk)
    return workspace


def current_workspace(request: HttpRequest) -> Workspace | None:
    """Return the workspace whose scope is open around this request."""
    return cast("StudioRequest", request).studio_workspace


def require_workspace(request: HttpRequest) -> Workspace:
    """Return the workspace of this request's scope, or refuse."""
    workspace = current_workspace(request)
    if workspace is None:
        raise PermissionDenied
    return workspace


def current_user(request: HttpRequest) -> User:
    """Return the signed-in person."""
    return cast("StudioRequest", request).user
