"""Every statement of the room is understood by the server, and the walls of its tables stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

from processing.summaries.statements import SQL_DIR
from tests.conftest import Member

ARRAYS = {"ids", "sessions", "objects", "projects", "visibilities", "authors"}


@pytest.mark.parametrize("path", sorted(SQL_DIR.glob("*.sql")), ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- ")
    names = {name: [] if name in ARRAYS else None for name in re.findall(r"%\((\w+)\)s", text)}
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", names)
        assert cursor.fetchall()
