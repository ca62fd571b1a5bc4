"""Asks for detection: after ingest (one job waits in a workspace), on schedule, or because somebody wants it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from processing.models import PatternQueue, PatternType
from processing.patterns.checkpoints import begin_span
from processing.patterns.statements import run_statement
from supastate.queueing.models import Priority
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope

DEFAULT_LIMIT = 100


def request_detection(
    *,
    workspace_id: UUID,
    after_ingest: bool,
    pattern_types: Sequence[str] = (),
    limit: int = DEFAULT_LIMIT,
    project_id: UUID | None = None,
    user_id: UUID | None = None,
) -> UUID | None:
    """Queue a detection job and return its id; None when the one that ingest asked for already waits.

    Runs inside a workspace scope; after ingest, at the end of the transaction that wrote the memories. `limit`
    is how many conversations one slice reads; `pattern_types` empty means all.
    """
    job = PatternQueue(
        workspace_id=workspace_id,
        pattern_types=list(pattern_types),
        limit=limit,
        project_id=project_id,
        user_id=user_id,
        asked_by_ingest=after_ingest,
        priority=Priority.BACKFILL if after_ingest else Priority.INTERACTIVE,
        run_after=Now() + timedelta(seconds=settings.PATTERN_DEBOUNCE_SECONDS if after_ingest else 0),
    )
    PatternQueue.objects.bulk_create([job], ignore_conflicts=True)
    if after_ingest and not PatternQueue.objects.filter(pk=job.pk).exists():
        if _hold_waiting_job(workspace_id):
            return None
        job.asked_by_ingest = False  # the one that waited was claimed in between and may not see our memories
        PatternQueue.objects.bulk_create([job])
    announce_work()
    return job.pk


def schedule_all() -> None:
    """Queue one job in each workspace that has memories no run has read."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with workspace_scope(workspace_id):
            if any(begin_span(kind, workspace_id=workspace_id) for kind in PatternType.values):
                request_detection(workspace_id=workspace_id, after_ingest=True)


def _hold_waiting_job(workspace_id: UUID) -> bool:
    with run_statement("hold_waiting_job", {"workspace": workspace_id}) as cursor:
        return cursor.fetchone() is not None
