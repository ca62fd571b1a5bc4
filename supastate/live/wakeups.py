"""Wakes the streams of a batch when workers publish that rows of it ended.

One subscription serves the whole process. A message may be lost or doubled: streams derive what they say from
the rows, and look by themselves now and then, more often while Redis is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import redis
import structlog
from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from supastate.queueing.ends import name_channel

TIMEOUT_SECONDS = 2.0
QUIET_SECONDS = 5.0  # a subscription that hears nothing for so long is asked whether it still stands
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Wakeups:
    """Who waits for which batch. `is_heard`: Redis will tell; `is_ending`: the process stops, streams end."""

    is_heard: bool = False
    is_ending: bool = False
    _waiting: dict[str, set[asyncio.Event]] = field(default_factory=dict)

    @contextmanager
    def watch(self, batch_id: str) -> Iterator[asyncio.Event]:
        """Yield an event that is set when there may be news of the batch."""
        woken = asyncio.Event()
        self._waiting.setdefault(batch_id, set()).add(woken)
        try:
            yield woken
        finally:
            others = self._waiting[batch_id]
            others.discard(woken)
            if not others:
                del self._waiting[batch_id]

    def end(self) -> None:
        """Let every stream end."""
        self.is_ending = True
        self._wake(list(self._waiting))

    async def listen(self) -> None:
        """Wake for every message until cancelled; an unreachable Redis is waited for."""
        while True:
            try:
                await self._hear()
            except (redis.RedisError, OSError) as exc:
                log.warning("live_redis_away", reason=type(exc).__name__)
            self._set_heard(False)
            await asyncio.sleep(TIMEOUT_SECONDS)

    async def _hear(self) -> None:
        client = Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(name_channel())
            while True:
                message = await _next_message(subscription)
                self._set_heard(True)
                if message["type"] == "message":
                    self._wake(message["data"].split())

    def _set_heard(self, is_heard: bool) -> None:
        if self.is_heard != is_heard:
            self.is_heard = is_heard
            self._wake(list(self._waiting))  # they look now, and choose anew how long to wait

    def _wake(self, batch_ids: list[str]) -> None:
        for batch_id in batch_ids:
            for woken in self._waiting.get(batch_id, ()):
                woken.set()


async def _next_message(subscription: PubSub) -> dict[str, str]:
    """Return the next message of any type; raise TimeoutError if Redis does not even answer a ping."""
    message = await subscription.get_message(timeout=QUIET_SECONDS)
    if message is None:
        await subscription.ping()
        message = await subscription.get_message(timeout=TIMEOUT_SECONDS)
    if message is None:
        raise redis.TimeoutError
    return dict(message)


wakeups = Wakeups()
