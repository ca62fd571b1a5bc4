"""Gives every request an id, which its answer, its logs and the errors in between carry."""

from __future__ import annotations

import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse

from supastate.workspaces.ids import new_id

SANE_ID = re.compile(r"^[\w.:-]{1,128}$", re.ASCII)


class RequestIdMiddleware:
    """Takes the client's X-Request-Id when it is a plain token, else makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if SANE_ID.match(given) else str(new_id())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self._get_response(request)
        response["X-Request-Id"] = request_id
        return response


def answer_not_found(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001  (by name)
    """Django's handler404: an unknown address."""
    return JsonResponse({"code": "not_found", "detail": "There is nothing at this address."}, status=404)


def answer_error(_request: HttpRequest) -> JsonResponse:
    """Django's handler500: a defect; the log has it under the request's id."""
    return JsonResponse({"code": "internal", "detail": "This is our fault; the log has it."}, status=500)
