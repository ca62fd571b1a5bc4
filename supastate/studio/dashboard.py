"""The numbers of the selected workspace, as the overview shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Model, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from ingest.models import Batch
from processing.models import CodeFile, CodeObject, EmbedQueue, Memory, Pattern, Session
from supastate.queueing.ledger import Counts, count_rows
from supastate.queueing.models import Status
from supastate.studio.dead_letters import count_dead, list_viewable_stages, name_stage
from supastate.studio.reading import list_readable, may_view
from supastate.studio.selection import current_workspace

DAYS = 30
RECENT = 6
RECENT_PATTERNS = 4  # as high as the chart beside them
WORKING = Q(status=Status.PENDING) | Q(status=Status.PROCESSING)


@dataclass(frozen=True, slots=True)
class Card:
    """A number with its name, an icon, and the page that lists what was counted."""

    title: str
    icon: str
    number: int
    link: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage's rows by status, and the page that lists them."""

    name: str
    link: str
    counts: Counts


CARDS: tuple[tuple[str, str, type[Model]], ...] = (
    ("Memories", "psychology", Memory),
    ("Sessions", "forum", Session),
    ("Files", "description", CodeFile),
    ("Code objects", "code", CodeObject),
    ("Patterns", "insights", Pattern),
)


def describe_workspace(request: HttpRequest) -> dict[str, Any]:
    """Return the dashboard's parts; what the person may not look at is left out."""
    if current_workspace(request) is None:
        return {}
    return {
        "cards": [
            Card(title, icon, list_readable(model, request).count(), _list_link(model))
            for title, icon, model in CARDS
            if may_view(request, model)
        ],
        "dead_letters": count_dead(request),
        "pending_embeddings": _count_pending_embeddings(request),
        "chart": _chart_memories(request) if may_view(request, Memory) else None,
        "days": DAYS,
        "stages": _count_stages(request),
        "statuses": Status.choices,
        "batches": _list_recent(request, Batch, "author"),
        "patterns": _list_recent(request, Pattern, "project")[:RECENT_PATTERNS],
    }


def _count_pending_embeddings(request: HttpRequest) -> int | None:
    return list_readable(EmbedQueue, request).filter(WORKING).count() if may_view(request, EmbedQueue) else None


def _count_stages(request: HttpRequest) -> list[StageRow]:
    workspace = current_workspace(request)
    if workspace is None:
        return []
    return [
        StageRow(name_stage(stage.name), _list_link(stage.model), count_rows(stage, workspace_id=workspace.id))
        for stage in list_viewable_stages(request)
    ]


def _list_recent(request: HttpRequest, model: type[Model], related: str) -> list[Any]:
    if not may_view(request, model):
        return []
    return list(list_readable(model, request).select_related(related)[:RECENT])


def _chart_memories(request: HttpRequest) -> str:
    """Return Chart.js's data of the memories of the last DAYS days by the day they happened; '' for none."""
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    since = datetime.combine(days[0], time.min, tzinfo=UTC)
    memories = list_readable(Memory, request).filter(occurred_at__gte=since).order_by()
    counted = memories.annotate(day=TruncDate("occurred_at")).values_list("day").annotate(number=Count("pk"))
    numbers = dict(counted)
    if not numbers:
        return ""
    bars = {
        "label": "Memories",
        "data": [numbers.get(day, 0) for day in days],
        "backgroundColor": "var(--color-primary-500)",
        "displayYAxis": True,
        "maxTicksXLimit": 10,
        "maxBarThickness": 14,
        "borderRadius": 3,
    }
    return json.dumps({"labels": [day.strftime("%d %b") for day in days], "datasets": [bars]})


def _list_link(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
