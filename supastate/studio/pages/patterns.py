"""Pages of what recurs: patterns to be judged with their evidence, and how far detection has read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from processing.models import Pattern, PatternCheckpoint, PatternOccurrence, PatternState, TopicLeader
from supastate.studio.model_admins import ReadOnlyAdmin, TenantAdmin
from supastate.studio.panels import describe_pattern
from supastate.studio.site import site
from supastate.studio.unfolding import InfinitePaginator, display


@register(Pattern, site=site)
class PatternAdmin(TenantAdmin):
    """What recurs, with the memories and code that show it. A person says only whether it is one."""

    paginator = InfinitePaginator
    list_display = (
        "title",
        "show_type",
        "subtype",
        "scope",
        "show_state",
        "frequency",
        "show_confidence",
        "project",
        "last_seen",
    )
    list_select_related = ("project",)
    list_filter = (
        ("type", ChoicesDropdownFilter),
        ("subtype", ChoicesDropdownFilter),
        ("scope", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("last_seen", RangeDateTimeFilter),
    )
    date_hierarchy = "last_seen"
    search_fields = ("title__icontains",)
    search_help_text = "Part of the title"
    change_form_outer_after_template = "studio/panels/pattern.html"
    actions = ("confirm_selected", "dismiss_selected")
    fields = (
        "title",
        "state",
        ("type", "subtype"),
        ("scope", "project"),
        ("frequency", "confidence"),
        ("first_seen", "last_seen"),
        ("author", "visibility"),
        "details",
    )
    readonly_fields = (
        "title",
        "type",
        "subtype",
        "scope",
        "project",
        "frequency",
        "confidence",
        "first_seen",
        "last_seen",
        "author",
        "visibility",
        "details",
    )

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Leave out the workspace; the author is shown."""
        return ["workspace"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Detection finds them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is deleted would be found again: it is dismissed instead."""
        return False

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a pattern with its evidence."""
        return describe_pattern(request, obj)

    @display(description="Type", ordering="type", label=True)
    def show_type(self, obj: Pattern) -> str:
        """Which kind of pattern."""
        return obj.get_type_display()

    @display(description="State", ordering="state", label={"confirmed": "success", "dismissed": "danger"})
    def show_state(self, obj: Pattern) -> tuple[str, str]:
        """What a person said of it."""
        return obj.state, obj.get_state_display()

    @action(description="Confirm", permissions=["change"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Pattern]) -> None:
        """Say that these are patterns."""
        self._judge(request, queryset, PatternState.CONFIRMED)

    @action(description="Dismiss: not shown any more, and not found again", permissions=["change"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[Pattern]) -> None:
        """Say that these are none."""
        self._judge(request, queryset, PatternState.DISMISSED)

    def _judge(self, request: HttpRequest, queryset: QuerySet[Pattern], state: PatternState) -> None:
        patterns = list(queryset)
        Pattern.objects.filter(pk__in=[pattern.pk for pattern in patterns]).update(state=state)
        for pattern in patterns:
            self.log_change(request, pattern, f"{state.label}.")
        messages.success(request, f"{len(patterns)} {state.label.lower()}.")

    @display(description="Confidence", ordering="confidence")
    def show_confidence(self, obj: Pattern) -> str:
        """How sure detection is, in percent."""
        return f"{obj.confidence:.0%}"


@register(PatternOccurrence, site=site)
class PatternOccurrenceAdmin(ReadOnlyAdmin):
    """Each time that a pattern was seen."""

    list_display = ("pattern", "occurred_at", "summary", "author", "count_memories")
    list_select_related = ("pattern", "author")
    list_filter = (("occurred_at", RangeDateTimeFilter),)
    search_fields = ("pattern__title__icontains",)
    ordering = ("-id",)
    fields = ("pattern", "summary", ("started_at", "occurred_at"), "visibility", "memory_ids", "uids", "spans")

    @display(description="Memories")
    def count_memories(self, obj: PatternOccurrence) -> int:
        """How many memories show it."""
        return len(obj.memory_ids)


@register(TopicLeader, site=site)
class TopicLeaderAdmin(ReadOnlyAdmin):
    """The memories that topics are grouped around."""

    list_display = ("memory", "project", "model", "author")
    list_select_related = ("memory", "project", "author")
    ordering = ("-id",)
    fields = ("memory", "project", "model", "visibility")


@register(PatternCheckpoint, site=site)
class PatternCheckpointAdmin(ReadOnlyAdmin):
    """How far detection of each type has read."""

    list_display = ("type", "last_memory_id")
    list_filter = (("type", ChoicesDropdownFilter),)
    ordering = ("type",)
    fields = ("type", "last_memory_id")
