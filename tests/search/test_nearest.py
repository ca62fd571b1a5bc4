"""The nearest texts: by comparing all vectors, by an index, and by comparing when the index finds too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.db import connection, connections
from numpy.typing import NDArray

from processing.embedding_models import add_model, live_models
from processing.models import EmbeddingModel, Memory, SubjectKind
from processing.providers import ModelSpec
from processing.vector_indexes import PREFIX, keep_indexes, name_index, walk_indexes
from supastate.search import nearest
from supastate.search.model import Filters
from supastate.search.nearest import ENOUGH, Nearest, VectorQuery, choose_way, find_crossing, find_nearest
from supastate.search.statements import fetch_visible, read_visible
from supastate.workspaces.models import Project
from tests.conftest import Member, make_member

LOCAL = "local/all-MiniLM-L6-v2"
OTHER = ModelSpec("openai", "tiny", 16)
SIZE = 1_200
TOPICS = 40
NO_FILTERS = dict.fromkeys(field.name for field in fields(Filters))
Floats = NDArray[np.float32]
pytestmark = pytest.mark.usefixtures("embedding_model_dir")


def make_vectors(count: int, dimensions: int, seed: int) -> Floats:
    """Vectors around topics, as texts lie."""
    chance = np.random.default_rng(seed)
    topics = np.random.default_rng(1).standard_normal((TOPICS, dimensions), dtype=np.float32)
    return topics[chance.integers(TOPICS, size=count)] + chance.standard_normal(
        (count, dimensions), dtype=np.float32
    )


def add_texts(member: Member, vectors: Floats, *, model: str, project: Project | None = None) -> None:
    """Memories `text 0` … with the vector of each."""
    with member.scope(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH item AS (
                SELECT place - 1 AS n, vector FROM unnest(%s::text[]) WITH ORDINALITY AS given (vector, place)
            ), memory AS (
                INSERT INTO processing_memory (
                    id, workspace_id, project_id, author_id, visibility, role, content, metadata, file_paths,
                    occurred_at, created_at, updated_at, part_no, content_hash, processing_status)
                SELECT uuidv7(), %s, %s, %s, 'workspace', 'user', %s || n, '{}', '{}',
                    now(), now(), now(), 0, '', 'pending'
                FROM item
            )
            INSERT INTO processing_embedding (
                id, workspace_id, subject_kind, model, source_hash, chunk_no, start, "end", vector, created_at)
            SELECT uuidv7(), %s, 'memory', %s, hash_text(%s || n), 0, 0, 9, vector::halfvec, now() FROM item
            """,
            [
                [str(vector.tolist()) for vector in vectors],
                *(member.workspace.id, project and project.id, member.user.id, f"{project} text "),
                *(member.workspace.id, model, f"{project} text "),
            ],
        )


def ask(vector: Floats, *, model: str = LOCAL) -> VectorQuery:
    return VectorQuery(str(vector.tolist()), model, len(vector))


def find(member: Member, query: VectorQuery, **filters: Any) -> list[Nearest]:
    with member.scope(reader=member.user.id):
        return find_nearest(
            query,
            visible="visible_memories",
            subject_kind="memory",
            filters={**NO_FILTERS, **filters},
            workspace_id=member.workspace.id,
        )


def find_way(member: Member, query: VectorQuery, **filters: Any) -> str:
    parameters = {**NO_FILTERS, **filters, "subject_kind": "memory", "model": query.model}
    with member.scope(reader=member.user.id):
        return choose_way(
            member.workspace.id, visible="visible_memories", parameters=parameters, is_filtered=bool(filters)
        )


def find_exactly(member: Member, query: VectorQuery) -> list[UUID]:
    parameters = {**NO_FILTERS, "subject_kind": "memory", "candidates": 200}
    with member.scope(reader=member.user.id):
        rows = fetch_visible(
            "nearest_exact", "visible_memories", {**parameters, "model": query.model, "vector": query.vector}
        )
    return [row[0] for row in rows]


def explain_index(member: Member, query: VectorQuery) -> str:
    parameters = {**NO_FILTERS, "subject_kind": "memory", "candidates": 200}
    parameters |= {"model": query.model, "vector": query.vector, "dimensions": query.dimensions}
    with member.scope(reader=member.user.id), connection.cursor() as cursor:
        walk_indexes(ef_search=200, most_passed=20_000, sorts=False)
        cursor.execute("EXPLAIN " + read_visible("nearest_indexed", "visible_memories"), parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


def count_recall(found: Sequence[Nearest], right: Sequence[UUID], most: int) -> float:
    return len({item.id for item in found[:most]} & set(right[:most])) / most


@pytest.fixture(autouse=True)
def _forget_counts() -> None:
    nearest._count_vectors.cache_clear()
    nearest._count_left.cache_clear()


@pytest.fixture
def crowd(committed: None, settings: Any) -> Iterator[Member]:
    """A workspace of 1,200 texts with vectors under an index, which pays from 500 on."""
    settings.SEARCH_EXACT_VECTORS = 500
    ada = make_member("north", "ada")
    add_texts(ada, make_vectors(SIZE, 384, seed=2), model=LOCAL)
    keep_indexes()
    analyze()
    yield ada
    drop_indexes()


def drop_indexes() -> None:
    """The tables are emptied after a test, and its indexes would stay."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ^@ %s", [PREFIX])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
    connections["owner"].close()


def analyze() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE processing_memory, processing_embedding")
    connections["owner"].close()


def test_the_index_is_used_under_row_level_security_and_finds_what_comparing_finds(
    crowd: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "PASSING", 1)
    queries = [ask(vector) for vector in make_vectors(10, 384, seed=3)]
    assert find_way(crowd, queries[0]) == "indexed"
    assert f"Index Scan using {name_index(LOCAL, 'memory')}" in explain_index(crowd, queries[0])
    for most in (10, 20, 50):
        shares = [count_recall(find(crowd, query), find_exactly(crowd, query), most) for query in queries]
        assert sum(shares) / len(shares) >= 0.95


def test_a_small_workspace_is_compared_and_finds_the_same(crowd: Member, settings: Any) -> None:
    settings.SEARCH_EXACT_VECTORS = SIZE + 1
    query = ask(make_vectors(1, 384, seed=3)[0])
    assert find_way(crowd, query) == "scanned"
    assert [item.id for item in find(crowd, query)] == find_exactly(crowd, query)


def test_two_workspaces_in_one_index_never_see_each_other(crowd: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "PASSING", 0)
    cleo = make_member("south", "cleo")
    vectors = make_vectors(800, 384, seed=2)  # the first 800 of ada's once more
    add_texts(cleo, vectors, model=LOCAL)
    analyze()
    query = ask(vectors[7])
    assert find_way(cleo, query) == "indexed"
    found = {item.id for item in find(cleo, query)}
    with cleo.scope():
        assert len(found) == len(set(Memory.objects.filter(pk__in=found).values_list("pk", flat=True))) >= ENOUGH
    assert not found & {item.id for item in find(crowd, query)}


def test_a_filter_that_leaves_few_finds_all_that_there_are(crowd: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "PASSING", 0)
    with crowd.scope():
        rare = Project.objects.create(workspace=crowd.workspace, identity="rare", name="rare", author=crowd.user)
    add_texts(crowd, make_vectors(30, 384, seed=4), model=LOCAL, project=rare)
    query = ask(make_vectors(1, 384, seed=3)[0])
    assert find_way(crowd, query, projects=[rare.id]) == "exact"
    assert len(find(crowd, query, projects=[rare.id])) == 30
    assert find(crowd, query, projects=[uuid4()]) == []


def test_comparing_takes_over_when_the_index_finds_too_few(crowd: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "choose_way", lambda *_args, **_options: "indexed")
    monkeypatch.setattr(nearest, "MOST_PASSED", 1)
    with crowd.scope():
        rare = Project.objects.create(workspace=crowd.workspace, identity="rare", name="rare", author=crowd.user)
    add_texts(crowd, make_vectors(30, 384, seed=4), model=LOCAL, project=rare)
    assert len(find(crowd, ask(make_vectors(1, 384, seed=3)[0]), projects=[rare.id])) == 30


def test_two_models_of_different_dimensions_have_an_index_each_until_one_is_retired(crowd: Member) -> None:
    other = add_model(OTHER).name
    vectors = make_vectors(800, 16, seed=5)
    add_texts(crowd, vectors, model=other)
    assert keep_indexes() == [
        f"Built {name_index(other, kind)} of the {kind} vectors of {other}." for kind in SubjectKind.values
    ]
    assert keep_indexes() == []
    analyze()
    assert f"Index Scan using {name_index(other, 'memory')}" in explain_index(crowd, ask(vectors[0], model=other))
    assert f"Index Scan using {name_index(LOCAL, 'memory')}" in explain_index(
        crowd, ask(make_vectors(1, 384, 3)[0])
    )
    EmbeddingModel.objects.filter(name=other).update(state="retired")
    assert {model.name for model in live_models()} == {LOCAL}
    assert sorted(keep_indexes()) == sorted(f"Dropped {name_index(other, kind)}." for kind in SubjectKind.values)


def test_without_an_index_everything_is_compared(crowd: Member) -> None:
    vectors = make_vectors(800, 16, seed=5)
    add_texts(crowd, vectors, model="openai/tiny@16")
    query = ask(vectors[0], model="openai/tiny@16")
    assert find_way(crowd, query) == "scanned"
    assert len(find(crowd, query)) == nearest.CANDIDATES


def test_the_less_of_an_index_is_the_workspaces_own_the_later_it_pays(settings: Any) -> None:
    settings.SEARCH_EXACT_VECTORS = 10_000
    assert [find_crossing(size) for size in (None, 0, 10_000, 100_000, 1_000_000)] == [
        *(200_001, 10_000, 10_000, 16_733, 52_915)
    ]
