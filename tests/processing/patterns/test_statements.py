"""Every SQL file of the room, on the real server; what is new is found without reading what is old."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from processing.models import Memory
from processing.patterns.statements import SQL_DIR
from tests.conftest import Member, make_member

ANY = UUID(int=1)
PARAMETERS: dict[str, dict[str, Any]] = {
    "dirty_talks": {"workspace": ANY, "project": None, "after": ANY, "upto": ANY, "most": 10},
    "settled_until": {},
    "move_checkpoint": {"id": ANY, "workspace": ANY, "type": "debugging", "last": ANY},
    "hold_detection": {"lock": "patterns"},
    "hold_waiting_job": {"workspace": ANY},
    "first_unembedded": {"workspace": ANY},
    "vectors_of_memories": {"ids": [ANY], "model": "m"},
    "nearest_leader": {
        "model": "m",
        "project": None,
        "visibility": "workspace",
        "author": None,
        "signature": "01" * 512,
        "vector": "[1,0,0]",
        "candidates": 20,
        "least": 0.8,
    },
    "scan_further": {},
    "leave_debounce": {"id": ANY, "token": uuid4()},
}
OLD_MEMORIES = 4_000


def test_every_file_is_explained_here() -> None:
    assert {path.stem for path in SQL_DIR.glob("*.sql")} == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_server_understands_the_statement(ada: Member, name: str) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {(SQL_DIR / name).with_suffix('.sql').read_text()}", PARAMETERS[name])
        assert cursor.fetchall()


def test_what_is_new_is_found_without_reading_what_is_old(committed: None) -> None:
    ada = make_member("north", "ada")
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO processing_memory (
                id, workspace_id, author_id, visibility, role, content, metadata, file_paths, occurred_at,
                created_at, updated_at, part_no, content_hash, processing_status)
            SELECT uuidv7(), %s, %s, 'workspace', 'user', 'note ' || n, '{}', '{}', now(),
                   now(), now(), 0, '', 'pending'
            FROM generate_series(1, %s) AS n
            """,
            [ada.workspace.id, ada.user.id, OLD_MEMORIES],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE processing_memory")
    connections["owner"].close()
    with ada.scope(), connection.cursor() as cursor:
        last = Memory.objects.order_by("-pk").values_list("pk", flat=True)[9]
        wanted = {"workspace": ada.workspace.id, "project": None, "after": last, "upto": UUID(int=2**128 - 1)}
        cursor.execute(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {(SQL_DIR / 'dirty_talks.sql').read_text()}", {**wanted, "most": 100}
        )
        [plan] = cursor.fetchone()[0]
        newest = json.loads(
            Memory.objects.filter(workspace_id=ada.workspace.id, pk__gt=last)
            .order_by("-pk")
            .explain(format="json", analyze=True)
        )[0]
    assert plan["Plan"]["Actual Rows"] == 9
    for found in (plan, newest):
        [scan] = find_scans(found["Plan"])
        assert scan["Index Name"] == "processing_memory_pkey", json.dumps(found, indent=1)
        assert scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) < 100


def test_the_index_of_signatures_answers_inside_row_security(committed: None) -> None:
    ada = make_member("north", "ada")
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH memory AS (
                INSERT INTO processing_memory (
                    id, workspace_id, author_id, visibility, role, content, metadata, file_paths, occurred_at,
                    created_at, updated_at, part_no, content_hash, processing_status)
                SELECT uuidv7(), %s, %s, 'workspace', 'user', 'note ' || n, '{}', '{}', now(),
                       now(), now(), 0, '', 'pending'
                FROM generate_series(1, %s) AS n
                RETURNING id, workspace_id, author_id
            )
            INSERT INTO processing_topicleader (
                id, workspace_id, author_id, visibility, memory_id, model, signature)
            SELECT uuidv7(), workspace_id, author_id, 'workspace', id, 'm',
                   ('x' || (SELECT string_agg(md5(id::text || n), '')
                            FROM generate_series(1, 8) AS n))::bit(1024)
            FROM memory
            """,
            [ada.workspace.id, ada.user.id, OLD_MEMORIES],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE processing_topicleader")
    connections["owner"].close()
    with ada.scope(), connection.cursor() as cursor:
        statement = (SQL_DIR / "nearest_leader.sql").read_text()
        cursor.execute("SET LOCAL enable_sort = off")  # some thousands are sorted sooner; many more are not
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", PARAMETERS["nearest_leader"])
        [plan] = cursor.fetchone()[0]
    scans = {scan["Relation Name"]: scan for scan in find_scans(plan["Plan"])}
    leaders = scans["processing_topicleader"]
    assert leaders.get("Index Name") == "topic_leader_nearest", json.dumps(plan, indent=1)
    assert leaders["Actual Rows"] <= PARAMETERS["nearest_leader"]["candidates"]


def find_scans(node: dict[str, Any]) -> list[dict[str, Any]]:
    own = [node] if "Relation Name" in node else []
    return own + [scan for child in node.get("Plans", ()) for scan in find_scans(child)]
