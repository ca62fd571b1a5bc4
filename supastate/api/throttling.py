"""A request limit per workspace, atomic in Redis, failing open: Redis away must never refuse or delay anybody."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import redis
import structlog
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from supastate.api.authentication import Caller
from supastate.errors import ThrottledError

if TYPE_CHECKING:  # DRF loads these classes while it defines its views
    from rest_framework.views import APIView

SCRIPT = (Path(__file__).parent / "lua" / "throttle.lua").read_text()
TIMEOUT_SECONDS = 0.05
PAUSE_AFTER_FAILURE_SECONDS = 5.0
log = structlog.get_logger(__name__)


class WorkspaceThrottle(BaseThrottle):
    """Refuses a workspace's requests past its rate with 429 and Retry-After."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Return True, or raise ThrottledError."""
        if isinstance(request.auth, Caller):
            seconds = _gate().count(request.auth.workspace_id)
            if seconds:
                raise ThrottledError(retry_after=seconds)
        return True


class _Gate:
    """Counts requests; after a failure it lets everything pass for a while instead of waiting again."""

    def __init__(self) -> None:
        self._client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=None,
        )
        self._script = self._client.register_script(SCRIPT)
        self._paused_until = 0.0

    def count(self, workspace_id: UUID) -> int:
        """Return 0 when the request may pass, else the seconds to wait."""
        if time.monotonic() < self._paused_until:
            return 0
        key = f"{settings.REDIS_KEY_PREFIX}throttle:{workspace_id}"
        try:
            return int(self._script(keys=[key], args=[settings.WORKSPACE_REQUESTS_PER_MINUTE]))
        except redis.RedisError as exc:
            self._paused_until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
            log.warning("throttle_away", reason=type(exc).__name__)
            return 0


@cache
def _gate() -> _Gate:
    return _Gate()
