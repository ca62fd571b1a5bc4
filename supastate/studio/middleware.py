"""Opens one workspace around every request to Studio, so that row-level security shows that workspace alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from supastate.api.exceptions import RETRY_AFTER_SECONDS, is_database_away
from supastate.studio.selection import StudioRequest, find_selected
from supastate.studio.site import site
from supastate.workspaces.models import User
from supastate.workspaces.scope import workspace_scope

OPEN_TO_EVERYBODY = ("admin:login", "admin:logout", "admin:password_change", "admin:password_change_done")


class _RefusedError(Exception):
    """Carries an answer that says no out of the transaction, which is thereby rolled back."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


class StudioScopeMiddleware:
    """Runs the view, and renders its template, inside the scope of the workspace that the person selected.

    It stands last, so that Django turns a view's exception into an answer before it gets here: an answer from
    400 up rolls the transaction back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(reverse("admin:index")):
            return self._get_response(request)
        if "%00" in request.META["QUERY_STRING"]:
            return HttpResponseBadRequest("A filter has a NUL character.")
        studio = cast("StudioRequest", request)
        studio.studio_workspace = None
        try:
            return self._answer(studio)
        except (DatabaseError, InterfaceError) as exc:
            if not is_database_away(exc):
                raise
            return answer_database_away()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view of Studio that lost the database."""
        is_ours = request.path_info.startswith(reverse("admin:index"))
        return answer_database_away() if is_ours and is_database_away(exception) else None

    def _answer(self, request: StudioRequest) -> HttpResponse:
        user = request.user
        if not (user.is_active and user.is_staff):
            return self._get_response(request)
        return self._answer_member(request, user)

    def _answer_member(self, request: StudioRequest, user: User) -> HttpResponse:
        workspace = request.studio_workspace = find_selected(request, user)
        if workspace is None:
            return self._answer_homeless(request, user)
        try:
            with workspace_scope(workspace.id, reader=user.id):
                return self._answer_or_refuse(request)
        except _RefusedError as refused:
            return refused.response

    def _answer_or_refuse(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.status_code >= 400:
            raise _RefusedError(response)
        return response

    def _answer_homeless(self, request: StudioRequest, user: User) -> HttpResponse:
        if user.is_superuser or request.path_info in {reverse(name) for name in OPEN_TO_EVERYBODY}:
            return self._get_response(request)
        return render(request, "studio/no_workspace.html", site.each_context(request), status=403)


def answer_database_away() -> HttpResponse:
    """Return a page that needs no database, and asks again by itself."""
    page = render_to_string("studio/database_away.html", {"seconds": RETRY_AFTER_SECONDS})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
