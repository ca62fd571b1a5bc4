"""Liveness and readiness. Ready means that accepting works and that what was accepted drains.

Answers name only what is wrong: hosts and versions stay inside. Redis is not asked: it may be away while the
service accepts, and a queue that then stops draining shows here by itself.
"""

from __future__ import annotations

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, connections
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from supastate.api.exceptions import RETRY_AFTER_SECONDS
from supastate.queueing.stages import all_stages
from supastate.queueing.statements import render_statement


class LiveView(APIView):
    """The process answers."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def get(self, _request: Request) -> Response:
        """Answer 200."""
        return Response({"status": "ok"})


class ReadyView(APIView):
    """Postgres answers and no stage stands still before due work."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    schema = None

    def get(self, _request: Request) -> Response:
        """Answer 200, or 503 with the checks that failed."""
        checks = {"database": check_database(), "queue": check_queue()}
        failed = {name for name, problem in checks.items() if problem}
        told = {"checks": {name: problem or "ok" for name, problem in checks.items()}}
        if not failed:
            return Response({"status": "ok", **told})
        detail = " ".join(checks[name] for name in sorted(failed))
        body = {"status": "failed", "code": "not_ready", "detail": detail, **told}
        return Response(body, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def check_database() -> str:
    """Return '' or why Postgres cannot be used."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, psycopg.Error):
        return "Postgres does not answer."
    return ""


def check_queue() -> str:
    """Return '' or which stages do not drain."""
    limit = settings.QUEUE_STALL_SECONDS
    stalled = []
    try:
        with connections["dispatch"].cursor() as cursor:
            for stage in all_stages():
                cursor.execute(render_statement("stalled", stage.table), {"seconds": limit})
                row = cursor.fetchone()
                if row and row[0] is not None:
                    stalled.append(f"{stage.name} (a row is due for {int(row[0])} s)")
    except (DatabaseError, psycopg.Error):
        return "The queue cannot be read."
    return f"Not draining: {', '.join(stalled)}." if stalled else ""
