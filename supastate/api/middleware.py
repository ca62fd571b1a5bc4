"""Gives every request an id, which its answer, its logs and the errors in between carry."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware

from supastate.workspaces.ids import new_id

SANE_ID = re.compile(r"^[\w.:-]{1,128}$", re.ASCII)


@sync_and_async_middleware
def add_request_id(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Take the client's X-Request-Id when it is a plain token, else make one."""
    if iscoroutinefunction(get_response):
        return _add_async(get_response)

    def answer(request: HttpRequest) -> HttpResponse:
        request_id = _bind_request_id(request)
        response: HttpResponse = get_response(request)
        response["X-Request-Id"] = request_id
        return response

    return answer


def _add_async(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], Awaitable[HttpResponse]]:
    async def answer(request: HttpRequest) -> HttpResponse:
        request_id = _bind_request_id(request)
        response = await get_response(request)
        response["X-Request-Id"] = request_id
        return response

    return answer


def _bind_request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "")
    request_id = given if SANE_ID.match(given) else str(new_id())
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def answer_not_found(_request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001  (by name)
    """Django's handler404: an unknown address."""
    return JsonResponse({"code": "not_found", "detail": "There is nothing at this address."}, status=404)


def answer_error(_request: HttpRequest) -> JsonResponse:
    """Django's handler500: a defect; the log has it under the request's id."""
    return JsonResponse({"code": "internal", "detail": "This is our fault; the log has it."}, status=500)
