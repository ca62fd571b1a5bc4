"""The one subscription of a process: it wakes who waits, and knows when Redis has fallen silent."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis

from supastate.live import wakeups as room
from supastate.live.wakeups import Wakeups
from supastate.local.redis import start_redis
from supastate.local.service import RunningService, find_free_port
from supastate.queueing.ends import name_channel

SOON_SECONDS = 10


@pytest.fixture
def own_redis(tmp_path: Path, redis_url: str, settings: Any) -> Iterator[RunningService]:
    """A Redis that may be frozen. `redis_url` skips where there is none."""
    service = start_redis(data_dir=tmp_path, port=find_free_port(), log_path=tmp_path / "redis.log")
    settings.REDIS_URL = service.url
    yield service
    service.process.send_signal(signal.SIGCONT)
    service.stop()


@asynccontextmanager
async def listening(batch_id: str) -> AsyncIterator[tuple[Wakeups, asyncio.Event]]:
    """Listen until the block ends, waiting for one batch."""
    wakeups = Wakeups()
    listener = asyncio.create_task(wakeups.listen())
    try:
        with wakeups.watch(batch_id) as woken:
            await until(woken)  # by the subscription
            assert wakeups.is_heard
            yield wakeups, woken
    finally:
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener


async def until(woken: asyncio.Event) -> None:
    await asyncio.wait_for(woken.wait(), SOON_SECONDS)
    woken.clear()


def test_a_message_wakes_those_whom_it_names(own_redis: RunningService) -> None:
    async def run() -> None:
        async with listening("mine") as (wakeups, woken):
            with wakeups.watch("another's") as not_woken, redis.Redis.from_url(own_redis.url) as broker:
                broker.publish(name_channel(), "unknown mine")
                await until(woken)
                assert not not_woken.is_set()

    asyncio.run(run())


def test_a_redis_that_falls_silent_is_noticed_and_heard_again(
    own_redis: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(room, "TIMEOUT_SECONDS", 0.2)

    async def run() -> None:
        async with listening("mine") as (wakeups, woken):
            own_redis.process.send_signal(signal.SIGSTOP)
            await until(woken)
            assert not wakeups.is_heard
            own_redis.process.send_signal(signal.SIGCONT)
            await until(woken)
            assert wakeups.is_heard

    asyncio.run(run())
