"""A batch's progress as server-sent events, derived from its rows.

Each event is the whole state, and its id a hash of it: a client that comes back with its last id, to this server
or another, is told the state if it has changed, and misses nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from ingest.batches import describe_progress
from supastate.api.exceptions import is_database_away
from supastate.live.reading import read
from supastate.live.slots import Slot
from supastate.live.wakeups import wakeups
from supastate.workspaces.scope import workspace_scope

PAUSE_SECONDS = 0.2  # ends that follow each other closely make one event
OPENING = b"retry: 2000\n\n"
NOTHING_NEW = b": nothing new\n\n"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a batch as JSON, the id of this state, and whether it is the last."""

    id: str
    data: bytes
    is_done: bool

    def to_event(self) -> bytes:
        """Return the wire form."""
        name = b"end" if self.is_done else b"progress"
        return b"id: %b\nevent: %b\ndata: %b\n\n" % (self.id.encode(), name, self.data)


def read_progress(batch_id: UUID, *, workspace_id: UUID) -> Progress:
    """Return how far the batch is."""
    with workspace_scope(workspace_id):
        told = {"batchId": batch_id, **describe_progress(batch_id, workspace_id=workspace_id)}
    data = orjson.dumps(told)
    return Progress(id=hashlib.sha256(data).hexdigest()[:16], data=data, is_done=told["done"])


async def stream_progress(batch_id: UUID, *, workspace_id: UUID, seen: str, slot: Slot) -> AsyncIterator[bytes]:
    """Yield events after the state `seen`, and comments while nothing happens; return after `end` or in time."""
    ends_at = time.monotonic() + settings.LIVE_STREAM_SECONDS
    look = partial(read_progress, batch_id, workspace_id=workspace_id)
    try:
        yield OPENING
        with wakeups.watch(str(batch_id)) as woken:
            while not wakeups.is_ending and time.monotonic() < ends_at:
                woken.clear()
                progress = await _look(look)
                if progress is None or progress.id == seen:
                    yield NOTHING_NEW
                else:
                    seen = progress.id
                    yield progress.to_event()
                    if progress.is_done:
                        return
                await asyncio.sleep(PAUSE_SECONDS)
                await _wait(woken, until=ends_at)
    finally:
        slot.release()


async def _look(look: partial[Progress]) -> Progress | None:
    """Return the state, or None while the database is away: it is asked again."""
    try:
        return await read(look)
    except (DatabaseError, InterfaceError) as exc:
        if not is_database_away(exc):
            raise
        log.warning("live_database_away", reason=type(exc).__name__)
        return None


async def _wait(woken: asyncio.Event, *, until: float) -> None:
    patience = settings.LIVE_HEARTBEAT_SECONDS if wakeups.is_heard else settings.LIVE_POLL_SECONDS
    with suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), max(min(patience, until - time.monotonic()), 0))
