"""Pages of what clients sent, as it was accepted."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from ingest.models import Batch, CheckoutPath, CodeBlob, FullSync, FullSyncPath, PathHead
from supastate.studio.model_admins import ReadOnlyAdmin
from supastate.studio.panels import describe_batch
from supastate.studio.site import site
from supastate.studio.unfolding import display


@register(Batch, site=site)
class BatchAdmin(ReadOnlyAdmin):
    """Accepted requests: received = new + duplicate + rejected."""

    list_display = (
        "show_kind",
        "author",
        "received",
        "new",
        "duplicate",
        "conflict",
        "show_rejected",
        "created_at",
    )
    list_display_links = ("show_kind", "created_at")
    list_select_related = ("author",)
    list_filter = (("kind", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    date_hierarchy = "created_at"
    search_fields = ("author__username__istartswith",)
    search_help_text = "Beginning of a sender's name"
    change_form_outer_after_template = "studio/panels/batch.html"
    fields = (
        ("kind", "author"),
        ("received", "new"),
        ("duplicate", "conflict"),
        ("rejected", "masked_secrets"),
        ("request_id", "created_at"),
    )

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a batch with its ledger and what was refused."""
        return describe_batch(obj)

    @display(description="Kind", ordering="kind", label=True)
    def show_kind(self, obj: Batch) -> str:
        """What was sent."""
        return obj.get_kind_display()

    @display(description="Rejected", ordering="rejected", label={"rejected": "danger", "none": "default"})
    def show_rejected(self, obj: Batch) -> tuple[str, str]:
        """How many items were refused."""
        return ("rejected" if obj.rejected else "none"), str(obj.rejected)


@register(CodeBlob, site=site)
class CodeBlobAdmin(ReadOnlyAdmin):
    """Source texts by hash. The text itself is read on its file, which knows who may read it."""

    list_display = ("content_hash",)
    list_defer = ("content",)
    search_fields = ("content_hash__startswith",)
    ordering = ("-id",)
    fields = ("content_hash", "measure_content")

    @display(description="Characters")
    def measure_content(self, obj: CodeBlob) -> int:
        """The length of the text."""
        return len(obj.content)


@register(PathHead, site=site)
class PathHeadAdmin(ReadOnlyAdmin):
    """The newest accepted revision of each path."""

    list_display = ("path", "project", "revision", "content_hash")
    list_select_related = ("project",)
    search_fields = ("path__icontains",)
    ordering = ("-id",)
    fields = ("path", ("project", "revision"), "content_hash")


@register(CheckoutPath, site=site)
class CheckoutPathAdmin(ReadOnlyAdmin):
    """What each checkout holds at each path."""

    list_display = ("path", "checkout", "revision", "author", "accepted_at")
    list_select_related = ("checkout", "author")
    list_filter = (("accepted_at", RangeDateTimeFilter),)
    search_fields = ("path__startswith",)
    ordering = ("-id",)
    fields = ("path", ("checkout", "revision"), "content_hash", ("author", "accepted_at"))


@register(FullSync, site=site)
class FullSyncAdmin(ReadOnlyAdmin):
    """Clients' statements of everything that a checkout holds."""

    list_display = ("sync_key", "checkout", "parts", "received", "began_at", "finished_at")
    list_select_related = ("checkout",)
    list_filter = (("began_at", RangeDateTimeFilter),)
    search_fields = ("sync_key__startswith",)
    ordering = ("-id",)
    fields = (("sync_key", "checkout"), ("parts", "received"), ("began_at", "finished_at"))


@register(FullSyncPath, site=site)
class FullSyncPathAdmin(ReadOnlyAdmin):
    """Paths that full syncs named."""

    list_display = ("path", "full_sync")
    list_select_related = ("full_sync",)
    search_fields = ("path__startswith",)
    ordering = ("-id",)
    fields = ("path", "full_sync")
