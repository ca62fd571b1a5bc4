"""The process's HTTP application, and what runs beside it from start to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from django.core.handlers.asgi import ASGIHandler

from supastate.live.wakeups import wakeups

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class StreamHandler(ASGIHandler):
    """Django's, without the thread that it would keep for each open stream."""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.handle(scope, receive, send)


@asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """Listen for ended rows; end the streams on SIGTERM, since the server waits for them before it stops."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Beside the handler that the server gave the loop, which is called all the same.
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(wakeups.end))
    listener = asyncio.create_task(wakeups.listen())
    try:
        yield
    finally:
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener
