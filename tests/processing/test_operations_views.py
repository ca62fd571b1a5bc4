"""The views for psql show what there is, to the owner all of it, to the application its own workspace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg import sql

from processing.models import LinkQueue
from supastate.queueing.models import Status
from supastate.queueing.stages import all_stages
from supastate.workspaces.ids import new_id
from tests.conftest import Member, connect_as_owner, make_member
from tests.ingest import sending

VIEWS = ("queue_rows", "queue_depth", "queue_dead_letters", "queue_pace", "batch_progress", "table_sizes")


def add(member: Member, **fields: Any) -> None:
    with member.scope():
        LinkQueue.objects.create(workspace=member.workspace, memory_id=new_id(), **fields)


def look(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_each_stage_is_in_the_view_of_all_rows(ada: Member) -> None:
    definition = look("SELECT pg_get_viewdef('queue_rows'::regclass)")[0][0]
    for stage in all_stages():
        assert f"'{stage.name}'" in definition
        assert f"FROM {stage.table}" in definition


def test_depth_pace_and_dead_letters_are_shown(ada: Member) -> None:
    ago = timezone.now() - timedelta(seconds=90)
    add(ada, run_after=ago, due_since=ago)
    add(ada, status=Status.DEAD, error_code="poison", error_detail="It never ends.", processed_at=ago)
    add(ada, status=Status.DEAD, error_code="poison", discarded_at=ago)
    add(ada, status=Status.COMPLETED, created_at=ago - timedelta(seconds=3), processed_at=ago)
    with ada.scope():
        depth = look("SELECT stage, workspace, status, rows, extract(epoch FROM oldest_due) FROM queue_depth")
        assert sorted(row[:4] for row in depth) == [
            ("link_memories", "north", "dead", 1),
            ("link_memories", "north", "pending", 1),
        ]
        assert 90 <= next(row[4] for row in depth if row[2] == "pending") < 100
        assert look("SELECT error_code, error_detail, died_at FROM queue_dead_letters") == [
            ("poison", "It never ends.", ago)
        ]
        assert look("SELECT stage, completed, median FROM queue_pace") == [
            ("link_memories", 1, timedelta(seconds=3))
        ]


def test_a_batch_shows_its_counts_and_its_rows(ada: Member) -> None:
    sending.send_chunks(ada, sending.make_chunk("One."), sending.make_chunk("Two."))
    with ada.scope():
        [row] = look("SELECT workspace, kind, new, stage, pending, completed FROM batch_progress")
    assert row == ("north", "memory", 2, "store_memory", 2, 0)


def test_the_application_sees_its_own_workspace_and_the_owner_all(committed: None) -> None:
    ada, cleo = make_member("north", "ada"), make_member("south", "cleo")
    for member in (ada, cleo):
        add(member)
    with cleo.scope():
        assert look("SELECT DISTINCT workspace FROM queue_depth") == [("south",)]
    with connect_as_owner() as owner:
        seen = owner.execute("SELECT DISTINCT workspace FROM queue_depth ORDER BY 1").fetchall()
        assert seen == [("north",), ("south",)]
        for view in VIEWS:
            owner.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(view))).fetchall()
