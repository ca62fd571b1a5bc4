"""The one place that turns exceptions into answers: `{code, detail, …where}`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from supastate.errors import SupastateError, ThrottledError, TransientError, UnauthenticatedError

RETRY_AFTER_SECONDS = 5
# The server ends, ended or does not yet begin to serve, or has no connection left. Without a state: no server.
AWAY_STATES = frozenset({None, "57P01", "57P02", "57P03", "53300"})
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as an answer."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def render_exception(exc: Exception, _context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Unknown exceptions return None: Django logs them and answers 500."""
    problem = describe_exception(exc)
    if problem is None:
        return None
    set_rollback()
    return Response(problem.body, status=problem.status, headers=problem.headers)


def describe_exception(exc: Exception) -> Problem | None:
    """Return what to answer; None for a defect."""
    if is_database_away(exc):
        exc = TransientError("The database is away for now: try again.", code="database_unavailable")
    if isinstance(exc, SupastateError):
        return _describe(exc)
    if isinstance(exc, Http404):
        return Problem(404, {"code": "not_found", "detail": "There is no such thing here."})
    if isinstance(exc, PermissionDenied):
        return Problem(403, {"code": "forbidden", "detail": "This is not allowed."})
    if isinstance(exc, exceptions.APIException):
        return _describe_drf(exc)
    return None


def is_database_away(exc: BaseException | None) -> bool:
    """Whether Postgres could not be reached or ended the connection; any other refusal of it is a defect."""
    if isinstance(exc, InterfaceError):
        return True
    cause = exc.__cause__ if isinstance(exc, DatabaseError) else None
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate in AWAY_STATES


def _describe(exc: SupastateError) -> Problem:
    headers = {}
    if isinstance(exc, ThrottledError):
        headers["Retry-After"] = str(exc.retry_after)
    if isinstance(exc, TransientError):
        headers["Retry-After"] = str(int(exc.retry_after or RETRY_AFTER_SECONDS))
    if isinstance(exc, UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    if exc.http_status >= 500:
        log.warning("answered_with_error", code=exc.error_code)
    return Problem(exc.http_status, {"code": exc.error_code, "detail": exc.detail, **exc.where}, headers)


def _describe_drf(exc: exceptions.APIException) -> Problem:
    detail = exc.detail if isinstance(exc.detail, str) else exc.default_detail
    code = exc.get_codes() if isinstance(exc.detail, str) else exc.default_code
    return Problem(exc.status_code, {"code": str(code), "detail": str(detail)})
