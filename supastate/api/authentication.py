"""Who calls: a bearer API key, which names its workspace, its author and what it may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from supastate.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from supastate.workspaces.keys import find_key, mark_used
from supastate.workspaces.models import ApiKey, Scope, User

if TYPE_CHECKING:  # DRF loads these classes while it defines its views
    from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated key, as the views use it."""

    key_id: UUID
    workspace_id: UUID
    workspace_slug: str
    author_id: UUID
    scopes: frozenset[str]

    def require_workspace(self, named: object) -> None:
        """Raise NotFoundError unless `named` (an optional id or slug from a request) is the key's workspace."""
        if named is None or named == "":
            return
        if str(named).lower() not in {str(self.workspace_id), self.workspace_slug}:
            raise NotFoundError("There is no such workspace for this key.", code="workspace_not_found")

    def require_scope(self, scope: str) -> None:
        """Raise ForbiddenError unless the key has the scope; `admin` includes every other."""
        if Scope.ADMIN not in self.scopes and scope not in self.scopes:
            raise ForbiddenError(f"This key lacks the scope {str(scope)!r}.", requiredScope=str(scope))


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer sup_…`."""

    def authenticate(self, request: Request) -> tuple[User, Caller]:
        """Return the author and the Caller; every failure is a 401 with its reason."""
        return authenticate(request.META.get("HTTP_AUTHORIZATION", ""))

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that 401 answers carry WWW-Authenticate."""
        return "Bearer"


class HasScope(BasePermission):
    """The key carries the scope that the view names for the method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return True, or raise with the scope that is missing."""
        caller = request.auth
        if not isinstance(caller, Caller):
            raise UnauthenticatedError
        needed: Mapping[str, str] | str = getattr(view, "required_scope", Scope.ADMIN)
        scope = needed if isinstance(needed, str) else needed.get(str(request.method), Scope.ADMIN)
        caller.require_scope(scope)
        return True


def authenticate(authorization: str) -> tuple[User, Caller]:
    """Return who sends this Authorization header; raise UnauthenticatedError with the reason."""
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise UnauthenticatedError
    key = find_key(text.strip())
    mark_used(key.pk)
    return key.author, _describe(key)


def _describe(key: ApiKey) -> Caller:
    return Caller(
        key_id=key.pk,
        workspace_id=key.workspace_id,
        workspace_slug=key.workspace.slug,
        author_id=key.author_id,
        scopes=frozenset(key.scopes),
    )


def caller_of(request: Any) -> Caller:
    """Return the Caller of an authenticated request."""
    caller = request.auth
    if not isinstance(caller, Caller):
        raise UnauthenticatedError
    return caller
