"""The database as production has it: migrated by the owner, used by the application role inside row security."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from psycopg import sql
from rest_framework.test import APIClient

from graph.connection import graph_store
from graph.store import GraphStore
from supastate.workspaces.keys import create_key
from supastate.workspaces.models import Membership, Scope, User, Workspace
from supastate.workspaces.scope import PIPELINE, workspace_scope


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """Migrate as the owner; the connection `default` is the application role from the start."""
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)


@dataclass(frozen=True)
class Member:
    """A person with a key of one workspace: what most tests begin with."""

    workspace: Workspace
    user: User
    key: str

    @property
    def api(self) -> APIClient:
        """An HTTP client that sends the key."""
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.key}")
        return client

    def scope(self, reader: Any = PIPELINE) -> Any:
        """A transaction inside the member's workspace."""
        return workspace_scope(self.workspace.id, reader=reader)


def make_member(slug: str, username: str, scopes: Any = tuple(Scope.values)) -> Member:
    """Make a person of workspace `slug`, made on first use, and a key of theirs."""
    workspace, _ = Workspace.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    user, _ = User.objects.get_or_create(username=username)
    Membership.objects.get_or_create(workspace=workspace, user=user)
    key = create_key(workspace=workspace, author=user, name=f"key of {username}", scopes=scopes)
    return Member(workspace=workspace, user=user, key=key.text)


@pytest.fixture
def ada(db: None) -> Member:
    """Ada works in workspace `north`."""
    return make_member("north", "ada")


@pytest.fixture
def ben(ada: Member) -> Member:
    """Ben works in the same workspace as Ada."""
    return make_member("north", "ben")


@pytest.fixture
def cleo(db: None) -> Member:
    """Cleo works in workspace `south` and must never see anything of `north`."""
    return make_member("south", "cleo")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits, for tests with several connections or processes; the owner empties the tables afterwards."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            _empty_tables()


def _empty_tables() -> None:
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.db_table not in kept]
    statement = sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
    with connect_as_owner() as connection:
        connection.execute(statement)


def connect_as_owner() -> psycopg.Connection:
    """A connection as the owner of the tables, beside Django's; each statement commits."""
    options = settings.DATABASES["owner"]
    names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
    return psycopg.connect(**{key: options[name] or None for key, name in names.items()}, autocommit=True)


@pytest.fixture(params=["falkordb", "neo4j"])
def store(
    request: pytest.FixtureRequest, settings: Any, ada: Member, falkordb_url: str, neo4j_url: str
) -> Iterator[GraphStore]:
    """Each of the stores, as the settings name it for the test."""
    settings.GRAPH_URL = falkordb_url if request.param == "falkordb" else neo4j_url
    yield graph_store()
    graph_store().delete_workspace(ada.workspace.id)
