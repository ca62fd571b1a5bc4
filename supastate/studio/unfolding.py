"""Unfold's names as the type checker should see them: Unfold has no types, but stands on Django's admin.

Every module of Studio takes these names from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from unfold.decorators import display as unfold_display

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.contrib.admin import ModelAdmin as DjangoModelAdmin
    from django.contrib.admin import SimpleListFilter as DropdownFilter
    from django.contrib.admin import TabularInline as DjangoTabularInline
    from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
    from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
    from django.contrib.auth.forms import UserChangeForm as DjangoUserChangeForm
    from django.core.paginator import Paginator as InfinitePaginator
    from django.forms import CheckboxSelectMultiple

    from supastate.workspaces.models import User

    class ModelAdmin(DjangoModelAdmin[Any]):
        """Django's, for any model."""

    class UserAdmin(DjangoUserAdmin[User]):
        """Django's, for our users."""

    class UserChangeForm(DjangoUserChangeForm[User]):
        """Django's, for our users."""

    class TabularInline(DjangoTabularInline[Any, Any]):
        """Django's, for any model."""
else:
    from django.contrib.auth.admin import UserAdmin
    from unfold.admin import ModelAdmin, TabularInline
    from unfold.contrib.filters.admin import DropdownFilter
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm
    from unfold.forms import UserCreationForm as AdminUserCreationForm
    from unfold.paginator import InfinitePaginator
    from unfold.sites import UnfoldAdminSite as AdminSite
    from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as CheckboxSelectMultiple

__all__ = [
    "AdminPasswordChangeForm",
    "AdminSite",
    "AdminUserCreationForm",
    "CheckboxSelectMultiple",
    "DropdownFilter",
    "InfinitePaginator",
    "ModelAdmin",
    "TabularInline",
    "UserAdmin",
    "UserChangeForm",
    "display",
]

Column = TypeVar("Column", bound=Callable[..., Any])


def display(
    *,
    description: str,
    ordering: str | None = None,
    boolean: bool | None = None,
    label: bool | Mapping[str, str] | None = None,
) -> Callable[[Column], Column]:
    """Describe a column; `label` shows its value as a coloured label, by colour or by {value: colour}."""
    decorate: Callable[[Column], Column] = unfold_display(
        description=description, ordering=ordering, boolean=boolean, label=label
    )
    return decorate
