"""Lua scripts on Redis that never keep a caller waiting: while Redis is away they answer None at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

_FOLDER = Path(__file__).parent / "lua"
_SOCKET_TIMEOUT_SECONDS = 0.25
_REST_SECONDS = 5.0

logger = logging.getLogger(__name__)


class SharedScripts:
    """Runs the scripts of `lua/`; after a failure leaves Redis alone for some seconds."""

    def __init__(self, redis_url: str, *, rest_seconds: float = _REST_SECONDS) -> None:
        self._client = redis.Redis.from_url(
            redis_url,
            socket_timeout=_SOCKET_TIMEOUT_SECONDS,
            socket_connect_timeout=_SOCKET_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._rest_seconds = rest_seconds
        self._away_until = 0.0
        self._scripts = {
            path.stem: Script(self._client, path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.lua"))
        }

    def run(self, name: str, *, keys: Sequence[str], args: Sequence[str | float]) -> Any | None:
        """Return what the script returns, or None while Redis is away, full or refusing."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return self._scripts[name](keys=keys, args=args)
        except redis.RedisError as exc:
            self._away_until = time.monotonic() + self._rest_seconds
            logger.warning("embedding limits fall back to this process: redis %s", type(exc).__name__)
            return None

    def close(self) -> None:
        """Close this process's connections."""
        self._client.close()
