"""What became of accepted work: one batch, and the workspace as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Sum

from ingest.models import Batch
from supastate.errors import NotFoundError
from supastate.queueing.ledger import Counts, add_counts, count_rows, count_stages
from supastate.queueing.models import Status
from supastate.queueing.stages import Stage, all_stages
from supastate.queueing.statements import run_statement

LEDGER = ("received", "new", "duplicate", "conflict", "rejected")


def describe_batch(batch_id: UUID, *, workspace_id: UUID) -> dict[str, Any]:
    """Return a batch in its wire form; new = pending + processing + completed + dead."""
    batch = Batch.objects.filter(pk=batch_id, workspace_id=workspace_id).first()
    if batch is None:
        raise NotFoundError("There is no such batch in this workspace.")
    stages = count_stages(workspace_id=workspace_id, batch_id=batch_id)
    return {
        "batchId": batch.pk,
        "kind": batch.kind,
        "createdAt": batch.created_at,
        **{name: getattr(batch, name) for name in LEDGER},
        **_add_accepting(stages),
        "done": all(counts[Status.PENDING] + counts[Status.PROCESSING] == 0 for counts in stages.values()),
        "stages": stages,
        "rejections": batch.rejections,
        "maskedSecrets": batch.masked_secrets,
    }


def describe_workspace(*, workspace_id: UUID) -> dict[str, Any]:
    """Return the counts and the oldest due row's age, in seconds, of each stage, and the ledger of all batches."""
    counts = {stage.name: count_rows(stage, workspace_id=workspace_id) for stage in all_stages()}
    ages = {stage.name: _age_of_oldest_due(stage) for stage in all_stages()}
    ledger = Batch.objects.filter(workspace_id=workspace_id).aggregate(**{name: Sum(name) for name in LEDGER})
    return {
        "stages": {name: {**counts[name], "oldestDueSeconds": ages[name]} for name in counts},
        "totals": {**{name: ledger[name] or 0 for name in LEDGER}, **_add_accepting(counts)},
    }


def _add_accepting(stages: dict[str, Counts]) -> Counts:
    return add_counts(*(stages[stage.name] for stage in all_stages() if stage.accepts))


def _age_of_oldest_due(stage: Stage) -> float | None:
    with run_statement("stalled", stage.table, {"seconds": 0}) as cursor:
        age = cursor.fetchone()[0]
    return None if age is None else round(float(age), 3)
