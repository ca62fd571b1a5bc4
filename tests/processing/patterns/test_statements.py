"""Every SQL file of the room, on the real server."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from processing.patterns.statements import SQL_DIR, read_statement
from tests.conftest import Member

ANY = UUID(int=1)
PARAMETERS: dict[str, dict[str, Any]] = {
    "dirty_talks": {"workspace": ANY, "project": None, "after": ANY, "upto": ANY, "most": 10},
    "settled_until": {},
    "move_checkpoint": {"id": ANY, "workspace": ANY, "type": "debugging", "last": ANY},
    "hold_detection": {"lock": "patterns"},
    "hold_waiting_job": {"workspace": ANY},
    "leave_debounce": {"id": ANY, "token": uuid4()},
}


def test_every_file_is_explained_here() -> None:
    assert {path.stem for path in SQL_DIR.glob("*.sql")} == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_server_understands_the_statement(ada: Member, name: str) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {read_statement(name)}", PARAMETERS[name])
        assert cursor.fetchall()
