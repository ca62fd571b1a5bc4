"""Row-level security: every tenant table has it, the application role is held, a scope opens one workspace."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction

from processing.models import Memory
from supastate.errors import ConfigurationError
from supastate.workspaces.models import Project
from supastate.workspaces.projects import ProjectRef, ensure_project
from supastate.workspaces.roles import require_restrained_role
from supastate.workspaces.scope import ScopeError, require_outside_scope, workspace_scope
from tests.conftest import Member

READ_TO_FIND_THE_WORKSPACE = {"workspaces_membership", "workspaces_apikey"}


def remember(member: Member, content: str, **fields: Any) -> Memory:
    with member.scope():
        return Memory.objects.create(workspace=member.workspace, author=member.user, content=content, **fields)


def test_every_table_that_names_a_workspace_forces_row_security(db: None) -> None:
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if any(f.name == "workspace" for f in model._meta.fields)
    } - READ_TO_FIND_THE_WORKSPACE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
            " AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)"
        )
        forced = {row[0] for row in cursor.fetchall()}
    assert len(tables) > 20
    assert tables <= forced


def test_the_application_role_is_held_and_may_not_truncate_or_migrate(db: None) -> None:
    require_restrained_role()
    for statement in (
        "TRUNCATE processing_memory",
        "CREATE TABLE mine ()",
        "ALTER TABLE memory_queue DISABLE TRIGGER ALL",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_role_that_bypasses_row_security_is_refused_at_start(monkeypatch: Any) -> None:
    from django.db import connections

    from supastate.workspaces import roles

    monkeypatch.setattr(roles, "connection", connections["owner"])
    with pytest.raises(ConfigurationError, match="supastate_owner"):
        require_restrained_role()


def test_without_a_scope_there_are_no_rows_and_none_can_be_written(ada: Member) -> None:
    remember(ada, "ours")
    assert Memory.objects.count() == 0
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Memory.objects.create(workspace=ada.workspace, author=ada.user, content="stray")


def test_a_scope_sees_its_workspace_and_writes_no_other(ada: Member, cleo: Member) -> None:
    remember(ada, "north's")
    with cleo.scope():
        assert Memory.objects.count() == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Memory.objects.create(workspace=ada.workspace, author=cleo.user, content="smuggled")
    with ada.scope():
        assert Memory.objects.get().content == "north's"


def test_a_private_row_is_seen_by_its_author_and_the_pipeline_only(ada: Member, ben: Member) -> None:
    remember(ada, "a secret", visibility="private")
    with ben.scope(reader=ben.user.id):
        assert Memory.objects.count() == 0
    with ada.scope(reader=ada.user.id):
        assert Memory.objects.count() == 1
    with ada.scope():
        assert Memory.objects.count() == 1


def test_scopes_nest_in_one_workspace_and_refuse_another(ada: Member, cleo: Member) -> None:
    with ada.scope(), ada.scope():
        remember(ada, "nested")
    with ada.scope(), pytest.raises(ScopeError), cleo.scope():
        pass
    with ada.scope(), pytest.raises(ScopeError), ada.scope(reader=ada.user.id):
        pass


def test_a_scope_that_ended_leaves_nothing_behind(ada: Member) -> None:
    remember(ada, "ours")
    with pytest.raises(ZeroDivisionError), ada.scope():
        raise ZeroDivisionError
    assert Memory.objects.count() == 0
    with ada.scope():
        pass
    assert Memory.objects.count() == 0


def test_services_are_not_called_inside_a_transaction(ada: Member) -> None:
    require_outside_scope("A provider")
    with ada.scope(), pytest.raises(ScopeError, match="A provider"):
        require_outside_scope("A provider")


def test_two_people_may_each_have_a_private_project_of_one_path(ada: Member, ben: Member) -> None:
    ref = ProjectRef(path="/src/notes")
    ids = set()
    for member in (ada, ben):
        with workspace_scope(member.workspace.id, reader=member.user.id):
            for visibility in ("private", "workspace"):
                project = ensure_project(
                    workspace_id=member.workspace.id, author_id=member.user.id, ref=ref, visibility=visibility
                )
                ids.add(project.id)
            assert Project.objects.count() == 2
    assert len(ids) == 3
