"""Dead rows of all stages on one page, and what a person does to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from supastate.queueing.dead_letters import discard_rows, replay_rows
from supastate.queueing.models import QueueAction, Status
from supastate.queueing.stages import Stage, all_stages, get_stage
from supastate.studio.reading import list_readable, may_view
from supastate.studio.selection import current_user, require_workspace

ROWS_ON_A_PAGE = 50
ROWS_AT_ONCE = 10_000
COLUMNS = ("stage", "id", "error_code", "error_detail", "attempts", "created_at", "processed_at")
ACTS = {QueueAction.Action.REPLAY: replay_rows, QueueAction.Action.DISCARD: discard_rows}
DONE = {QueueAction.Action.REPLAY: "replayed", QueueAction.Action.DISCARD: "discarded"}
MAY_ACT = "queueing.add_queueaction"
FILTERS = ("stage", "error", "before")


def answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show the page, or do what was posted and come back to it."""
    user = current_user(request)
    stages = list_viewable_stages(request)
    if not stages:
        raise PermissionDenied
    if request.method == "POST":
        if not user.has_perm(MAY_ACT):
            raise PermissionDenied
        _act_on_posted(request, stages)
        return redirect(request.get_full_path())
    return TemplateResponse(request, "studio/dead_letters.html", context | _describe_page(request, stages))


def list_viewable_stages(request: HttpRequest) -> list[Stage]:
    """Return the stages whose queue the person may look at."""
    return [stage for stage in all_stages() if may_view(request, stage.model)]


def name_stage(name: str) -> str:
    """Return a stage's name as people read it: `store_memory` is Store memory."""
    return name.replace("_", " ").capitalize()


def list_dead(
    request: HttpRequest, stages: Iterable[Stage], *, error_code: str = "", before: datetime | None = None
) -> QuerySet[Any]:
    """Return the open dead rows of some stages, newest first, as dictionaries of COLUMNS."""
    narrowed = {"error_code": error_code, "processed_at__lt": before}
    wanted = {name: value for name, value in narrowed.items() if value}
    parts: list[QuerySet[Any]] = []
    for stage in stages:
        rows = list_readable(stage.model, request).filter(status=Status.DEAD, discarded_at__isnull=True, **wanted)
        parts.append(rows.order_by().annotate(stage=Value(stage.name)).values(*COLUMNS))
    dead: QuerySet[Any] = parts[0].union(*parts[1:], all=True).order_by("-processed_at", "-id")
    return dead


def count_dead(request: HttpRequest) -> int:
    """Return how many dead rows wait for a person's decision."""
    stages = list_viewable_stages(request)
    return list_dead(request, stages).count() if stages else 0


def act_on_rows(request: HttpRequest, stage: Stage, ids: Iterable[UUID], action: QueueAction.Action) -> int:
    """Replay or discard those of `ids` that the person may read and that are dead; return how many changed."""
    workspace = require_workspace(request)
    readable = list_readable(stage.model, request).filter(pk__in=list(ids)).values_list("pk", flat=True)
    changed = ACTS[action](stage, list(readable), workspace_id=workspace.id, actor_id=current_user(request).id)
    return len(changed)


def report_action(request: HttpRequest, action: QueueAction.Action, *, asked: int, changed: int) -> None:
    """Tell how many rows changed, and that the others had no need to."""
    rows = "row" if changed == 1 else "rows"
    text = f"{changed} {rows} {DONE[action]}."
    if asked > changed:
        text += f" {asked - changed} left alone: no longer dead, already discarded, or not found."
    messages.add_message(request, messages.SUCCESS if changed else messages.WARNING, text)


def _act_on_posted(request: HttpRequest, stages: list[Stage]) -> None:
    try:
        action = QueueAction.Action(request.POST.get("action", ""))
    except ValueError:
        messages.warning(request, "Choose what to do with the rows: replay or discard.")
        return
    wanted = _find_matching(request, stages) if request.POST.get("all") else _read_ticked(request, stages)
    asked = sum(len(ids) for ids in wanted.values())
    changed = 0
    for name, ids in wanted.items():
        stage = get_stage(name)
        if stage is not None:
            changed += act_on_rows(request, stage, ids, action)
    report_action(request, action, asked=asked, changed=changed)


def _read_ticked(request: HttpRequest, stages: list[Stage]) -> dict[str, list[UUID]]:
    """Return {stage: ids} of the ticked boxes, each `<stage>:<id>`; what is malformed is passed over."""
    wanted: dict[str, list[UUID]] = {stage.name: [] for stage in stages}
    for ticked in request.POST.getlist("row"):
        name, _, text = ticked.partition(":")
        try:
            wanted[name].append(UUID(text))
        except (KeyError, ValueError):
            continue
    return wanted


def _find_matching(request: HttpRequest, stages: list[Stage]) -> dict[str, list[UUID]]:
    """Return {stage: ids} of everything that the page's filter matches, up to ROWS_AT_ONCE."""
    wanted: dict[str, list[UUID]] = {}
    for row in _list_chosen(request, stages)[:ROWS_AT_ONCE]:
        wanted.setdefault(row["stage"], []).append(row["id"])
    return wanted


def _list_chosen(request: HttpRequest, stages: list[Stage]) -> QuerySet[Any]:
    """Return the rows that the page's filter matches; what it cannot read of the filter matches nothing."""
    name, day = request.GET.get("stage"), request.GET.get("before")
    chosen = [stage for stage in stages if not name or stage.name == name]
    try:
        before = datetime.combine(date.fromisoformat(day), time.min, tzinfo=UTC) if day else None
    except ValueError:
        chosen, before = [], None
    if not chosen:
        return list_dead(request, stages).none()
    return list_dead(request, chosen, error_code=request.GET.get("error", ""), before=before)


def _describe_page(request: HttpRequest, stages: list[Stage]) -> dict[str, Any]:
    page = Paginator(_list_chosen(request, stages), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    return {
        "title": "Dead letters",
        "page": page,
        "rows": [row | {"link": _row_link(row), "stage_name": name_stage(row["stage"])} for row in page],
        "stages": [(stage.name, name_stage(stage.name)) for stage in stages],
        "errors": sorted({row["error_code"] for row in list_dead(request, stages)[:ROWS_AT_ONCE]}),
        "chosen": chosen,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        "may_act": current_user(request).has_perm(MAY_ACT),
    }


def _row_link(row: dict[str, Any]) -> str:
    stage = get_stage(row["stage"])
    if stage is None:
        return ""
    options = stage.model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row["id"]])
