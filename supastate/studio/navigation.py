"""The sidebar: a group for each room, with the pages that the person may look at."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from graph.models import GraphFile, GraphProject, GraphQueue, Tombstone
from ingest.models import Batch, CheckoutPath, CodeBlob, CodeQueue, FullSync, FullSyncPath, MemoryQueue, PathHead
from processing.models import (
    CodeFile,
    CodeObject,
    CodeReference,
    Consolidation,
    Contradiction,
    Embedding,
    EmbeddingModel,
    EmbedQueue,
    ForgettingAct,
    ForgettingPolicy,
    ForgottenMemory,
    LinkQueue,
    Memory,
    MemoryAccess,
    MemoryAssociation,
    MemoryLink,
    MemoryStrength,
    Pattern,
    PatternCheckpoint,
    PatternOccurrence,
    PatternQueue,
    Session,
    Summary,
    SummaryQueue,
    SummarySource,
    SummarySpending,
    TombstoneLink,
    TopicLeader,
)
from supastate.queueing.models import Attempt, QueueAction
from supastate.studio.dead_letters import count_dead, list_viewable_stages
from supastate.studio.reading import may_view
from supastate.studio.selection import current_user
from supastate.workspaces.models import ApiKey, Checkout, Membership, Project, User, Workspace

Entry = tuple[str, str, type[Model]]

MEMORY: tuple[Entry, ...] = (
    ("Memories", "psychology", Memory),
    ("Sessions", "forum", Session),
    ("Summaries", "summarize", Summary),
    ("Contradictions", "compare_arrows", Contradiction),
    ("Forgotten", "hourglass_empty", ForgottenMemory),
)
LIFE: tuple[Entry, ...] = (
    ("Strengths", "battery_5_bar", MemoryStrength),
    ("Accesses", "visibility", MemoryAccess),
    ("Used together", "share", MemoryAssociation),
    ("Consolidation", "bedtime", Consolidation),
    ("Forgetting policy", "auto_delete", ForgettingPolicy),
    ("Forgetting log", "history", ForgettingAct),
    ("Quoted memories", "format_quote", SummarySource),
    ("Cost of summaries", "payments", SummarySpending),
)
LINKS: tuple[Entry, ...] = (
    ("Links to code", "link", MemoryLink),
    ("Links to lost code", "link_off", TombstoneLink),
    ("References", "alternate_email", CodeReference),
    ("Vectors", "scatter_plot", Embedding),
    ("Embedding models", "model_training", EmbeddingModel),
)
CODE: tuple[Entry, ...] = (
    ("Projects", "folder_open", Project),
    ("Files", "description", CodeFile),
    ("Code objects", "code", CodeObject),
    ("Checkouts", "devices", Checkout),
    ("Parsed files", "account_tree", GraphFile),
    ("Lost code", "history_toggle_off", Tombstone),
    ("Graph writers", "edit_note", GraphProject),
)
PATTERNS: tuple[Entry, ...] = (
    ("Patterns", "insights", Pattern),
    ("Occurrences", "event_repeat", PatternOccurrence),
    ("Topics", "forum", TopicLeader),
    ("Checkpoints", "flag", PatternCheckpoint),
)
INGEST: tuple[Entry, ...] = (
    ("Batches", "inventory_2", Batch),
    ("Full syncs", "sync", FullSync),
    ("Synced paths", "rule", FullSyncPath),
    ("Checkout paths", "lan", CheckoutPath),
    ("Path heads", "first_page", PathHead),
    ("Source texts", "data_object", CodeBlob),
)
QUEUE: tuple[Entry, ...] = (
    ("Store memories", "move_to_inbox", MemoryQueue),
    ("Store code", "drive_file_move", CodeQueue),
    ("Embed", "memory", EmbedQueue),
    ("Link memories", "add_link", LinkQueue),
    ("Graph", "hub", GraphQueue),
    ("Detect patterns", "troubleshoot", PatternQueue),
    ("Summarise", "summarize", SummaryQueue),
    ("Failed attempts", "error_med", Attempt),
    ("Replays and discards", "history", QueueAction),
)
PEOPLE: tuple[Entry, ...] = (
    ("Workspaces", "workspaces", Workspace),
    ("Members", "group", Membership),
    ("API keys", "key", ApiKey),
    ("Users", "person", User),
    ("Groups", "groups", Group),
)
SCHEDULES: tuple[Entry, ...] = (
    ("Tasks", "schedule", PeriodicTask),
    ("Crontabs", "calendar_month", CrontabSchedule),
    ("Intervals", "timer", IntervalSchedule),
    ("Moments", "alarm", ClockedSchedule),
    ("Solar", "wb_sunny", SolarSchedule),
)


def build_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return Unfold's description of the sidebar for the signed-in person."""
    groups = [
        {"title": "", "items": _overview(request)},
        _group(request, "Memory", MEMORY),
        _group(request, "Life of memories", LIFE, collapsible=True),
        _group(request, "Links & vectors", LINKS, collapsible=True),
        _group(request, "Code", CODE, collapsible=True),
        _group(request, "Patterns", PATTERNS, collapsible=True),
        _group(request, "Ingest", INGEST, collapsible=True),
        _group(request, "Queue", QUEUE, collapsible=True),
        _group(request, "People & keys", PEOPLE, collapsible=True),
        {"title": "Elsewhere", "separator": True, "items": _elsewhere()},
    ]
    if current_user(request).is_superuser:
        groups.insert(-1, _group(request, "Schedules", SCHEDULES, collapsible=True))
    return [group for group in groups if group["items"]]


def _overview(request: HttpRequest) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [{"title": "Overview", "icon": "dashboard", "link": reverse("admin:index")}]
    if list_viewable_stages(request):
        dead: dict[str, Any] = {"title": "Dead letters", "icon": "report", "link": reverse("admin:dead_letters")}
        number = count_dead(request)
        items.append(dead | ({"badge": number} if number else {}))
    return items


def _group(
    request: HttpRequest, title: str, entries: tuple[Entry, ...], *, collapsible: bool = False
) -> dict[str, Any]:
    items = [
        {
            "title": name,
            "icon": icon,
            "link": reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
        }
        for name, icon, model in entries
        if may_view(request, model)
    ]
    return {"title": title, "separator": True, "collapsible": collapsible, "items": items}


def _elsewhere() -> list[dict[str, Any]]:
    items = [{"title": "API documentation", "icon": "api", "link": "/api/docs/"}]
    if settings.FLOWER_URL:
        items.append({"title": "Flower", "icon": "local_florist", "link": settings.FLOWER_URL})
    return items
