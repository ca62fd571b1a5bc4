"""At most so many queries of one workspace at a time in this process: one tenant cannot hold all its threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from supastate.errors import ThrottledError

_lock = threading.Lock()
_running: Counter[UUID] = Counter()


@contextmanager
def take_turn(workspace_id: UUID, *, most: int) -> Iterator[None]:
    """Count one query of the workspace while it runs; raise ThrottledError when `most` are running."""
    with _lock:
        if _running[workspace_id] >= most:
            raise ThrottledError(
                f"{most} queries of this workspace are running: ask again when one has ended.",
                retry_after=1,
                code="too_many_queries",
            )
        _running[workspace_id] += 1
    try:
        yield
    finally:
        with _lock:
            _running[workspace_id] -= 1
            if not _running[workspace_id]:
                del _running[workspace_id]
