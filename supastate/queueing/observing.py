"""What the stages hold and how fast they are, from the rows: of one workspace, or of all as the dispatcher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections

from supastate.queueing.models import Status
from supastate.queueing.stages import Stage, all_stages
from supastate.queueing.statements import render_statement

LATENCY_WINDOW_SECONDS = 300
DISPATCH = "dispatch"


@dataclass(slots=True)
class Load:
    """What one stage holds of one workspace. Dead rows are those that wait for a person's decision."""

    depth: dict[str, int] = field(default_factory=lambda: {"pending": 0, "processing": 0, "dead": 0})
    oldest_due_seconds: float | None = None
    retries: dict[str, int] = field(default_factory=dict)
    dead_letters: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pace:
    """Rows completed in the last minute, and seconds from acceptance to completion in the last five."""

    completed_last_minute: int = 0
    samples: int = 0
    median_seconds: float | None = None
    p95_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class StageReport:
    """A stage's loads and paces by workspace, and its pace over all that were asked for."""

    stage: str
    loads: dict[UUID, Load]
    paces: dict[UUID, Pace]
    pace: Pace


def observe_workspace(workspace_id: UUID) -> list[StageReport]:
    """Return one workspace's reports; inside its scope."""
    return [_observe(stage, using="default", workspace_id=workspace_id) for stage in all_stages()]


def observe_all() -> list[StageReport]:
    """Return the reports of every workspace, as the dispatcher role sees them."""
    return [_observe(stage, using=DISPATCH, workspace_id=None) for stage in all_stages()]


def _observe(stage: Stage, *, using: str, workspace_id: UUID | None) -> StageReport:
    loads = _gather_loads(_fetch("load", stage, using, {"workspace": workspace_id}))
    parameters = {"workspace": workspace_id, "seconds": LATENCY_WINDOW_SECONDS}
    paces = {row[0]: _read_pace(row) for row in _fetch("pace", stage, using, parameters)}
    return StageReport(stage.name, loads, pace=paces.pop(None), paces=paces)


def _fetch(name: str, stage: Stage, using: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(render_statement(name, stage.table), parameters)
        return list(cursor.fetchall())


def _gather_loads(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, Load]:
    loads: dict[UUID, Load] = {}
    for workspace_id, status, error_code, count, oldest in rows:
        load = loads.setdefault(workspace_id, Load())
        load.depth[status] += count
        if oldest is not None:
            load.oldest_due_seconds = max(load.oldest_due_seconds or 0.0, round(float(oldest), 3))
        if status == Status.DEAD:
            load.dead_letters[error_code] = count
        elif error_code:
            load.retries[error_code] = count
    return loads


def _read_pace(row: tuple[Any, ...]) -> Pace:
    _, last_minute, samples, latency = row
    median, p95 = (round(float(seconds), 3) for seconds in latency) if latency else (None, None)
    return Pace(last_minute, samples, median, p95)
