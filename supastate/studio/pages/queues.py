"""Pages of the queues: looked at, replayed and discarded, never edited."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import action, register
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from graph.models import GraphQueue
from ingest.models import CodeQueue, MemoryQueue
from processing.models import EmbedQueue, LinkQueue, PatternQueue, SummaryQueue
from supastate.queueing.models import Attempt, QueueAction, QueueItem
from supastate.queueing.stages import stage_of
from supastate.studio import labels
from supastate.studio.dead_letters import MAY_ACT, act_on_rows, list_dead, report_action
from supastate.studio.model_admins import ReadOnlyAdmin
from supastate.studio.panels import describe_work
from supastate.studio.selection import current_user
from supastate.studio.site import site
from supastate.studio.unfolding import DropdownFilter, display

LIFECYCLE = [
    ("status", "priority"),
    ("attempts", "run_after"),
    ("error_code", "error_detail"),
    ("created_at", "due_since"),
    ("processed_at", "discarded_at"),
    ("lease_until", "lease_token"),
]


class ErrorCodeFilter(DropdownFilter):
    """The error codes that open dead rows have: those are indexed, and few."""

    title = "error"
    parameter_name = "error"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return each code once."""
        dead = list_dead(request, [stage_of(model_admin.model)]).order_by()
        return [(code, code) for code in sorted({row["error_code"] for row in dead[:10_000]})]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to one code."""
        return queryset.filter(error_code=self.value()) if self.value() else queryset


class QueueAdmin(ReadOnlyAdmin):
    """The rows of one stage."""

    subject: tuple[str, ...] = ()
    change_form_outer_before_template = "studio/panels/work.html"
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("priority", ChoicesDropdownFilter),
        ErrorCodeFilter,
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("=id", "=batch_id")
    search_help_text = "Id of a row or of a batch"
    actions = ("replay_selected", "discard_selected")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Show the lifecycle, and what the row is about."""
        return ("created_at", "show_status", *self.subject, "priority", "attempts", "error_code", "processed_at")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the whole row; what clients sent only to superusers."""
        pairs = [self.subject[start : start + 2] for start in range(0, len(self.subject), 2)]
        sections = [("Work", {"fields": [*pairs, ("id", "batch_id")]}), ("Lifecycle", {"fields": LIFECYCLE})]
        has_payload = any(field.name == "payload" for field in self.model._meta.fields)
        if has_payload and current_user(request).is_superuser:
            sections.append(("What was sent", {"fields": ["payload"]}))
        return sections

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a row with what it is about, how each attempt failed, and what may be done."""
        return describe_work(request, obj)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Whether the person may replay and discard."""
        return current_user(request).has_perm(MAY_ACT)

    @action(description="Replay dead rows", permissions=["act"])
    def replay_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Make dead rows pending again."""
        self._act(request, queryset, QueueAction.Action.REPLAY)

    @action(description="Discard dead rows", permissions=["act"])
    def discard_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Give dead rows up."""
        self._act(request, queryset, QueueAction.Action.DISCARD)

    def _act(self, request: HttpRequest, queryset: QuerySet[Any], done: QueueAction.Action) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        changed = act_on_rows(request, stage_of(self.model), ids, done)
        report_action(request, done, asked=len(ids), changed=changed)

    @display(description="Status", ordering="status", label=labels.QUEUE_STATUS)
    def show_status(self, obj: QueueItem) -> tuple[str, str]:
        """Where the row is in its life."""
        return obj.status, obj.get_status_display()


@register(MemoryQueue, site=site)
class MemoryQueueAdmin(QueueAdmin):
    """Transcript lines and memory chunks on their way into the store."""

    subject = ("format", "session_key", "line_no", "project")
    list_select_related = ("project",)
    list_defer = ("payload",)


@register(CodeQueue, site=site)
class CodeQueueAdmin(QueueAdmin):
    """Changes of paths on their way into the store."""

    subject = ("path", "project", "revision", "language")
    list_select_related = ("project",)


@register(EmbedQueue, site=site)
class EmbedQueueAdmin(QueueAdmin):
    """Texts that need their vectors."""

    subject = ("subject_kind", "subject_id", "model")


@register(LinkQueue, site=site)
class LinkQueueAdmin(QueueAdmin):
    """Memories whose links to code are to be found."""

    subject = ("memory_id",)


@register(GraphQueue, site=site)
class GraphQueueAdmin(QueueAdmin):
    """Files on their way into the graph."""

    subject = ("path", "project")
    list_select_related = ("project",)


@register(PatternQueue, site=site)
class PatternQueueAdmin(QueueAdmin):
    """Detection jobs."""

    subject = ("pattern_types", "limit", "user", "project", "asked_by_ingest")
    list_select_related = ("user", "project")


@register(SummaryQueue, site=site)
class SummaryQueueAdmin(QueueAdmin):
    """Subjects whose summaries are to be made."""

    subject = ("kind", "subject", "forced")


@register(QueueAction, site=site)
class QueueActionAdmin(ReadOnlyAdmin):
    """Who replayed or discarded which dead row."""

    list_display = ("action", "stage", "row_id", "error_code", "actor", "created_at")
    list_select_related = ("actor",)
    list_filter = (("action", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    search_fields = ("=row_id", "stage__startswith")
    search_help_text = "Id of a row, or beginning of a stage's name"
    fields = (("action", "stage", "error_code"), "row_id", ("actor", "created_at"))


@register(Attempt, site=site)
class AttemptAdmin(ReadOnlyAdmin):
    """How attempts at rows failed."""

    list_display = ("at", "stage", "row_id", "number", "error_code", "error_detail")
    list_filter = (("at", RangeDateTimeFilter),)
    search_fields = ("=row_id",)
    search_help_text = "Id of a row"
    fields = (("stage", "row_id"), ("number", "at"), ("error_code", "error_detail"))
