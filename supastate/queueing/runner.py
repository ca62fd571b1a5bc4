"""Runs one claim of a stage: claim, let the stage do its work, and end every row one way or another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import DatabaseError

from supastate.errors import SupastateError, TransientError
from supastate.queueing.claims import Claim, LeaseLostError, claim_rows, fail_row, isolate_rows
from supastate.queueing.ends import announce_ended
from supastate.queueing.models import QueueItem
from supastate.queueing.stages import stage_of
from supastate.queueing.tracing import name_rows, trace_rows
from supastate.workspaces.scope import workspace_scope

Item = TypeVar("Item", bound=QueueItem)
Handler = Callable[[Claim[Item]], None]
ONE_BY_ONE_SECONDS = 5.0
log = structlog.get_logger(__name__)


def run_claim(model: type[Item], *, workspace_id: UUID, work: Handler[Item], urgent: bool = False) -> int:
    """Claim due rows of one workspace, or its interactive ones, and do `work` on them; return how many.

    `work` completes its rows itself, in the transactions of their effects. What it raises is the fate of the
    rows it had not yet ended: a known error fails each of them; an unknown one makes each be tried alone.
    Rows of a vanished worker come one by one; they are worked off in turn, not one a hint.
    """
    give_up_at = time.monotonic() + ONE_BY_ONE_SECONDS
    claim = _run_once(model, workspace_id=workspace_id, work=work, urgent=urgent)
    total = len(claim.rows)
    while claim.taken_over and time.monotonic() < give_up_at:
        claim = _run_once(model, workspace_id=workspace_id, work=work, urgent=urgent)
        total += len(claim.rows)
    return total


def _run_once(model: type[Item], *, workspace_id: UUID, work: Handler[Item], urgent: bool) -> Claim[Item]:
    stage = stage_of(model)
    with workspace_scope(workspace_id):
        size = stage.express.claim_size if urgent and stage.express else stage.claim_size
        claim = claim_rows(model, workspace_id=workspace_id, size=size, urgent=urgent)
        if not claim.rows:
            return claim
        trace = trace_rows(stage.name, claim.rows)
    with trace:
        log.info("rows_claimed", row_ids=name_rows(claim.rows))
        _work(claim, work, workspace_id=workspace_id)
        log.info("claim_ended", rows=len(claim.rows))
    return claim


def _work(claim: Claim[Item], work: Handler[Item], *, workspace_id: UUID) -> None:
    stage = stage_of(claim.model)
    try:
        work(claim)
    except LeaseLostError:
        log.warning("lease_lost", rows=len(claim.rows))
    except SupastateError as error:
        fail_rows(claim, claim.rows, error, workspace_id=workspace_id)
    except DatabaseError as exc:
        log.warning("database_error", exc_info=exc)
        _set_apart(claim, TransientError(code="database_error"), workspace_id=workspace_id)
    except Exception as exc:
        log.exception("stage_failed", rows=len(claim.rows))
        defect = TransientError(
            f"{type(exc).__name__} in stage {stage.name}; see the logs.", code="internal_error"
        )
        _set_apart(claim, defect, workspace_id=workspace_id)


def fail_rows(
    claim: Claim[Item], rows: Sequence[Item], error: SupastateError, *, workspace_id: UUID
) -> list[Item]:
    """Retry or bury rows that `error` ended, in a transaction of their own; return those that were buried."""
    with workspace_scope(workspace_id):
        buried = [row for row in rows if fail_row(claim, row, error)]
        announce_ended(buried)
    log.info("rows_failed", code=error.error_code, row_ids=name_rows(rows), buried=name_rows(buried))
    return buried


def _set_apart(claim: Claim[Item], error: TransientError, *, workspace_id: UUID) -> None:
    """A single row is to blame for its own failure; of several, each is tried alone to find the one."""
    if len(claim.rows) == 1:
        fail_rows(claim, claim.rows, error, workspace_id=workspace_id)
        return
    with workspace_scope(workspace_id):
        isolate_rows(claim, claim.ids)
