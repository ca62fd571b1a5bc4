"""Pages of summaries: what they say, what they rest on, and what they cost."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from processing.models import Summary, SummarySource, SummarySpending
from processing.summaries.asking import ask_for_summary
from supastate.studio.dead_letters import MAY_ACT
from supastate.studio.model_admins import ReadOnlyAdmin
from supastate.studio.selection import current_user
from supastate.studio.site import site
from supastate.studio.unfolding import display


@register(Summary, site=site)
class SummaryAdmin(ReadOnlyAdmin):
    """What is known of sessions, files, definitions and projects in few lines."""

    list_display = ("show_subject", "kind", "content", "method", "reason", "author", "generated_at")
    list_select_related = ("project", "session", "author")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("method", ChoicesDropdownFilter),
        ("visibility", ChoicesDropdownFilter),
        ("generated_at", RangeDateTimeFilter),
    )
    search_fields = ("=subject", "name__startswith", "path__startswith")
    search_help_text = "Id or uid of the subject, or beginning of its name or path"
    ordering = ("-generated_at", "-id")
    actions = ("make_anew",)
    fields = (
        ("kind", "subject"),
        ("project", "session", "code_object"),
        ("author", "visibility"),
        "content",
        "lines",
        ("method", "model", "reason"),
        ("moment", "generated_at", "processing_status"),
    )

    @display(description="Of")
    def show_subject(self, obj: Summary) -> str:
        """What the summary is of."""
        return obj.name or obj.path or str(obj.session or obj.project or obj.subject)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Whether the person may ask for work."""
        return current_user(request).has_perm(MAY_ACT)

    @action(description="Make anew", permissions=["act"])
    def make_anew(self, request: HttpRequest, queryset: QuerySet[Summary]) -> None:
        """Queue summaries although nothing may have changed."""
        chosen = list(queryset.values_list("kind", "subject", "workspace_id").distinct())
        for kind, subject, workspace_id in chosen:
            ask_for_summary(kind, subject, workspace_id=workspace_id, forced=True)
        messages.success(request, f"{len(chosen)} queued.")


@register(SummarySource, site=site)
class SummarySourceAdmin(ReadOnlyAdmin):
    """The memories that each summary quotes: it goes with them."""

    list_display = ("summary", "memory_id")
    list_select_related = ("summary",)
    search_fields = ("=memory_id",)
    search_help_text = "Id of a memory"
    ordering = ("-id",)
    fields = (("summary", "memory_id"),)


@register(SummarySpending, site=site)
class SummarySpendingAdmin(ReadOnlyAdmin):
    """What written summaries cost, by month."""

    list_display = ("month", "tokens", "calls")
    search_fields = ("workspace__slug__startswith",)
    search_help_text = "Beginning of the workspace's name"
    ordering = ("-month",)
    fields = (("month", "tokens", "calls"),)
