"""Suggesting: between what is new and what is near to it, once, and never across walls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from processing.contradictions import finding
from processing.contradictions.statements import read_near_memories
from processing.embedding_models import active_model
from processing.models import Contradiction, PatternCheckpoint
from processing.patterns import detecting
from processing.vector_indexes import keep_indexes, name_index, walk_indexes
from tests.conftest import Member, make_member
from tests.processing.contradictions.cast import FAR, NEW, OLD, rows_of, say
from tests.processing.patterns.conversations import NOON, detect, make_project
from tests.search.test_nearest import drop_indexes

LATER = {"occurred_at": NOON + timedelta(days=1)}
STATEMENT = {"ids": [], "model": "m", "most": 12, "least": 0.6}


def test_two_near_memories_that_disagree_are_suggested_once(ada: Member) -> None:
    new = say(ada, NEW, **LATER)
    old = say(ada, OLD)
    detect(ada)
    [row] = rows_of(ada)
    assert (row.first_id, row.second_id, row.contradicted_id) == (old.pk, new.pk, old.pk)
    assert (row.kind, row.difference, row.state) == ("number", "port 5432 / port 5433", "suggested")
    assert row.cosine == pytest.approx(1)
    before = list(Contradiction.objects.values_list())
    detect(ada)
    with ada.scope():
        PatternCheckpoint.objects.all().delete()
    detect(ada)
    assert [again.pk for again in rows_of(ada)] == [row.pk]
    assert list(Contradiction.objects.values_list()) == before


def test_what_is_new_is_compared_with_what_was_read_before(ada: Member) -> None:
    say(ada, OLD)
    detect(ada)
    assert rows_of(ada) == []
    say(ada, NEW, **LATER)
    detect(ada)
    assert len(rows_of(ada)) == 1


def test_a_dismissed_one_stays_dismissed(ada: Member) -> None:
    say(ada, OLD)
    say(ada, NEW, **LATER)
    detect(ada)
    with ada.scope():
        Contradiction.objects.update(state="dismissed")
        PatternCheckpoint.objects.all().delete()
    detect(ada)
    assert [row.state for row in rows_of(ada)] == ["dismissed"]


@pytest.mark.parametrize(
    "values",
    [{"vector": FAR}, {"role": "tool"}, {"tool": {"name": "Bash"}}],
    ids=["far", "of a tool", "a call"],
)
def test_far_ones_and_what_tools_say_are_not_compared(ada: Member, values: dict[str, Any]) -> None:
    say(ada, OLD)
    say(ada, NEW, **LATER, **values)
    detect(ada)
    assert rows_of(ada) == []


def test_each_project_has_its_own_port(ada: Member) -> None:
    shop, office = make_project(ada, "/code/shop"), make_project(ada, "/code/office")
    say(ada, OLD, project=shop)
    say(ada, NEW, project=office, **LATER)
    say(ada, NEW, **LATER)
    detect(ada)
    assert rows_of(ada) == []


def test_a_private_memory_and_a_shared_one_are_a_pair_for_its_author_alone(ada: Member, ben: Member) -> None:
    shared = make_project(ada)
    private = make_project(ada, visibility="private")
    assert shared.pk != private.pk
    say(ada, OLD, project=shared)
    say(ada, NEW, project=private, visibility="private", **LATER)
    detect(ada)
    assert len(rows_of(ada, reader=ada.user.id)) == 1
    assert rows_of(ada, reader=ben.user.id) == []
    [row] = ada.api.get("/api/contradictions").json()["results"]
    assert ben.api.get("/api/contradictions").json()["results"] == []
    assert ben.api.get(f"/api/contradictions/{row['id']}").status_code == 404


def test_private_memories_of_two_people_are_never_compared(ada: Member, ben: Member) -> None:
    say(ada, OLD, visibility="private")
    say(ben, NEW, visibility="private", **LATER)
    detect(ada)
    assert rows_of(ada) == []


def test_another_workspaces_memories_are_never_compared(ada: Member, cleo: Member) -> None:
    say(cleo, OLD)
    say(ada, NEW, **LATER)
    detect(ada)
    assert rows_of(ada) == []


def test_a_suggestion_goes_when_the_text_does_not_disagree_any_more(ada: Member) -> None:
    old, new = say(ada, OLD), say(ada, NEW, **LATER)
    detect(ada)
    ada.api.patch(f"/api/memories/{new.pk}", {"content": "The API listens on port 5434."})
    detect(ada)
    assert [row.difference for row in rows_of(ada)] == ["port 5432 / port 5434"]
    ada.api.patch(f"/api/memories/{old.pk}", {"content": "The API listens on port 5434."})
    detect(ada)
    assert rows_of(ada) == []


def test_a_forgotten_memory_hides_its_contradictions(ada: Member) -> None:
    old = say(ada, OLD)
    say(ada, NEW, **LATER)
    detect(ada)
    ada.api.post(f"/api/memories/{old.pk}/forget")
    assert rows_of(ada) == []
    ada.api.post(f"/api/memories/{old.pk}/restore")
    assert len(rows_of(ada)) == 1


def test_a_run_that_is_cut_off_goes_on_where_it_was(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "READ_AT_ONCE", 1)
    for number in range(4):
        say(ada, f"The API listens on port {5432 + number}.", occurred_at=NOON + timedelta(days=number))
    real, calls = detecting.suggest_next, []

    def break_off(*args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError
        return real(*args, **options)

    monkeypatch.setattr(detecting, "suggest_next", break_off)
    assert detect(ada).status == "pending"
    assert len(rows_of(ada)) == 5
    monkeypatch.setattr(detecting, "suggest_next", real)
    detect(ada)
    assert len(rows_of(ada)) == 6


def test_a_job_of_one_type_or_project_suggests_nothing(ada: Member) -> None:
    say(ada, OLD)
    say(ada, NEW, **LATER)
    detect(ada, pattern_types=["semantic"])
    assert rows_of(ada) == []


def test_a_large_workspace_is_searched_by_its_index(committed: None, settings: Any) -> None:
    settings.SEARCH_EXACT_VECTORS = 1
    dora = make_member("west", "dora")
    name = name_index(active_model().name, "memory")
    vector = [1.0] * 384
    say(dora, OLD, vector)
    say(dora, NEW, vector, **LATER)
    keep_indexes()
    try:
        detect(dora)
        assert [row.difference for row in rows_of(dora)] == ["port 5432 / port 5433"]
        with dora.scope(), connection.cursor() as cursor:
            walk_indexes(ef_search=100, most_passed=20_000, sorts=False)
            cursor.execute(
                f"EXPLAIN {read_near_memories(dimensions=384)}", STATEMENT | {"model": active_model().name}
            )
            assert f"Index Scan using {name}" in "\n".join(row[0] for row in cursor.fetchall())
    finally:
        drop_indexes()


def test_neighbours_are_planned_by_comparing_all(ada: Member) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {read_near_memories(dimensions=None)}", STATEMENT)
        assert cursor.fetchall()
