"""Pages of how memories live: their strengths, who used them, which are used together, and the daily cycle."""

from __future__ import annotations

from django.contrib.admin import register
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from processing.models import Consolidation, MemoryAccess, MemoryAssociation, MemoryStrength
from supastate.studio.model_admins import ReadOnlyAdmin
from supastate.studio.site import site


@register(MemoryStrength, site=site)
class MemoryStrengthAdmin(ReadOnlyAdmin):
    """How strong memories are, as of the last cycle; those that no cycle has seen are not here yet."""

    list_display = ("memory", "layer", "working", "core", "pinned", "access_count", "last_accessed_at")
    list_select_related = ("memory",)
    list_filter = (("layer", ChoicesDropdownFilter), "pinned", ("last_accessed_at", RangeDateTimeFilter))
    search_fields = ("memory__content__istartswith",)
    search_help_text = "Beginning of the memory"
    ordering = ("-memory",)
    fields = (
        ("memory", "layer", "pinned"),
        ("working", "core"),
        ("access_count", "last_accessed_at"),
        ("consolidations", "consolidated_at"),
    )


@register(MemoryAccess, site=site)
class MemoryAccessAdmin(ReadOnlyAdmin):
    """Who was given which memory."""

    list_display = ("memory", "reader", "way", "accessed_at")
    list_select_related = ("memory", "reader")
    list_filter = (("way", ChoicesDropdownFilter), ("accessed_at", RangeDateTimeFilter))
    search_fields = ("reader__username__startswith",)
    search_help_text = "Beginning of the reader's name"
    ordering = ("-id",)
    fields = (("memory", "reader"), ("way", "accessed_at"))


@register(MemoryAssociation, site=site)
class MemoryAssociationAdmin(ReadOnlyAdmin):
    """Memories that are used together; from the third time on they are linked."""

    list_display = ("first", "second", "count", "strength", "last_together_at")
    list_select_related = ("first", "second")
    list_filter = (("last_together_at", RangeDateTimeFilter),)
    search_fields = ("first__content__istartswith",)
    search_help_text = "Beginning of the first memory"
    ordering = ("-id",)
    fields = (("first", "second"), ("count", "strength", "last_together_at"))


@register(Consolidation, site=site)
class ConsolidationAdmin(ReadOnlyAdmin):
    """How far the daily cycle is."""

    list_display = ("moment", "memories", "finished_at")
    search_fields = ("workspace__slug__startswith",)
    search_help_text = "Beginning of the workspace's name"
    ordering = ("-moment",)
    fields = (("moment", "finished_at"), ("memories", "last_memory_id", "associated_until"))
