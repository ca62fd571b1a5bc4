"""Claiming rows and ending them: every write here is fenced by the claim's lease token.

All functions run inside a `workspace_scope`. A row ends by `complete_rows` in the transaction of its effect,
or by `fail_row`, which retries or buries it by the kind of its error.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from supastate.errors import SupastateError, TransientError
from supastate.queueing.ends import announce_ended
from supastate.queueing.models import QueueItem
from supastate.queueing.notices import announce_work
from supastate.queueing.stages import stage_of
from supastate.queueing.statements import run_statement

Item = TypeVar("Item", bound=QueueItem)
BACKOFF_BASE_SECONDS = 2.0


class LeaseLostError(Exception):
    """Somebody else owns the rows now: roll back and stop. Never leaves the queueing room's callers."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Item]):
    """Rows that are ours until the lease ends; `taken_over` from a worker whose lease expired."""

    model: type[Item]
    token: UUID
    rows: tuple[Item, ...]
    taken_over: bool = False

    @property
    def ids(self) -> list[UUID]:
        """The rows' ids."""
        return [row.id for row in self.rows]


def claim_rows(model: type[Item], *, workspace_id: UUID, size: int, urgent: bool = False) -> Claim[Item]:
    """Take up to `size` due rows, the more urgent first; a row whose lease expired comes alone.

    `urgent` leaves the backfill, and rows whose lease expired, to others.
    """
    token = uuid4()
    table = model._meta.db_table
    stage = stage_of(model).name
    exhausted = {"workspace": workspace_id, "max_attempts": settings.QUEUE_MAX_ATTEMPTS, "stage": stage}
    with run_statement("bury_exhausted", table, exhausted):
        pass
    wanted = {
        "workspace": workspace_id,
        "token": token,
        "lease_seconds": settings.QUEUE_LEASE_SECONDS,
        "size": size,
        "stage": stage,
        "urgent": urgent,
    }
    with run_statement("claim", table, wanted) as cursor:
        claimed = dict(cursor.fetchall())
    by_id = model._default_manager.in_bulk(list(claimed))
    return Claim(model, token, tuple(by_id[row_id] for row_id in claimed), taken_over=any(claimed.values()))


def pass_on_priority(priority: int) -> None:
    """Say how urgent the work is that this transaction asks for by writing texts: their triggers go by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.work_priority', %s, true)", [str(priority)])


def complete_rows(claim: Claim[Item], rows: Sequence[Item]) -> None:
    """Mark rows completed; raise LeaseLostError (so that the effect rolls back) if one is not ours any more."""
    if not rows:
        return
    parameters = {"ids": [row.id for row in rows], "token": claim.token}
    with run_statement("complete", claim.model._meta.db_table, parameters) as cursor:
        if cursor.rowcount != len(rows):
            raise LeaseLostError
    announce_work()
    announce_ended(rows)


def fail_row(claim: Claim[Item], row: Item, error: SupastateError) -> bool:
    """Retry the row later, or bury it with its reason (True): see `_is_final` for which."""
    reason = {
        "id": row.id,
        "token": claim.token,
        "stage": stage_of(claim.model).name,
        "error_code": error.error_code[:64],
        "error_detail": error.detail[:2_000],
    }
    table = claim.model._meta.db_table
    if _is_final(row, error):
        with run_statement("bury", table, reason) as cursor:
            return bool(cursor.rowcount)
    delay = _delay_before_retry(row, error)
    with run_statement("retry" if _counts(error) else "release", table, {**reason, "delay": delay}):
        return False


def isolate_rows(claim: Claim[Item], ids: Collection[UUID]) -> None:
    """End the lease now, so that each row is tried alone: one of them ended the whole claim."""
    parameters = {"ids": list(ids), "token": claim.token}
    with run_statement("isolate", claim.model._meta.db_table, parameters):
        announce_work()


def renew_lease(claim: Claim[Item], ids: Collection[UUID]) -> bool:
    """Prolong the lease of rows still in work; False when one of them was taken over."""
    parameters = {"ids": list(ids), "token": claim.token, "lease_seconds": settings.QUEUE_LEASE_SECONDS}
    with run_statement("renew", claim.model._meta.db_table, parameters) as cursor:
        return bool(cursor.rowcount == len(ids))


def _counts(error: SupastateError) -> bool:
    return not isinstance(error, TransientError) or error.counts_as_attempt


def _is_final(row: QueueItem, error: SupastateError) -> bool:
    """Permanent errors and exhausted attempts are final; an outage ends by the age of the row, not by count."""
    if not isinstance(error, TransientError):
        return True
    if error.counts_as_attempt:
        return row.attempts >= settings.QUEUE_MAX_ATTEMPTS
    return timezone.now() - row.due_since > timedelta(hours=settings.QUEUE_OUTAGE_HOURS)


def _delay_before_retry(row: QueueItem, error: SupastateError) -> float:
    """Full-jitter exponential back-off in seconds, never less than what the service asked for."""
    ceiling = min(settings.QUEUE_BACKOFF_CAP_SECONDS, BACKOFF_BASE_SECONDS * 2 ** min(row.attempts, 16))
    jitter = random.uniform(0, ceiling)  # noqa: S311  (spreads load, guards nothing)
    asked = error.retry_after if isinstance(error, TransientError) else None
    return max(jitter, 0.2) if asked is None else asked + min(jitter, asked)
