"""Has the server plan a statement that lives in a file."""

from __future__ import annotations

import re
from pathlib import Path

from django.db import connection

from tests.conftest import Member


def plan(member: Member, path: Path) -> None:
    """Fail unless a statement says what it is for and is understood by the server, as a member has it run."""
    text = path.read_text()
    assert text.startswith("-- ")
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", text))
    with member.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", names)
        assert cursor.fetchall()
