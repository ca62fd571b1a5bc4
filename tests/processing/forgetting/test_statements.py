"""Statements of forgetting are understood by the server; none that reads memories shows what is forgotten."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from processing.forgetting.statements import SQL_DIR, read_statement
from processing.memories.forgotten import forgotten_shown
from processing.models import Memory
from processing.patterns.statements import SQL_DIR as PATTERN_SQL
from supastate.search.filtering import VISIBLE_OF_KIND
from supastate.search.statements import SQL_DIR as SEARCH_SQL
from supastate.search.statements import read_visible
from tests.conftest import Member
from tests.processing.forgetting.cast import NOW
from tests.search.test_plans import OVER_VISIBLE, PARAMETERS, PLACEHOLDERS, crowded

__all__ = ["crowded"]

HIDES = "forgotten_at IS NULL"
READING = [
    path
    for folder in (SEARCH_SQL, PATTERN_SQL)
    for path in sorted(folder.glob("*.sql"))
    if "processing_memory " in path.read_text() and path.stem not in PLACEHOLDERS
]

SOME_ID = uuid4()
OF_PATTERNS = {
    "workspace": SOME_ID,
    "project": None,
    "after": SOME_ID,
    "upto": SOME_ID,
    "most": 10,
    "ids": [SOME_ID],
    "model": "m",
    "visibility": "workspace",
    "author": None,
    "signature": "0" * 1024,
    "vector": "[1]",
    "candidates": 20,
    "least": 0.8,
}


def explain(member: Member, statement: str, parameters: object) -> str:
    with member.scope(reader=member.user.id), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("path", sorted(SQL_DIR.glob("*.sql")), ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    assert path.read_text().startswith("-- ")
    statement = read_statement(path.stem)
    assert explain(ada, statement, dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))


@pytest.mark.parametrize("path", READING, ids=lambda path: path.stem)
def test_what_reads_memories_is_kept_from_the_forgotten_ones(ada: Member, path: Path) -> None:
    text = path.read_text()
    plan = explain(ada, text, PARAMETERS.get(path.stem, OF_PATTERNS))
    assert HIDES in plan


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_search_is_kept_from_the_forgotten_ones(ada: Member, name: str) -> None:
    [visible] = [of_kind for kind, of_kind in VISIBLE_OF_KIND.items() if kind.value == "memory"]
    assert HIDES in explain(ada, read_visible(name, visible), OVER_VISIBLE)


def test_what_is_to_be_erased_is_found_by_an_index_of_the_forgotten_alone(crowded: Member) -> None:
    due = Memory.objects.filter(workspace_id=crowded.workspace.id, forgotten_at__lte=NOW).order_by("forgotten_at")
    with crowded.scope(), forgotten_shown():
        assert "memory_forgotten" in due.explain()
