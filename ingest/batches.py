"""What became of accepted work: one batch, and the workspace as a whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse

from ingest.models import Batch
from supastate.errors import NotFoundError
from supastate.queueing.ledger import Counts, add_counts, count_rows, count_stages
from supastate.queueing.models import Status
from supastate.queueing.observing import Load, StageReport, observe_workspace
from supastate.queueing.provider_state import ProviderState
from supastate.queueing.stages import all_stages

LEDGER = ("received", "new", "duplicate", "conflict", "rejected")


def describe_batch(batch_id: UUID, *, workspace_id: UUID) -> dict[str, Any]:
    """Return a batch in its wire form; new = pending + processing + completed + dead."""
    batch = find_batch(batch_id, workspace_id=workspace_id)
    return {
        "batchId": batch.pk,
        "kind": batch.kind,
        "createdAt": batch.created_at,
        "requestId": batch.request_id,
        **{name: getattr(batch, name) for name in LEDGER},
        **describe_progress(batch_id, workspace_id=workspace_id),
        "rejections": batch.rejections,
        "maskedSecrets": batch.masked_secrets,
        "eventsUrl": find_events_url(batch_id),
    }


def find_batch(batch_id: UUID, *, workspace_id: UUID) -> Batch:
    """Return a batch of the workspace; raise NotFoundError if there is none."""
    batch = Batch.objects.filter(pk=batch_id, workspace_id=workspace_id).first()
    if batch is None:
        raise NotFoundError("There is no such batch in this workspace.")
    return batch


def describe_progress(batch_id: UUID, *, workspace_id: UUID) -> dict[str, Any]:
    """Return where a batch's rows are: of the accepting stage, by stage, and whether all have ended."""
    stages = count_stages(workspace_id=workspace_id, batch_id=batch_id)
    return {
        **_add_accepting(stages),
        "done": all(counts[Status.PENDING] + counts[Status.PROCESSING] == 0 for counts in stages.values()),
        "stages": stages,
    }


def find_events_url(batch_id: UUID) -> str:
    """Return where a batch's events are streamed: absolute where LIVE_URL names the live process."""
    return settings.LIVE_URL.rstrip("/") + reverse("ingest-batch-events", args=[batch_id])


def find_request_ids(batch_ids: Collection[UUID]) -> set[str]:
    """Return the ids of the requests that the batches came from. Runs inside a workspace scope."""
    known = Batch.objects.filter(pk__in=batch_ids).exclude(request_id="")
    return set(known.values_list("request_id", flat=True))


def describe_workspace(*, workspace_id: UUID) -> dict[str, Any]:
    """Return what each stage holds and how fast it is, and the ledger of all batches."""
    counts = {stage.name: count_rows(stage, workspace_id=workspace_id) for stage in all_stages()}
    reports = {report.stage: report for report in observe_workspace(workspace_id)}
    ledger = Batch.objects.filter(workspace_id=workspace_id).aggregate(**{name: Sum(name) for name in LEDGER})
    return {
        "stages": {name: {**counts[name], **_describe_stage(reports[name], workspace_id)} for name in counts},
        "totals": {**{name: ledger[name] or 0 for name in LEDGER}, **_add_accepting(counts)},
    }


def describe_provider(provider: ProviderState) -> dict[str, Any]:
    """Return the provider's state and what its budgets have left; until when and why, if it is held or open."""
    body: dict[str, Any] = {"state": provider.state, "budgets": dict(provider.budgets)}
    if provider.state != "ok":
        body |= {"until": provider.until, "code": provider.code}
    return body


def _add_accepting(stages: dict[str, Counts]) -> Counts:
    return add_counts(*(stages[stage.name] for stage in all_stages() if stage.accepts))


def _describe_stage(report: StageReport, workspace_id: UUID) -> dict[str, Any]:
    load, pace = report.loads.get(workspace_id, Load()), report.pace
    return {
        "oldestDueSeconds": load.oldest_due_seconds,
        "completedLastMinute": pace.completed_last_minute,
        "latency": {"samples": pace.samples, "p50Seconds": pace.median_seconds, "p95Seconds": pace.p95_seconds},
        "retries": load.retries,
        "deadLetters": load.dead_letters,
    }
