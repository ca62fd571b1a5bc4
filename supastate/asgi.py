"""The ASGI application of the live process: what is mounted on it, and what lives as long as it does."""

import os
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "supastate.settings.live"
django.setup(set_prefix=False)

from supastate.live.application import Receive, Send, StreamHandler, listening  # noqa: E402  (needs the settings)
from supastate.startup import refuse_bad_configuration  # noqa: E402

refuse_bad_configuration()
events = StreamHandler()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer a request, or live from the server's start to its stop."""
    if scope["type"] != "lifespan":
        await events(scope, receive, send)
        return
    await receive()  # lifespan.startup
    async with listening():
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
    await send({"type": "lifespan.shutdown.complete"})
