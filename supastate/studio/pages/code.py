"""Pages of the code: projects, checkouts, files, definitions, and the facts behind the graph."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from graph.models import GraphFile, GraphProject, Tombstone
from processing.models import CodeFile, CodeObject
from supastate.studio import labels
from supastate.studio.model_admins import FullTextSearch, ReadOnlyAdmin, TenantAdmin
from supastate.studio.panels import describe_code_file, describe_code_object
from supastate.studio.site import site
from supastate.studio.unfolding import display
from supastate.workspaces.models import Checkout, Project


@register(Project, site=site)
class ProjectAdmin(TenantAdmin):
    """Bodies of code; clients make them, people may give them a better name."""

    list_display = ("name", "identity", "show_visibility", "author", "created_at")
    list_select_related = ("author",)
    list_filter = (("visibility", ChoicesDropdownFilter),)
    search_fields = ("name__istartswith", "identity__istartswith")
    search_help_text = "Beginning of the name or of the remote"
    fields = ("name", ("identity", "visibility"), ("remote", "path"), ("author", "created_at"))
    readonly_fields = ("identity", "visibility", "remote", "path", "author", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Projects come with what clients send."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Erasing a project reaches the graph too, which Studio does not."""
        return False

    @display(description="Visibility", ordering="visibility", label=labels.VISIBILITY)
    def show_visibility(self, obj: Project) -> tuple[str, str]:
        """Who may read it."""
        return obj.visibility, obj.get_visibility_display()


@register(Checkout, site=site)
class CheckoutAdmin(ReadOnlyAdmin):
    """What each machine holds of a project."""

    list_display = ("__str__", "project", "branch", "last_seen_at")
    list_select_related = ("project",)
    list_filter = (("last_seen_at", RangeDateTimeFilter),)
    search_fields = ("path__startswith", "branch__startswith")
    search_help_text = "Beginning of the path or branch"
    ordering = ("-last_seen_at",)
    fields = (("project", "key"), ("path", "branch"), "last_seen_at")


@register(CodeFile, site=site)
class CodeFileAdmin(ReadOnlyAdmin):
    """A project's current version of each path."""

    list_display = ("path", "project", "language", "lines", "revision", "marks", "updated_at")
    list_select_related = ("project",)
    list_filter = (("updated_at", RangeDateTimeFilter),)
    search_fields = ("path__icontains",)
    search_help_text = "Part of a path"
    change_form_outer_after_template = "studio/panels/code_file.html"
    fields = (
        "path",
        ("project", "language", "lines"),
        ("revision", "blob_hash", "marks"),
        ("author", "visibility"),
        ("last_modified", "updated_at"),
    )

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a file with its definitions."""
        return describe_code_file(request, obj)


@register(CodeObject, site=site)
class CodeObjectAdmin(FullTextSearch, ReadOnlyAdmin):
    """Definitions with their source."""

    list_defer = ("content", "search", "docstring")
    list_display = ("name", "kind", "qualified_name", "file", "start_line", "show_status")
    list_select_related = ("file",)
    list_filter = (("processing_status", ChoicesDropdownFilter), ("visibility", ChoicesDropdownFilter))
    change_form_outer_before_template = "studio/panels/code_object.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("qualified_name", "kind"),
                    ("project", "file"),
                    "signature",
                    "docstring",
                    ("start_line", "end_line"),
                )
            },
        ),
        (
            "Derived",
            {
                "fields": (
                    ("uid", "processing_status"),
                    ("content_hash", "batch_id"),
                    ("author", "visibility"),
                )
            },
        ),
    )

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a definition with its source, memories and vectors."""
        return describe_code_object(request, obj)

    @display(description="Vectors", ordering="processing_status", label=labels.PROCESSING_STATUS)
    def show_status(self, obj: CodeObject) -> tuple[str, str]:
        """Whether it can be found by meaning."""
        return obj.processing_status, obj.get_processing_status_display()


@register(GraphFile, site=site)
class GraphFileAdmin(ReadOnlyAdmin):
    """What parsing found in a path, and whether the graph store holds it."""

    list_display = ("path", "project", "parser_version", "in_graph")
    list_defer = ("facts",)
    list_select_related = ("project",)
    search_fields = ("path__icontains",)
    search_help_text = "Part of a path"
    ordering = ("-id",)
    fields = ("path", ("project", "parser_version"), ("content_hash", "written_hash"), "facts")

    @display(description="In the graph", boolean=True)
    def in_graph(self, obj: GraphFile) -> bool:
        """Whether its nodes and edges were written."""
        return bool(obj.written_hash)


@register(GraphProject, site=site)
class GraphProjectAdmin(ReadOnlyAdmin):
    """Which writer holds a project's graph."""

    list_display = ("project", "epoch", "lease_until")
    list_select_related = ("project",)
    search_fields = ("project__name__istartswith",)
    ordering = ("project",)
    fields = ("project", ("epoch", "lease_until"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[GraphProject]:
        """Leave out what is large and not shown."""
        found: QuerySet[GraphProject] = super().get_queryset(request)
        return found.defer("flow")


@register(Tombstone, site=site)
class TombstoneAdmin(ReadOnlyAdmin):
    """Code that is gone and that memories speak of."""

    list_display = ("qualified_name", "kind", "path", "project", "deleted_at")
    list_select_related = ("project",)
    list_filter = (("deleted_at", RangeDateTimeFilter),)
    search_fields = ("name__startswith", "path__startswith")
    search_help_text = "Beginning of a name or path"
    ordering = ("-id",)
    fields = (("qualified_name", "kind"), ("path", "project"), "signature", ("uid", "deleted_at"))
