"""Pages of what is forgotten, by which policy, and of memories that contradict each other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from processing.contradictions.deciding import decide
from processing.forgetting.by_hand import restore_memory
from processing.forgetting.policy import Days, set_policy
from processing.memories.forgotten import show_forgotten
from processing.models import (
    Contradiction,
    ContradictionState,
    ForgettingAct,
    ForgettingPolicy,
    ForgottenMemory,
)
from supastate.studio.model_admins import ReadOnlyAdmin, TenantAdmin
from supastate.studio.selection import current_user, require_workspace
from supastate.studio.site import site
from supastate.studio.unfolding import InfinitePaginator, display


@register(ForgettingPolicy, site=site)
class ForgettingPolicyAdmin(TenantAdmin):
    """When memories are forgotten and erased; without one never."""

    list_display = ("__str__", "forget_after_days", "erase_after_days", "changed_by", "changed_at")
    list_select_related = ("changed_by",)
    search_fields = ("workspace__slug__startswith",)
    search_help_text = "Beginning of the workspace's name"
    ordering = ("-changed_at",)
    fields = (("forget_after_days", "erase_after_days"), "erase_since", ("changed_by", "changed_at"))
    add_fieldsets = ((None, {"fields": (("forget_after_days", "erase_after_days"),)}),)
    readonly_fields = ("erase_since", "changed_by", "changed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A workspace has one."""
        return super().has_add_permission(request) and not ForgettingPolicy.objects.exists()

    def save_model(self, request: HttpRequest, obj: ForgettingPolicy, form: Any, change: bool) -> None:
        """Set it as the API does."""
        days = Days(obj.forget_after_days, obj.erase_after_days)
        obj.pk = set_policy(require_workspace(request).id, days, person=current_user(request).id).pk


@register(ForgettingAct, site=site)
class ForgettingActAdmin(ReadOnlyAdmin):
    """What was forgotten, restored and erased, when, and by whom or by which policy."""

    list_display = ("happened_at", "kind", "memories", "person", "policy")
    list_select_related = ("person",)
    list_filter = (("kind", ChoicesDropdownFilter), ("happened_at", RangeDateTimeFilter))
    search_fields = ("person__username__startswith",)
    search_help_text = "Beginning of the person's name"
    ordering = ("-happened_at", "-id")
    fields = (("kind", "memories"), ("person", "happened_at"), ("cycle", "policy"))


@register(ForgottenMemory, site=site)
class ForgottenMemoryAdmin(TenantAdmin):
    """Memories that are hidden and kept; who may change them restores them."""

    paginator = InfinitePaginator
    excerpt_of = "content"
    list_defer = ("content", "search", "metadata", "tool", "file_paths")
    list_display = ("show_excerpt", "role", "project", "author", "occurred_at", "forgotten_at")
    list_select_related = ("project", "author")
    list_filter = (("role", ChoicesDropdownFilter), ("forgotten_at", RangeDateTimeFilter))
    search_fields = ("content__istartswith",)
    search_help_text = "Beginning of the memory"
    ordering = ("-forgotten_at", "-id")
    actions = ("restore_selected",)
    fields = ("content", ("role", "visibility"), ("project", "session"), ("occurred_at", "forgotten_at"))
    readonly_fields = ("content", "role", "visibility", "project", "session", "occurred_at", "forgotten_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Show what is hidden everywhere else, for this request."""
        show_forgotten()
        return super().get_queryset(request).filter(forgotten_at__isnull=False)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Memories are forgotten, not made so."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Erasing reaches the graph and the vectors too, which the API does."""
        return False

    @action(description="Restore", permissions=["change"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[ForgottenMemory]) -> None:
        """Show them again, everywhere."""
        memories = list(queryset)
        for memory in memories:
            restore_memory(memory.pk, person=current_user(request).id)
            self.log_change(request, memory, "Restored.")
        messages.success(request, f"{len(memories)} restored.")

    @display(description="Memory")
    def show_excerpt(self, obj: Any) -> str:
        """The beginning of the text on one line."""
        return " ".join(obj.excerpt.split()) or "(blank)"


@register(Contradiction, site=site)
class ContradictionAdmin(TenantAdmin):
    """Memories that may not both hold. A person says whether they do, and which of them does not."""

    paginator = InfinitePaginator
    list_display = ("show_difference", "show_state", "kind", "first", "second", "found_at")
    list_select_related = ("first", "second")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("found_at", RangeDateTimeFilter),
    )
    search_fields = ("difference__icontains",)
    search_help_text = "Part of what disagrees"
    ordering = ("-id",)
    actions = ("confirm_selected", "dismiss_selected")
    fields = (
        "state",
        ("difference", "kind", "cosine"),
        ("first", "second"),
        "contradicted",
        ("decided_by", "decided_at"),
        "found_at",
    )
    readonly_fields = (
        "difference", "kind", "cosine", "first", "second", "contradicted", "decided_by", "decided_at", "found_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rules suggest them, and clients say them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is deleted would be suggested again: it is dismissed instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Contradiction, form: Any, change: bool) -> None:
        """Judge as the API does."""
        decide(obj.pk, state=obj.state, contradicted=None, person=current_user(request).id)

    @display(description="Disagreement")
    def show_difference(self, obj: Contradiction) -> str:
        """What disagrees, in words."""
        return obj.difference or "(said by a person)"

    @display(description="State", ordering="state", label={"confirmed": "danger", "dismissed": "default"})
    def show_state(self, obj: Contradiction) -> tuple[str, str]:
        """What a person said of it."""
        return obj.state, obj.get_state_display()

    @action(description="Confirm: the earlier memory does not hold", permissions=["change"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Contradiction]) -> None:
        """Say that these are contradictions."""
        self._judge(request, queryset, ContradictionState.CONFIRMED)

    @action(description="Dismiss: both hold", permissions=["change"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[Contradiction]) -> None:
        """Say that these are none."""
        self._judge(request, queryset, ContradictionState.DISMISSED)

    def _judge(self, request: HttpRequest, queryset: QuerySet[Contradiction], state: ContradictionState) -> None:
        rows = list(queryset)
        for row in rows:
            decide(row.pk, state=state, contradicted=None, person=current_user(request).id)
            self.log_change(request, row, f"{state.label}.")
        messages.success(request, f"{len(rows)} {state.label.lower()}.")
