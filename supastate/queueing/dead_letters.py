"""Dead rows: what could not be processed, kept with its reason until a person replays or discards it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from supastate.queueing.models import QueueAction
from supastate.queueing.notices import announce_work
from supastate.queueing.stages import Stage
from supastate.queueing.statements import run_statement


def replay_rows(stage: Stage, ids: Sequence[UUID], *, workspace_id: UUID, actor_id: UUID | None) -> list[UUID]:
    """Make dead rows pending again; those already replayed, discarded or unknown are left alone. Audited."""
    return _act(stage, ids, QueueAction.Action.REPLAY, workspace_id=workspace_id, actor_id=actor_id)


def discard_rows(stage: Stage, ids: Sequence[UUID], *, workspace_id: UUID, actor_id: UUID | None) -> list[UUID]:
    """Mark dead rows as given up; they stay in the ledger as dead. Audited."""
    return _act(stage, ids, QueueAction.Action.DISCARD, workspace_id=workspace_id, actor_id=actor_id)


def _act(
    stage: Stage,
    ids: Sequence[UUID],
    action: QueueAction.Action,
    *,
    workspace_id: UUID,
    actor_id: UUID | None,
) -> list[UUID]:
    with transaction.atomic():
        with run_statement(action.value, stage.table, {"ids": list(ids)}) as cursor:
            changed = cursor.fetchall()
        QueueAction.objects.bulk_create(
            QueueAction(
                workspace_id=workspace_id,
                actor_id=actor_id,
                action=action,
                stage=stage.name,
                row_id=row_id,
                error_code=error_code,
            )
            for row_id, error_code in changed
        )
        announce_work()
    return [row_id for row_id, _ in changed]
