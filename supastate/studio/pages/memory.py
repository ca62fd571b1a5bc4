"""Pages of what was said and done: sessions, memories, their references, links and vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.admin import register
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.utils.text import Truncator
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from ingest.checks import check_metadata, check_text
from ingest.receipts import Sender
from processing.memories.changing import change_memory
from processing.memories.remembering import remember
from processing.memories.requests import parse_change, parse_new_memory
from processing.models import CodeReference, Embedding, EmbeddingModel, Memory, MemoryLink, Session, TombstoneLink
from supastate.studio import labels
from supastate.studio.model_admins import FullTextSearch, ReadOnlyAdmin, SuperuserAdmin, TenantAdmin
from supastate.studio.panels import describe_memory, describe_session
from supastate.studio.selection import current_user, require_workspace
from supastate.studio.site import site
from supastate.studio.unfolding import InfinitePaginator, display
from supastate.workspaces.models import Project
from supastate.workspaces.projects import ProjectRef

SAYABLE = ("type", "importance", "confidence")


class MetadataField(forms.JSONField):
    """JSON that is shown again as it was typed: written anew, half a surrogate pair could not be sent."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what was typed."""
        return super().bound_data(data, initial) if data is None else InvalidJSONInput(data)


class MemoryForm(forms.ModelForm[Memory]):
    """Refuses, in words, what Postgres cannot hold or ingest would refuse."""

    class Meta:
        model = Memory
        fields = (
            "content",
            "role",
            "type",
            "importance",
            "confidence",
            "visibility",
            "metadata",
            "project",
            "occurred_at",
        )
        field_classes = {"metadata": MetadataField}
        help_texts = {
            "content": "A changed text is found by its words at once; its vectors follow in moments.",
            "type": "What you set stays; empty, the rules decide.",
            "importance": "0 to 1. What you set stays; empty, the rules decide.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "metadata" in self.fields:
            self.fields["metadata"].widget.attrs["rows"] = 4

    def clean_content(self) -> str:
        """Return a text that can be stored and found."""
        content: str = self.cleaned_data["content"]
        if error := check_text(content, max_bytes=settings.MAX_ITEM_BYTES):
            raise ValidationError(error.detail, code=error.code)
        return content

    def clean_metadata(self) -> dict[str, Any]:
        """Return a JSON object that can be stored."""
        metadata = self.cleaned_data["metadata"] or {}
        if not isinstance(metadata, dict):
            raise ValidationError("Metadata must be a JSON object.", code="invalid_type")
        if error := check_metadata(metadata, max_bytes=settings.MAX_METADATA_BYTES):
            raise ValidationError(error.detail, code=error.code)
        return metadata


@register(Memory, site=site)
class MemoryAdmin(FullTextSearch, TenantAdmin):
    """Memories: what people and assistants said, and what tools did."""

    form = MemoryForm
    paginator = InfinitePaginator
    excerpt_of = "content"
    list_defer = ("content", "search", "metadata", "tool", "file_paths")
    list_display = ("show_excerpt", "show_role", "session", "project", "author", "show_status", "occurred_at")
    list_select_related = ("session", "project", "author")
    list_filter = (
        ("role", ChoicesDropdownFilter),
        ("type", ChoicesDropdownFilter),
        ("visibility", ChoicesDropdownFilter),
        ("processing_status", ChoicesDropdownFilter),
        ("occurred_at", RangeDateTimeFilter),
    )
    date_hierarchy = "occurred_at"
    autocomplete_fields = ("project",)
    change_form_outer_after_template = "studio/panels/memory.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "content",
                    ("role", "visibility"),
                    ("type", "importance", "confidence"),
                    "metadata",
                    "project",
                    "occurred_at",
                )
            },
        ),
        (
            "Where it came from",
            {
                "classes": ("tab",),
                "fields": (
                    ("session", "author"),
                    ("batch_id", "source_id"),
                    ("source_line", "part_no"),
                    "tool",
                    "file_paths",
                ),
            },
        ),
        (
            "Derived",
            {
                "classes": ("tab",),
                "fields": (("processing_status", "content_hash"), ("created_at", "updated_at"), "set_by_hand"),
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "content",
                    ("role", "visibility"),
                    ("type", "importance", "confidence"),
                    "metadata",
                    "project",
                    "occurred_at",
                )
            },
        ),
    )
    derived_fields = (
        "session", "author", "batch_id", "source_id", "source_line", "part_no", "tool", "file_paths",
        "processing_status", "content_hash", "created_at", "updated_at", "set_by_hand",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Memory | None = None) -> tuple[str, ...]:
        """Keep derived columns; only an author may make a memory private, which hides it from everybody else."""
        if obj is None:
            return self.derived_fields
        settled = (*self.derived_fields, "project", "occurred_at")
        return settled if obj.author_id == current_user(request).id else (*settled, "visibility")

    def save_model(self, request: HttpRequest, obj: Memory, form: Any, change: bool) -> None:
        """Change or remember as the API does: secrets masked, links and vectors asked for."""
        if change:
            body = {name: form.cleaned_data[name] for name in form.changed_data}
            change_memory(obj.pk, parse_change(body, root="").change)
        else:
            said = {name: form.cleaned_data[name] for name in SAYABLE if name in form.changed_data}
            obj.pk = _remember(request, form.cleaned_data, said)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Erasing reaches the graph and the vectors too, which the API does."""
        return False

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a memory with its neighbours, code, vectors and source."""
        return describe_memory(request, obj)

    @display(description="Memory")
    def show_excerpt(self, obj: Any) -> str:
        """The beginning of the text on one line."""
        return Truncator(" ".join(obj.excerpt.split())).chars(110) or "(blank)"

    @display(description="Role", ordering="role", label=labels.ROLES)
    def show_role(self, obj: Memory) -> tuple[str, str]:
        """Who speaks."""
        return obj.role, obj.get_role_display()

    @display(description="Vectors", ordering="processing_status", label=labels.PROCESSING_STATUS)
    def show_status(self, obj: Memory) -> tuple[str, str]:
        """Whether it can be found by meaning."""
        return obj.processing_status, obj.get_processing_status_display()


def _remember(request: HttpRequest, values: Mapping[str, Any], said: Mapping[str, Any]) -> UUID:
    body = {name: values[name] for name in ("content", "role", "visibility", "metadata")}
    new = parse_new_memory({**body, **said, "timestamp": values["occurred_at"].isoformat()}, {})
    project: Project | None = values["project"]
    if project is not None:
        new = replace(new, project=ProjectRef(remote=project.remote, path=project.path or project.identity))
    author = current_user(request).id
    # Only code is kept apart by key; a person in Studio has none.
    sender = Sender(require_workspace(request).id, author, key_id=author, visibility=new.visibility)
    return remember(new, sender=sender).memory_id


@register(Session, site=site)
class SessionAdmin(TenantAdmin):
    """Conversations of a person with an assistant, each readable as a thread."""

    list_display = ("show_title", "project", "author", "show_visibility", "branch", "count_memories", "ended_at")
    list_select_related = ("project", "author")
    list_filter = (("visibility", ChoicesDropdownFilter), ("ended_at", RangeDateTimeFilter))
    date_hierarchy = "ended_at"
    search_fields = ("key__startswith", "title__istartswith")
    search_help_text = "Beginning of the title or of the session's id"
    change_form_outer_after_template = "studio/panels/session.html"
    fields = (("title", "project"), ("key", "author"), ("cwd", "branch"), ("started_at", "ended_at"), "visibility")
    readonly_fields = ("key", "project", "author", "visibility", "branch", "cwd", "started_at", "ended_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sessions come from transcripts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Erasing reaches the graph and the vectors too, which the API does."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Add the number of memories, counted for the rows of one page only."""
        counted = Memory.objects.filter(session=OuterRef("pk")).order_by().values("session")
        return (
            super()
            .get_queryset(request)
            .annotate(memory_count=Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0))
        )

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Show a session with its conversation."""
        return describe_session(request, obj)

    @display(description="Session", ordering="title")
    def show_title(self, obj: Session) -> str:
        """Its title, else its key."""
        return str(obj)[:90]

    @display(description="Memories")
    def count_memories(self, obj: Any) -> int:
        """How many memories it has."""
        return int(obj.memory_count)

    @display(description="Visibility", ordering="visibility", label=labels.VISIBILITY)
    def show_visibility(self, obj: Session) -> tuple[str, str]:
        """Who may read it."""
        return obj.visibility, obj.get_visibility_display()


@register(Embedding, site=site)
class EmbeddingAdmin(ReadOnlyAdmin):
    """Vectors by model and the hash of their text; the numbers themselves are not shown."""

    list_display = ("source_hash", "subject_kind", "model", "chunk_no", "start", "end", "created_at")
    list_defer = ("vector",)
    list_filter = (("subject_kind", ChoicesDropdownFilter),)
    search_fields = ("source_hash__startswith",)
    search_help_text = "Beginning of a text's hash"
    ordering = ("-id",)
    fields = (
        ("subject_kind", "model"),
        "source_hash",
        ("chunk_no", "start", "end"),
        ("count_dimensions", "created_at"),
    )

    @display(description="Dimensions")
    def count_dimensions(self, obj: Embedding) -> int:
        """The length of the vector."""
        return len(obj.vector)


@register(CodeReference, site=site)
class CodeReferenceAdmin(ReadOnlyAdmin):
    """Paths and names that memories speak of."""

    list_display = ("text", "kind", "how", "memory")
    list_select_related = ("memory",)
    list_filter = (("kind", ChoicesDropdownFilter), ("how", ChoicesDropdownFilter))
    search_fields = ("text__startswith",)
    search_help_text = "Beginning of a path or name"
    ordering = ("-id",)
    fields = ("text", ("kind", "how"), "memory")


@register(MemoryLink, site=site)
class MemoryLinkAdmin(ReadOnlyAdmin):
    """Memories and the code they are about."""

    list_display = ("memory", "edge", "code_object", "how", "confidence")
    list_select_related = ("memory", "code_object")
    list_filter = (("edge", ChoicesDropdownFilter), ("how", ChoicesDropdownFilter))
    search_fields = ("code_object__name__startswith",)
    search_help_text = "Beginning of a definition's name"
    ordering = ("-id",)
    fields = ("memory", "code_object", ("edge", "how", "confidence"))


@register(TombstoneLink, site=site)
class TombstoneLinkAdmin(ReadOnlyAdmin):
    """Memories and the code they are about that is gone."""

    list_display = ("memory", "edge", "tombstone", "how", "confidence")
    list_select_related = ("memory", "tombstone")
    list_filter = (("edge", ChoicesDropdownFilter), ("how", ChoicesDropdownFilter))
    search_fields = ("tombstone__name__startswith",)
    search_help_text = "Beginning of a definition's name"
    ordering = ("-id",)
    fields = ("memory", "tombstone", ("edge", "how", "confidence"))


@register(EmbeddingModel, site=site)
class EmbeddingModelAdmin(SuperuserAdmin):
    """Which model is searched; `manage.py embedding_model` changes it."""

    list_display = ("name", "state", "dimensions", "created_at", "activated_at")
    list_filter = (("state", ChoicesDropdownFilter),)
    search_fields = ("name__startswith",)
    search_help_text = "Beginning of the name"
    fields = (("name", "state"), ("provider", "remote_model", "dimensions"), ("created_at", "activated_at"))
    readonly_fields = ("name", "state", "provider", "remote_model", "dimensions", "created_at", "activated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A model is added where its filling can be watched."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Retiring deletes its vectors; the row tells that it was."""
        return False
