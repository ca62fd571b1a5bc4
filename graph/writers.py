"""One writer at a time for each project's graph.

The lease keeps two workers from resolving the same project side by side; the epoch, which the store checks,
keeps a writer that lost its lease from undoing the work of the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db.models.functions import Now

from graph.models import GraphProject, GraphQueue
from supastate.queueing.claims import Claim, LeaseLostError
from supastate.queueing.models import Status
from supastate.queueing.notices import announce_work
from supastate.sql_files import SqlFolder
from supastate.workspaces.scope import workspace_scope

BUSY = "graph_busy"
"""The error of rows that found another writer at work."""
ANOTHER_WRITES = "Another worker writes this project's graph."
_statements = SqlFolder(Path(__file__).parent / "sql")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Writer:
    """The right to write a project's graph under `epoch`."""

    workspace_id: UUID
    project_id: UUID
    epoch: int
    token: UUID


def acquire_writer(*, workspace_id: UUID, project_id: UUID) -> Writer | None:
    """Take the lease; None while another worker holds it."""
    token = uuid4()
    parameters: dict[str, UUID | int] = {
        "workspace": workspace_id,
        "project": project_id,
        "token": token,
        "lease_seconds": settings.QUEUE_LEASE_SECONDS,
    }
    with workspace_scope(workspace_id), _statements.run("acquire_writer", parameters) as cursor:
        row = cursor.fetchone()
    return Writer(workspace_id, project_id, row[0], token) if row else None


def renew_writer(writer: Writer) -> bool:
    """Prolong the lease by the database's clock; False when another worker took over."""
    until = Now() + timedelta(seconds=settings.QUEUE_LEASE_SECONDS)
    with workspace_scope(writer.workspace_id):
        mine = GraphProject.objects.filter(project_id=writer.project_id, lease_token=writer.token)
        return bool(mine.update(lease_until=until))


def keep_writer(writer: Writer) -> None:
    """Prolong the lease; raise LeaseLostError when another worker took over."""
    if not renew_writer(writer):
        raise LeaseLostError


def release_writer(writer: Writer) -> None:
    """Give the lease back, and let the rows that wait for it be claimed at once; harmless when it was lost."""
    with workspace_scope(writer.workspace_id):
        GraphProject.objects.filter(project_id=writer.project_id, lease_token=writer.token).update(
            lease_token=None
        )
        waiting = GraphQueue.objects.filter(project_id=writer.project_id, status=Status.PENDING, error_code=BUSY)
        if waiting.update(run_after=Now()):
            announce_work()


def wait_for_writer(claim: Claim[GraphQueue], *, workspace_id: UUID, project_id: UUID) -> None:
    """Give back what a claim has of a project that another worker writes, until that one ends.

    Rows that nobody claimed wait as well. Were each tried again after seconds, a large project's would be claimed
    and given back all the time that it takes to resolve it.
    """
    parameters = {
        "project": project_id,
        "token": claim.token,
        "error_code": BUSY,
        "error_detail": ANOTHER_WRITES,
    }
    with workspace_scope(workspace_id), _statements.run("park_waiting", parameters) as cursor:
        log.info("rows_wait_for_writer", rows=cursor.rowcount, project=str(project_id))


def current_epoch(*, workspace_id: UUID, project_id: UUID) -> int:
    """Return the epoch of the last writer (0 before the first), under which links may be written beside it."""
    with workspace_scope(workspace_id):
        known = GraphProject.objects.filter(project_id=project_id).values_list("epoch", flat=True).first()
    return known or 0
