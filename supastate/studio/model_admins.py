"""What the pages of all models share: one workspace, what may be read, who wrote it, no content in the log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery
from django.db.models import Model, QuerySet
from django.db.models.functions import Left
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from supastate.errors import SupastateError
from supastate.studio.reading import restrict_to_readable
from supastate.studio.selection import current_user, current_workspace, require_workspace
from supastate.studio.unfolding import InfinitePaginator, ModelAdmin

EXCERPT_CHARACTERS = 160


class StudioAdmin(ModelAdmin):
    """The look of every page; an error that Supastate knows is shown instead of raised."""

    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    compressed_fields = True

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save one object."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SupastateError as error:
            messages.error(request, error.detail)
            return redirect(request.get_full_path())


class SuperuserAdmin(StudioAdmin):
    """Seen and changed by superusers alone."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return current_user(request).is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers only."""
        return current_user(request).is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return current_user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers only."""
        return current_user(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers only."""
        return current_user(request).is_superuser


class TenantAdmin(StudioAdmin):
    """Rows of the selected workspace.

    `excerpt_of` names a long text that lists show the beginning of, and `list_defer` what lists need not read.
    """

    excerpt_of = ""
    list_defer: tuple[str, ...] = ()

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Leave workspace and author to the scope."""
        return ["workspace", "author", *(super().get_exclude(request, obj) or ())]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what the person may read in the selected workspace."""
        rows = restrict_to_readable(super().get_queryset(request), request)
        match = request.resolver_match
        if match is None or not str(match.url_name).endswith("_changelist"):
            return rows
        if self.excerpt_of:
            rows = rows.annotate(excerpt=Left(self.excerpt_of, EXCERPT_CHARACTERS))
        return rows.defer(*self.list_defer)

    def describe_object(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the template around an object's form needs."""
        return {}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show an object with what belongs to it."""
        obj = self.get_object(request, object_id)
        described = self.describe_object(request, obj) if obj is not None else {}
        return super().change_view(request, object_id, form_url, {**described, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added while no workspace exists."""
        return current_workspace(request) is not None and super().has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Fill in workspace and author; write only what was changed, since workers write the rest meanwhile."""
        if change:
            if form.changed_data:
                obj.save(update_fields=form.changed_data)
            return
        obj.workspace = require_workspace(request)
        if "author" in {field.name for field in obj._meta.fields}:
            obj.author = current_user(request)
        obj.save()

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Record an addition by id: the log outlives the row and is read outside its workspace."""
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Record a change by id."""
        return self._log(request, obj, CHANGE, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Record deletions by id."""
        return [self._log(request, obj, DELETION, []) for obj in queryset]

    def _log(self, request: HttpRequest, obj: Model, action: int, message: Any) -> LogEntry:
        return LogEntry.objects.create(
            user=current_user(request),
            content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
            object_id=str(obj.pk),
            object_repr=f"{obj._meta.verbose_name} {obj.pk}",
            action_flag=action,
            change_message=message,
        )


class ReadOnlyAdmin(TenantAdmin):
    """Rows that the pipeline writes and people look at; too many to count."""

    paginator = InfinitePaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes them."""
        return False


class FullTextSearch(ModelAdmin):
    """Searches by words through the index of `search` instead of scanning texts."""

    search_fields = ("search",)
    search_help_text = "Words, “a phrase”, or, -without"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that have the words, in prose or as identifiers."""
        if not search_term.strip():
            return queryset, False
        words = SearchQuery(search_term, config="english", search_type="websearch")
        names = SearchQuery(search_term, config="simple", search_type="websearch")
        return queryset.filter(search=words | names), False
