"""The admin site: its pages beside the models', and what every page's frame shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from supastate.studio import dead_letters
from supastate.studio.dashboard import describe_workspace
from supastate.studio.selection import choose_workspace, current_user, current_workspace, list_workspaces
from supastate.studio.unfolding import AdminSite


class StudioSite(AdminSite):
    """Studio. Unfold's templates name the namespace `admin`, so the site keeps that name."""

    index_template = "studio/dashboard.html"
    index_title = "Overview"
    enable_nav_sidebar = True

    def extra_urls(self) -> list[URLPattern]:
        """Add the pages that belong to no model."""
        return [
            path("workspace/", self.admin_view(self.switch_workspace), name="switch_workspace"),
            path("dead-letters/", self.admin_view(self.show_dead_letters), name="dead_letters"),
        ]

    def extra_context(self, context: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
        """Add the workspace switch to every page."""
        user = current_user(request)
        if user.is_authenticated:
            context["selected_workspace"] = current_workspace(request)
            context["workspaces"] = list_workspaces(user)
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the dashboard of the selected workspace."""
        described = describe_workspace(request)
        return super().index(request, {**described, **(extra_context or {})})

    def switch_workspace(self, request: HttpRequest) -> HttpResponse:
        """Select the workspace posted, if the person may open it; another one is not found."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            wanted = UUID(request.POST.get("workspace", ""))
        except ValueError as exc:
            raise Http404 from exc
        if choose_workspace(request, current_user(request), wanted) is None:
            raise Http404
        return redirect("admin:index")

    def show_dead_letters(self, request: HttpRequest) -> HttpResponse:
        """List what could not be processed, over all stages; replay or discard what was ticked."""
        return dead_letters.answer(request, self.each_context(request))


site = StudioSite(name="admin")
