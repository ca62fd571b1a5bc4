"""Redis for what can do without it: an answer at once, or none; it never keeps a request or a stage waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 0.05
PAUSE_AFTER_FAILURE_SECONDS = 5.0
Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)


class BriefRedis:
    """A client that, after a failure, leaves Redis alone for some seconds instead of waiting again."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._paused_until = 0.0

    def ask(self, command: Callable[[redis.Redis], Answer]) -> Answer | None:
        """Return what the command answers; None while Redis is away, full or refusing."""
        if time.monotonic() < self._paused_until:
            return None
        try:
            return command(self._client)
        except redis.RedisError as exc:
            self._paused_until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
            log.warning("redis_away", purpose=self._purpose, reason=type(exc).__name__)
            return None
