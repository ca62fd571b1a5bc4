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


def find_scans(node: dict[str, Any]) -> list[dict[str, Any]]:
    own = [node] if "Relation Name" in node else []
    return own + [scan for child in node.get("Plans", ()) for scan in find_scans(child)]
