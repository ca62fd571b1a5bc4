"""Every statement of memory dynamics is understood by the server, and the cycle reads by its indexes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

from processing.dynamics.statements import SQL_DIR
from tests.conftest import Member


@pytest.mark.parametrize("path", sorted(SQL_DIR.glob("*.sql")), ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- ")
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", text))
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", names)
        assert cursor.fetchall()
