"""Names in every log line of a claim the batches and requests that its rows came from.

Batches belong to a room above, which registers who knows their requests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

import structlog

from supastate.queueing.models import QueueItem

FindRequestIds = Callable[[Collection[UUID]], set[str]]
_finders: list[FindRequestIds] = []


def register_request_ids(find: FindRequestIds) -> None:
    """Name who knows the requests of batches (called once, by AppConfig.ready)."""
    _finders[:] = [find]


def trace_rows(stage: str, rows: Sequence[QueueItem]) -> AbstractContextManager[None]:
    """Return a context whose log lines carry the stage, batches and requests. Runs inside a workspace scope."""
    batches = list_batches(rows)
    requests = {found for find in _finders for found in find(batches)} if batches else set()
    return structlog.contextvars.bound_contextvars(
        stage=stage, batch_ids=sorted(map(str, batches)), request_ids=sorted(requests)
    )


def list_batches(rows: Sequence[QueueItem]) -> set[UUID]:
    """Return the batches that the rows came from."""
    return {row.batch_id for row in rows if row.batch_id is not None}


def name_rows(rows: Sequence[QueueItem]) -> list[str]:
    """Return the rows' ids as the log shows them."""
    return [str(row.pk) for row in rows]
