"""The statements on the real server: valid, and words are found by index under row-level security."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections

from supastate.search.filtering import VISIBLE_OF_KIND
from supastate.search.model import Filters, Kind
from supastate.search.ranking import RANKING_OF_KIND
from supastate.search.statements import SQL_DIR, read_visible
from supastate.search.suggesting import LAST_CHARACTER
from tests.conftest import Member, make_member

NO_FILTERS = dict.fromkeys(field.name for field in fields(Filters))
MODEL = "local/all-MiniLM-L6-v2"
OVER_VISIBLE: dict[str, Any] = {
    **NO_FILTERS,
    "subject_kind": "memory",
    "model": MODEL,
    "dimensions": 384,
    "vector": str([0.1] * 384),
    "scanned": 1_000,
    "most": 10,
    "near_ids": [uuid4()],
    "distances": [0.5],
    "chunk_starts": [0],
    "chunk_ends": [9],
    "words": ["'lease'", "'claim'"],
    "gathering": ["'lease' & 'claim'"],
    "exact": None,
    "phrase": None,
    "speaker": "user",
    "postings": 2000,
    "passed_over": ["'lease'"],
    "sampled": 10,
    "below": "1",
    "share": 0.5,
    **asdict(RANKING_OF_KIND[Kind.MEMORY]),
    "field_weights": [1.0, 1.0, 1.0, 1.0],
    "candidates": 200,
    "best": 20,
    "size": 20,
    "after_score": None,
    "after_moment": None,
    "after_id": None,
}
SOME_IDS = {"memory_ids": [uuid4()], "code_ids": [uuid4()], "summary_ids": [uuid4()]}
SUGGEST = {
    "text": "ren",
    "key": "ren",
    "end": f"ren{LAST_CHARACTER}",
    "words": "ren",
    "qualified": "",
    "sessions": 500,
    "matches": 300,
    "most": 10,
}
FIND_NAMED = {
    "paths": ["net/shop.py"],
    "lines": [None],
    "names": ["cart"],
    "qualified_names": ["Cart"],
    "projects": None,
    "most": 5,
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "visible_memories": NO_FILTERS,
    "visible_code": NO_FILTERS,
    "visible_summaries": NO_FILTERS,
    "build_query": {"q": "lease claim"},
    "headlines": {"texts": ["a lease"], "query": "'lease'"},
    "count_pending": {"kinds": ["memory"]},
    "facets": {**SOME_IDS, "most": 20},
    "group_keys": SOME_IDS,
    "related_to_hits": {**SOME_IDS, "most": 3},
    "find_named": FIND_NAMED,
    "suggest": SUGGEST,
    "holders": {"ids": [uuid4()]},
    "first_vector": {"source_hash": "0" * 64, "model": "m"},
    "turns_around": {"memory_id": uuid4(), "most": 10},
    "memories_of_same_code": {"memory_id": uuid4(), "most": 10},
    "count_vectors": {"subject_kind": "memory", "model": MODEL, "most": 10, "index": "embedding_of_nothing"},
}
PLACEHOLDERS = (
    "browse",
    "common_words",
    "count_visible",
    "hybrid",
    "nearest_exact",
    "nearest_indexed",
    "nearest_scanned",
)


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


@pytest.mark.parametrize("name", sorted({path.stem for path in SQL_DIR.glob("*.sql")} - set(PLACEHOLDERS)))
def test_every_statement_is_valid(name: str, ada: Member) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + (SQL_DIR / f"{name}.sql").read_text(), PARAMETERS[name])
        assert cursor.fetchall()


@pytest.mark.parametrize("name", PLACEHOLDERS)
@pytest.mark.parametrize("visible", VISIBLE_OF_KIND.values())
def test_what_searches_one_kind_is_valid_for_each(name: str, visible: str, ada: Member) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + read_visible(name, visible), OVER_VISIBLE)
        assert cursor.fetchall()


def explain(member: Member, statement: str, parameters: dict[str, Any]) -> str:
    with member.scope(reader=uuid4()), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement, parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_words_are_found_by_index_under_row_level_security(crowded: Member) -> None:
    plan = explain(crowded, read_visible("hybrid", "visible_memories"), OVER_VISIBLE)
    assert "Bitmap Index Scan on memory_search" in plan
    assert "Index Cond: ((workspace_id = " in plan  # it reads this workspace's share of a word


def test_a_sample_of_words_is_read_along_an_index(crowded: Member) -> None:
    plan = explain(crowded, read_visible("common_words", "visible_memories"), OVER_VISIBLE)
    assert "Index Scan using memory_content" in plan


def test_what_boosts_look_up_is_indexed(crowded: Member) -> None:
    with crowded.scope(reader=uuid4()), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # empty tables are cheaper to read than their indexes
        for visible in VISIBLE_OF_KIND.values():
            cursor.execute("EXPLAIN " + read_visible("hybrid", visible), OVER_VISIBLE)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "access_by_id" in plan
            assert "memory_turns" in plan
            assert "Seq Scan" not in plan


def test_the_newest_are_listed_from_an_index(crowded: Member) -> None:
    assert "Index Scan using memory_newest" in explain(
        crowded, read_visible("browse", "visible_memories"), OVER_VISIBLE
    )


@pytest.fixture
def much_code(committed: None) -> Member:
    """A workspace of 20,000 functions in 2,000 files, with fresh statistics."""
    ada = make_member("north", "ada")
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH project AS (
                INSERT INTO workspaces_project (
                    id, workspace_id, identity, name, remote, path, visibility, author_id, created_at)
                VALUES (uuidv7(), %(workspace)s, 'p', 'p', '', '', 'workspace', %(author)s, now()) RETURNING id
            ), file AS (
                INSERT INTO processing_codefile (
                    id, workspace_id, project_id, author_id, visibility, path, revision, blob_hash, language,
                    marks, lines, updated_at)
                SELECT uuidv7(), %(workspace)s, id, %(author)s, 'workspace', n || '.py', 1, '', 'python',
                       '{}', 1, now()
                FROM project, generate_series(1, 2000) AS n RETURNING id, project_id, path
            )
            INSERT INTO processing_codeobject (
                id, workspace_id, project_id, file_id, author_id, visibility, uid, kind, name, qualified_name,
                signature, docstring, start_line, end_line, content, content_hash, processing_status)
            SELECT uuidv7(), %(workspace)s, project_id, id, %(author)s, 'workspace', path || n, 'function',
                   'name_' || path || n, 'a.name_' || n, '', '', 1, 2, 'pass', '', 'pending'
            FROM file, generate_series(1, 10) AS n
            """,
            {"workspace": ada.workspace.id, "author": ada.user.id},
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE processing_codeobject, processing_codefile")
    connections["owner"].close()
    return ada


def test_names_are_suggested_and_found_from_an_index(much_code: Member) -> None:
    statement = (SQL_DIR / "suggest.sql").read_text()
    assert explain(much_code, statement, SUGGEST).count("using code_object_name_key") == 3
    assert explain(much_code, statement, SUGGEST).count("Bitmap Index Scan on code_object_search") == 1
    owned = SUGGEST | {"qualified": "cart.ren"}
    assert explain(much_code, statement, owned).count("Bitmap Index Scan on code_object_search") == 2
    named = explain(much_code, (SQL_DIR / "find_named.sql").read_text(), FIND_NAMED)
    assert "code_object_name_key" in named


def test_no_plan_of_the_application_is_compiled(ada: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
