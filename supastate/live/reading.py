"""Reads of the database for streams, in a few threads with a connection each.

However many streams are open, they share these connections: a stream that waits holds none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections

READERS = 4
Answer = TypeVar("Answer")
_readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")


async def read(question: Callable[[], Answer]) -> Answer:
    """Return what `question` finds; what it raises is raised here."""
    return await asyncio.get_running_loop().run_in_executor(_readers, _ask, question)


def _ask(question: Callable[[], Answer]) -> Answer:
    close_old_connections()
    try:
        return question()
    finally:
        close_old_connections()  # one that broke must not be met by the next question
