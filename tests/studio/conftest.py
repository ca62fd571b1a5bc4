"""People at Studio: a superuser of Ada's workspace, and Ben, whom permissions are given to."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from supastate.workspaces.models import User
from tests.conftest import Member


def sign_in(user: User, *, superuser: bool = False) -> Client:
    """Make a person staff and return their browser."""
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=superuser)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def permit(user: User, *names: str) -> None:
    """Give a person permissions such as `processing.view_memory`."""
    for name in names:
        app, _, codename = name.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


def address(model: type[Model], page: str, *args: Any) -> str:
    """Return the address of a model's page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def studio(ada: Member) -> Client:
    """Ada's browser; she is a superuser."""
    return sign_in(ada.user, superuser=True)
