"""Counts of rows by stage and status, taken from the rows themselves: received work must add up."""

from __future__ import annotations

from uuid import UUID

from supastate.queueing.models import Status
from supastate.queueing.stages import Stage, all_stages
from supastate.queueing.statements import run_statement

Counts = dict[str, int]


def count_rows(stage: Stage, *, workspace_id: UUID, batch_id: UUID | None = None) -> Counts:
    """Return {status: rows} of one stage, every status present: of a batch, or of all that was ever accepted."""
    counts: Counts = dict.fromkeys(Status.values, 0)
    parameters = {"workspace": workspace_id, "batch": batch_id}
    with run_statement("ledger" if batch_id else "standing", stage.table, parameters) as cursor:
        counts.update(cursor.fetchall())
    return counts


def count_stages(*, workspace_id: UUID, batch_id: UUID | None = None) -> dict[str, Counts]:
    """Return {stage: {status: rows}} for every stage, in order."""
    return {stage.name: count_rows(stage, workspace_id=workspace_id, batch_id=batch_id) for stage in all_stages()}


def add_counts(*parts: Counts) -> Counts:
    """Return the sum of several counts."""
    return {status: sum(part[status] for part in parts) for status in Status.values}
