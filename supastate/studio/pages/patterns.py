"""Pages of what recurs: patterns with their evidence, and how far detection has read."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from processing.models import Pattern, PatternCheckpoint, PatternOccurrence
from supastate.studio.model_admins import ReadOnlyAdmin
from supastate.studio.panels import describe_pattern
from supastate.studio.site import site
from supastate.studio.unfolding import display


@register(Pattern, site=site)
class PatternAdmin(ReadOnlyAdmin):
    """What recurs, with the memories and code that show it."""

    list_display = ("title", "show_type", "frequency", "show_confidence", "project", "first_seen", "last_seen")
    list_select_related = ("project",)
    list_filter = (("type", ChoicesDropdownFilter), ("last_seen", RangeDateTimeFilter))
    date_hierarchy = "last_seen"
    search_fields = ("title__icontains",)
    search_help_text = "Part of the title"
    change_form_outer_after_template = "studio/panels/pattern.html"
    fields = (
        "title",
        ("type", "project"),
        ("frequency", "confidence"),
        ("first_seen", "last_seen"),
        ("author", "visibility"),
        "details",
    )

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a pattern with its evidence."""
        return describe_pattern(request, obj)

    @display(description="Type", ordering="type", label=True)
    def show_type(self, obj: Pattern) -> str:
        """Which kind of pattern."""
        return obj.get_type_display()

    @display(description="Confidence", ordering="confidence")
    def show_confidence(self, obj: Pattern) -> str:
        """How sure detection is, in percent."""
        return f"{obj.confidence:.0%}"


@register(PatternOccurrence, site=site)
class PatternOccurrenceAdmin(ReadOnlyAdmin):
    """Each time that a pattern was seen."""

    list_display = ("pattern", "occurred_at", "count_memories")
    list_select_related = ("pattern",)
    list_filter = (("occurred_at", RangeDateTimeFilter),)
    search_fields = ("pattern__title__icontains",)
    ordering = ("-id",)
    fields = ("pattern", "occurred_at", "memory_ids", "uids")

    @display(description="Memories")
    def count_memories(self, obj: PatternOccurrence) -> int:
        """How many memories show it."""
        return len(obj.memory_ids)


@register(PatternCheckpoint, site=site)
class PatternCheckpointAdmin(ReadOnlyAdmin):
    """How far detection of each type has read."""

    list_display = ("type", "last_memory_id")
    list_filter = (("type", ChoicesDropdownFilter),)
    ordering = ("type",)
    fields = ("type", "last_memory_id")
