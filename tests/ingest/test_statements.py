"""Every SQL file of the intake is understood by the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

import ingest
from tests.conftest import Member

FILES = sorted((Path(ingest.__file__).parent / "sql").glob("*.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- ")
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", text))
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", names)
        assert cursor.fetchall()
