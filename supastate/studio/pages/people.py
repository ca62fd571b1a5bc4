"""Pages of people and workspaces. What reaches over workspaces is for superusers only."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.admin import register
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from processing.embedding_choice import follow_choice
from supastate.studio.model_admins import StudioAdmin, TenantAdmin
from supastate.studio.selection import current_user, current_workspace, list_workspaces
from supastate.studio.site import site
from supastate.studio.unfolding import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    TabularInline,
    UserAdmin,
    UserChangeForm,
    display,
)
from supastate.workspaces.models import Membership, User, Workspace

SLICES_AT_ONCE = 4  # 20,000 texts, some seconds of a person's patience


class SuperuserEditsAdmin(StudioAdmin):
    """Seen by whom Django's permissions let, changed by superusers; never deleted, since rows refer to them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only superusers add."""
        return current_user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers change."""
        return current_user(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows of other workspaces, which Studio cannot see from here, may depend on it."""
        return False


@register(Workspace, site=site)
class WorkspaceAdmin(SuperuserEditsAdmin):
    """Tenants."""

    list_display = ("name", "slug", "embeddings_enabled", "created_at")
    search_fields = ("name__istartswith", "slug__startswith")
    fields = (("name", "slug"), "embeddings_enabled", "created_at")
    readonly_fields = ("created_at",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workspace]:
        """Return the workspaces that the person may open."""
        return list_workspaces(current_user(request))

    def save_model(self, request: HttpRequest, obj: Workspace, form: Any, change: bool) -> None:
        """Bring the first texts in line with a changed choice; the nightly sweep does what is left of many."""
        super().save_model(request, obj, form, change)
        if change and "embeddings_enabled" in form.changed_data:
            transaction.on_commit(partial(follow_choice, obj.pk, slices=SLICES_AT_ONCE))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Make the slug from the name, once."""
        return {} if obj or not self.has_add_permission(request) else self.prepopulated_fields


class MembershipInline(TabularInline):
    """A person's workspaces on their page."""

    model = Membership
    extra = 0
    fields = ("workspace", "role")


@register(User, site=site)
class PersonAdmin(UserAdmin, SuperuserEditsAdmin):
    """People and service accounts."""

    form = UserChangeForm
    add_form = AdminUserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (MembershipInline,)
    list_display = ("username", "first_name", "last_name", "email", "show_kind", "is_active", "is_staff")
    list_filter = (("kind", ChoicesDropdownFilter), "is_active", "is_staff", "is_superuser")
    search_fields = ("username__istartswith", "email__istartswith", "last_name__istartswith")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": (("username", "kind"), "password")}),
        ("Person", {"fields": (("first_name", "last_name"), "email")}),
        (
            "What they may do",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": (("last_login", "date_joined"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Return everybody for a superuser, else the members of the selected workspace."""
        people: QuerySet[User] = super().get_queryset(request)
        if current_user(request).is_superuser:
            return people
        return people.filter(memberships__workspace=current_workspace(request))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Show memberships, which reach over workspaces, to superusers."""
        return self.inlines if obj and current_user(request).is_superuser else ()

    @display(description="Kind", ordering="kind", label={User.Kind.PERSON: "info", User.Kind.SERVICE: "default"})
    def show_kind(self, obj: User) -> tuple[str, str]:
        """A person or a machine."""
        return obj.kind, obj.get_kind_display()


@register(Group, site=site)
class GroupAdmin(DjangoGroupAdmin, SuperuserEditsAdmin):
    """Sets of permissions."""


class MembershipForm(ModelForm[Membership]):
    """Refuses to add a person twice. `workspace` is set by the page."""

    workspace: Workspace | None = None

    def clean_user(self) -> User:
        """Return a person who is not a member yet."""
        user: User = self.cleaned_data["user"]
        if Membership.objects.filter(workspace=self.workspace, user=user).exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"{user} is a member already.", code="duplicate")
        return user


@register(Membership, site=site)
class MembershipAdmin(TenantAdmin):
    """Who belongs to the selected workspace."""

    form = MembershipForm
    list_display = ("user", "role", "workspace")
    list_select_related = ("user", "workspace")
    list_filter = (("role", ChoicesDropdownFilter),)
    search_fields = ("user__username__istartswith", "user__email__istartswith")
    autocomplete_fields = ("user",)
    ordering = ("user__username",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Tell the form which workspace it adds to."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.workspace = current_workspace(request)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A membership keeps its person."""
        return ("user",) if obj else ()
