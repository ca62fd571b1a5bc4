"""`GET /api/metrics`: all workspaces for the bearer of METRICS_TOKEN, its own alone for an admin key."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST
from rest_framework.request import Request
from rest_framework.views import APIView

from supastate.api.authentication import ApiKeyAuthentication, Caller, HasScope
from supastate.queueing.metrics import render_metrics
from supastate.queueing.observing import observe_all, observe_workspace
from supastate.queueing.provider_state import read_provider_state
from supastate.workspaces.models import Scope, Workspace
from supastate.workspaces.scope import workspace_scope

SCRAPER = "scraper"


class MetricsAuthentication(ApiKeyAuthentication):
    """The scraper's token, or an API key."""

    def authenticate(self, request: Request) -> Any:
        """Return (None, SCRAPER) for the token, else what the key says."""
        sent = request.META.get("HTTP_AUTHORIZATION", "")
        if settings.METRICS_TOKEN and compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
            return None, SCRAPER
        return super().authenticate(request)


class MayScrape(HasScope):
    """The scraper, or an admin's key."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return True, or raise with what is missing."""
        return request.auth == SCRAPER or super().has_permission(request, view)


class MetricsView(APIView):
    """The queue's metrics."""

    authentication_classes = (MetricsAuthentication,)
    permission_classes = (MayScrape,)
    required_scope = Scope.ADMIN
    schema = None  # Prometheus's text format, not ours

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Take any Accept header: there is one format, and refusals are JSON as everywhere."""
        return super().perform_content_negotiation(request, force=True)

    def get(self, request: Request) -> HttpResponse:
        """Answer with what the caller may see."""
        text = _render_own(request.auth) if isinstance(request.auth, Caller) else _render_all()
        return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _render_own(caller: Caller) -> bytes:
    with workspace_scope(caller.workspace_id):
        reports = observe_workspace(caller.workspace_id)
    slugs = {caller.workspace_id: caller.workspace_slug}
    return render_metrics(reports, slugs=slugs, provider=read_provider_state())


def _render_all() -> bytes:
    slugs = dict(Workspace.objects.values_list("id", "slug"))
    return render_metrics(observe_all(), slugs=slugs, provider=read_provider_state())
