"""The access log: who was given which memory. Written in batches by a thread, so that no reader waits for it.

An access that is lost with its process costs a little strength and nothing else.
"""

from __future__ import annotations

import atexit
import threading
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from processing.dynamics.statements import run_statement
from supastate.workspaces.scope import workspace_scope

MOST_PENDING = 10_000
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """One memory that one reader was given."""

    workspace_id: UUID
    memory_id: UUID
    reader: UUID
    way: str
    moment: datetime


_pending: deque[Access] = deque(maxlen=MOST_PENDING)


def note_accesses(memory_ids: Iterable[UUID], *, workspace_id: UUID, reader: UUID, way: str) -> None:
    """Remember that `reader` was given these memories now; returns at once."""
    moment = timezone.now()
    _pending.extend(Access(workspace_id, memory_id, reader, way, moment) for memory_id in memory_ids)
    if settings.ACCESS_LOG_SECONDS:
        _start_writer()


def write_accesses() -> int:
    """Write what is pending; return how many. What cannot be written is lost, and said so in the log."""
    batch = [_pending.popleft() for _ in range(len(_pending))]
    by_workspace: dict[UUID, list[Access]] = defaultdict(list)
    for access in batch:
        by_workspace[access.workspace_id].append(access)
    for workspace_id, accesses in by_workspace.items():
        try:
            _write(workspace_id, accesses)
        except DatabaseError as exc:
            log.warning("accesses_lost", count=len(accesses), reason=type(exc).__name__)
    return len(batch)


def _write(workspace_id: UUID, accesses: list[Access]) -> None:
    parameters = {
        "workspace": workspace_id,
        "memories": [access.memory_id for access in accesses],
        "readers": [access.reader for access in accesses],
        "ways": [access.way for access in accesses],
        "moments": [access.moment for access in accesses],
    }
    with workspace_scope(workspace_id), run_statement("note_accesses", parameters):
        pass


@cache
def _start_writer() -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=_write_often, args=(stopping,), name="access-log", daemon=True)
    thread.start()
    atexit.register(_stop, stopping, thread)


def _write_often(stopping: threading.Event) -> None:
    while not stopping.wait(settings.ACCESS_LOG_SECONDS):
        if _pending:
            write_accesses()
    write_accesses()
    connection.close()


def _stop(stopping: threading.Event, thread: threading.Thread) -> None:
    stopping.set()
    thread.join(timeout=5)
