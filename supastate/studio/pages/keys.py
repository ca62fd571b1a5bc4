"""Pages of API keys. A secret is in the answer that makes it and nowhere else: no message, no session, no row."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import action, register
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateTimeFilter

from supastate.errors import SupastateError
from supastate.studio.model_admins import TenantAdmin
from supastate.studio.selection import StudioRequest, current_user, require_workspace
from supastate.studio.site import site
from supastate.studio.unfolding import CheckboxSelectMultiple, display
from supastate.workspaces.keys import NewKey, create_key, revoke_key, rotate_key
from supastate.workspaces.models import ApiKey, Scope

STATES = {"Live": "success", "Revoked": "danger", "Expired": "warning"}


class ApiKeyForm(forms.ModelForm[ApiKey]):
    """Asks for what a person chooses; the rest is made."""

    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=CheckboxSelectMultiple)

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")
        help_texts = {"expires_at": "Empty: until it is revoked."}


@register(ApiKey, site=site)
class ApiKeyAdmin(TenantAdmin):
    """Keys of the selected workspace, made, rotated and revoked."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "show_scopes", "author", "show_state", "last_used_at", "expires_at")
    list_select_related = ("author",)
    list_filter = (("expires_at", RangeDateTimeFilter), ("revoked_at", RangeDateTimeFilter))
    search_fields = ("name__istartswith", "prefix__startswith", "author__username__istartswith")
    search_help_text = "Beginning of the name, prefix or author"
    ordering = ("name", "-created_at")
    actions = ("rotate_selected", "revoke_selected")
    add_fieldsets = ((None, {"fields": ("name", "scopes", "expires_at")}),)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "prefix"),
                    ("show_scopes", "author"),
                    ("show_state", "created_at", "last_used_at"),
                    ("expires_at", "revoked_at"),
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show derived columns only."""
        return ("prefix", "show_scopes", "show_state", "created_at", "last_used_at", "revoked_at") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is rotated or revoked, never edited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A revoked key stays, to say who used it."""
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Whether the person may rotate and revoke."""
        return current_user(request).has_perm("workspaces.change_apikey")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm[Any], change: bool) -> None:
        """Make the key in the selected workspace, in the name of the person."""
        made = create_key(
            workspace=require_workspace(request),
            author=current_user(request),
            name=obj.name,
            scopes=obj.scopes,
            expires_at=obj.expires_at,
        )
        obj.pk = made.key.pk
        cast("StudioRequest", request).made_keys = [made]

    def response_add(
        self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the new secret in this one answer."""
        return self._show_secrets(request, cast("StudioRequest", request).made_keys)

    @action(description="Rotate: make a successor; the old key lives seven days more", permissions=["end"])
    def rotate_selected(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        """Make successors of live keys: of one's own, since a successor acts as the same author."""
        user = current_user(request)
        made = []
        for key in queryset.select_related("workspace", "author"):
            if key.author_id != user.id and not user.is_superuser:
                messages.error(request, f"{key} is another person's: only they, or a superuser, may rotate it.")
            elif find_state(key) != "Live":
                messages.error(request, f"{key} has ended: make a new one.")
            else:
                made += self._rotate(request, key)
        return self._show_secrets(request, made) if made else None

    @action(description="Revoke now", permissions=["end"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End keys now."""
        keys = list(queryset.filter(revoked_at__isnull=True))
        for key in keys:
            revoke_key(key)
            self.log_change(request, key, "Revoked.")
        messages.success(request, f"{len(keys)} {'key' if len(keys) == 1 else 'keys'} revoked.")

    def _rotate(self, request: HttpRequest, key: ApiKey) -> list[NewKey]:
        try:
            made = rotate_key(key)
        except SupastateError as error:
            messages.error(request, error.detail)
            return []
        self.log_change(request, key, "Rotated.")
        return [made]

    def _show_secrets(self, request: HttpRequest, made: list[NewKey]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Copy the key now" if len(made) == 1 else "Copy the keys now",
            "opts": self.opts,
            "made": made,
        }
        return TemplateResponse(request, "studio/new_key.html", context)

    @display(description="Scopes", label=True)
    def show_scopes(self, obj: ApiKey) -> list[str]:
        """What it may do."""
        return list(obj.scopes)

    @display(description="State", label=STATES)
    def show_state(self, obj: ApiKey) -> str:
        """Whether it opens anything."""
        return find_state(obj)


def find_state(key: ApiKey) -> str:
    """Return Live, Revoked or Expired."""
    if key.revoked_at is not None:
        return "Revoked"
    expired = key.expires_at is not None and key.expires_at <= timezone.now()
    return "Expired" if expired else "Live"
