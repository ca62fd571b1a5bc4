"""Dead rows: what could not be processed, kept with its reason until a person replays or discards it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from supastate.queueing.models import Attempt, QueueAction, Status
from supastate.queueing.notices import announce_work
from supastate.queueing.stages import Stage
from supastate.queueing.statements import run_statement


def replay_rows(stage: Stage, ids: Sequence[UUID], *, workspace_id: UUID, actor_id: UUID | None) -> list[UUID]:
    """Make dead rows pending again; those already replayed, discarded or unknown are left alone. Audited."""
    return _act(stage, ids, QueueAction.Action.REPLAY, workspace_id=workspace_id, actor_id=actor_id)


def discard_rows(stage: Stage, ids: Sequence[UUID], *, workspace_id: UUID, actor_id: UUID | None) -> list[UUID]:
    """Mark dead rows as given up; they stay in the ledger as dead. Audited."""
    return _act(stage, ids, QueueAction.Action.DISCARD, workspace_id=workspace_id, actor_id=actor_id)


@dataclass(frozen=True, slots=True)
class DeadFilter:
    """Which dead rows are meant: of these stages, and what else is given narrows them."""

    stages: tuple[Stage, ...]
    code: str = ""
    before: datetime | None = None
    ids: tuple[UUID, ...] | None = None

    def find(self, stage: Stage) -> QuerySet[Any]:
        """Return one stage's dead rows that wait for a decision and match."""
        rows = stage.model._default_manager.filter(status=Status.DEAD, discarded_at__isnull=True)
        if self.code:
            rows = rows.filter(error_code=self.code)
        if self.before is not None:
            rows = rows.filter(processed_at__lt=self.before)
        return rows if self.ids is None else rows.filter(pk__in=self.ids)


@dataclass(frozen=True, slots=True)
class Acted:
    """How many rows matched and how many of them were changed now."""

    matched: int
    changed: int

    @property
    def remaining(self) -> int:
        """How many still wait for the same action."""
        return self.matched - self.changed


def act_on_matching(
    wanted: DeadFilter, action: QueueAction.Action, *, workspace_id: UUID, actor_id: UUID | None, limit: int
) -> Acted:
    """Replay or discard up to `limit` matching rows, the oldest first; again for those that remain."""
    matched = changed = 0
    for stage in wanted.stages:
        rows = wanted.find(stage).filter(workspace_id=workspace_id)
        matched += rows.count()
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[: limit - changed])
        if ids:
            changed += len(_act(stage, ids, action, workspace_id=workspace_id, actor_id=actor_id))
    return Acted(matched, changed)


def list_attempts(row_id: UUID, *, workspace_id: UUID) -> QuerySet[Attempt]:
    """Return how each attempt at a row failed, the oldest first."""
    return Attempt.objects.filter(workspace_id=workspace_id, row_id=row_id)


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
