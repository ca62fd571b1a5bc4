"""The statements on the real server: valid, and words are found by index under row-level security."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from supastate.search.model import Kind
from supastate.search.ranking import RANKING_OF_KIND
from supastate.search.statements import SQL_DIR, read_hybrid
from tests.conftest import Member, make_member

NO_FILTERS = dict.fromkeys(
    ("projects", "sessions", "roles", "paths", "languages", "kinds", "since", "until", "without")
)
HYBRID = {
    **NO_FILTERS,
    "subject_kind": "memory",
    "model": "local/all-MiniLM-L6-v2",
    "vector": str([0.1] * 384),
    "words": ["'lease'", "'claim'"],
    "gathering": ["'lease' & 'claim'"],
    "exact": None,
    "phrase": None,
    "speaker": "user",
    "postings": 2000,
    **asdict(RANKING_OF_KIND[Kind.MEMORY]),
    "field_weights": [1.0, 1.0, 1.0, 1.0],
    "candidates": 200,
    "size": 20,
    "after_score": None,
    "after_id": None,
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "visible_memories": NO_FILTERS,
    "visible_code": NO_FILTERS,
    "build_query": {"q": "lease claim"},
    "headlines": {"texts": ["a lease"], "query": "'lease'"},
    "count_pending": {"kinds": ["memory"]},
}


@pytest.fixture
def crowded(committed: None) -> Member:
    """A workspace of 4,000 memories, two of which speak of a lease, with fresh statistics."""
    ada = make_member("north", "ada")
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO processing_memory (
                id, workspace_id, author_id, visibility, role, content, metadata, file_paths, occurred_at,
                created_at, updated_at, part_no, content_hash, processing_status)
            SELECT uuidv7(), %s, %s, 'workspace', 'user',
                   CASE WHEN n %% 2000 = 0 THEN 'the lease' ELSE 'filler number ' || n END,
                   '{}', '{}', now(), now(), now(), 0, '', 'pending'
            FROM generate_series(1, 4000) AS n
            """,
            [ada.workspace.id, ada.user.id],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE processing_memory")
    connections["owner"].close()
    return ada


@pytest.mark.parametrize("name", sorted({path.stem for path in SQL_DIR.glob("*.sql")} - {"hybrid"}))
def test_every_statement_is_valid(name: str, ada: Member) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + (SQL_DIR / f"{name}.sql").read_text(), PARAMETERS[name])
        assert cursor.fetchall()


@pytest.mark.parametrize("visible", ["visible_memories", "visible_code"])
def test_the_hybrid_search_is_valid_for_each_kind(visible: str, ada: Member) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + read_hybrid(visible), HYBRID)
        assert cursor.fetchall()


def test_words_are_found_by_index_under_row_level_security(crowded: Member) -> None:
    with crowded.scope(reader=uuid4()), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + read_hybrid("visible_memories"), {**HYBRID, "vector": None})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on memory_search" in plan
