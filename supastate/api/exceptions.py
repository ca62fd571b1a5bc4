"""The one place that turns exceptions into answers: `{code, detail, …where}`."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from supastate.errors import SupastateError, ThrottledError, TransientError, UnauthenticatedError

log = structlog.get_logger(__name__)


def render_exception(exc: Exception, _context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Unknown exceptions return None: Django logs them and answers 500."""
    if isinstance(exc, SupastateError):
        return _render(exc)
    if isinstance(exc, Http404):
        return Response({"code": "not_found", "detail": "There is no such thing here."}, status=404)
    if isinstance(exc, PermissionDenied):
        return Response({"code": "forbidden", "detail": "This is not allowed."}, status=403)
    if isinstance(exc, exceptions.APIException):
        return _render_drf(exc)
    return None


def _render(exc: SupastateError) -> Response:
    set_rollback()
    headers = {}
    if isinstance(exc, ThrottledError):
        headers["Retry-After"] = str(exc.retry_after)
    if isinstance(exc, TransientError):
        headers["Retry-After"] = str(int(exc.retry_after or 5))
    if isinstance(exc, UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    if exc.http_status >= 500:
        log.warning("answered_with_error", code=exc.error_code)
    body = {"code": exc.error_code, "detail": exc.detail, **exc.where}
    return Response(body, status=exc.http_status, headers=headers)


def _render_drf(exc: exceptions.APIException) -> Response:
    detail = exc.detail if isinstance(exc.detail, str) else exc.default_detail
    code = exc.get_codes() if isinstance(exc.detail, str) else exc.default_code
    return Response({"code": str(code), "detail": str(detail)}, status=exc.status_code)
