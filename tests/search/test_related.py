"""What belongs to hits, and what is related to a memory: near in time, alike in meaning, about the same code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graph.connection import _connect
from processing.models import Memory
from supastate.workspaces.models import Scope
from tests import pipeline
from tests.conftest import Member, make_member
from tests.search.asking import find

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

SHOP = """def gross_price(net):
    return net * 1.2


def total(items):
    return sum(gross_price(item) for item in items)


def invoice(items):
    return gross_price(total(items))
"""
ASK, READ, FIX = (
    "Why is gross_price wrong?",
    "Let me read net/shop.py first.",
    "I changed gross_price in net/shop.py.",
)


@pytest.fixture
def talk(ada: Member) -> Member:
    """A session of three turns about two functions, another that names one of them, and one about cats."""
    for minute, text in enumerate((ASK, READ, FIX)):
        pipeline.queue_chunk(ada, text, session="s1", timestamp=f"2026-11-20T10:0{minute}:00Z")
    pipeline.queue_chunk(ada, "Is gross_price tested?", session="s2", timestamp="2026-11-21T10:00:00Z")
    pipeline.queue_chunk(ada, "The cat sleeps on net/shop.py.", session="s3", timestamp="2026-11-21T11:00:00Z")
    pipeline.queue_code(ada, {"net/shop.py": SHOP})
    pipeline.drain(ada)
    return ada


def id_of(member: Member, content: str) -> str:
    with member.scope():
        return str(Memory.objects.get(content=content).pk)


def related_to(member: Member, content: str, **parameters: Any) -> dict[str, Any]:
    answer = member.api.get(f"/api/memories/{id_of(member, content)}/related", parameters)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def by_relation(items: list[dict[str, Any]]) -> dict[str, set[str]]:
    relations: dict[str, set[str]] = {}
    for item in items:
        relations.setdefault(item["relation"], set()).add(item["title"])
    return relations


def test_a_memory_comes_with_its_turns_its_code_and_others_of_its_file(talk: Member) -> None:
    hits = {hit["title"]: hit for hit in find(talk, q="read first kind:memory", related="true")["results"]}
    relations = by_relation(hits[READ]["related"])
    assert relations["previous_turn"] == {ASK}
    assert relations["next_turn"] == {FIX}
    assert relations["linked_code"] == {"net.shop"}
    assert relations["same_file"] == {FIX, "The cat sleeps on net/shop.py."}
    [link] = [item for item in hits[READ]["related"] if item["relation"] == "linked_code"]
    assert link["source"] == {"path": "net/shop.py", "startLine": 1}
    assert 0 < link["confidence"] <= 1


def test_code_comes_with_its_file_its_memories_and_its_callers(talk: Member) -> None:
    hits = {hit["title"]: hit for hit in find(talk, q="gross_price kind:function", related="true")["results"]}
    relations = by_relation(hits["net.shop.gross_price"]["related"])
    assert relations["same_file"] == {"net.shop.total", "net.shop.invoice"}
    assert relations["caller"] == {"net.shop.total", "net.shop.invoice"}
    assert relations["linked_memory"] == {ASK, FIX, "Is gross_price tested?"}


def test_without_being_asked_for_nothing_is_related(talk: Member) -> None:
    assert all("related" not in hit for hit in find(talk, q="gross_price")["results"])


def test_a_page_is_related_in_as_many_statements_as_a_single_hit(talk: Member) -> None:
    with CaptureQueriesContext(connection) as of_one:
        assert len(find(talk, q="gross_price", related="true", limit=1)["results"]) == 1
    with CaptureQueriesContext(connection) as of_many:
        assert len(find(talk, q="gross_price", related="true", limit=8)["results"]) == 8
    assert len(of_many) <= len(of_one) + 1  # one kind more to load


def test_callers_need_the_scope_of_the_graph(talk: Member) -> None:
    searcher = make_member("north", "searcher", scopes=(Scope.SEARCH,))
    [hit] = find(searcher, q="gross_price kind:function", related="true", limit=1)["results"]
    assert hit["related"]
    assert "caller" not in by_relation(hit["related"])


@pytest.fixture
def graph_away(settings: Any) -> Iterator[None]:
    settings.GRAPH_URL = "falkor://127.0.0.1:1"
    yield
    _connect("falkor://127.0.0.1:1").close()


def test_callers_are_left_out_while_the_graph_is_away(talk: Member, graph_away: None) -> None:
    found = find(talk, q="gross_price kind:function", related="true")
    assert found["degraded"] == "graph_unavailable"
    relations = [by_relation(hit["related"]) for hit in found["results"]]
    assert any("linked_memory" in relation for relation in relations)
    assert not any("caller" in relation for relation in relations)


def test_turns_are_related_in_time_the_nearest_first(talk: Member) -> None:
    items = related_to(talk, ASK, kinds="temporal")["items"]
    assert [(item["title"], item["score"], item["reason"]) for item in items] == [
        (READ, 1.0, "1 turn later in the same session"),
        (FIX, 0.5, "2 turns later in the same session"),
    ]
    before = related_to(talk, READ, kinds="temporal", limit=1)["items"]
    assert [(item["title"], item["reason"]) for item in before] == [(ASK, "1 turn before in the same session")]


def test_without_a_session_the_authors_same_day_is_near(ada: Member, ben: Member) -> None:
    for member, text, hour in ((ada, "a", 8), (ada, "b", 9), (ben, "c", 10), (ada, "d", 11)):
        body = {"content": text, "timestamp": f"2026-11-20T{hour:02}:00:00Z"}
        assert member.api.post("/api/memories", body, format="json").status_code == 201
    late = {"content": "e", "timestamp": "2026-11-22T09:00:00Z"}
    assert ada.api.post("/api/memories", late, format="json").status_code == 201
    items = related_to(ada, "b", kinds="temporal")["items"]
    assert [(item["title"], item["reason"]) for item in items] == [
        ("a", "1 turn before by the same author, within a day"),
        ("d", "1 turn later by the same author, within a day"),
    ]


def test_meaning_relates_what_is_most_alike(talk: Member) -> None:
    found = related_to(talk, ASK, kinds="semantic", limit=2)
    assert found["items"][0]["title"] == "Is gross_price tested?"
    scores = [item["score"] for item in found["items"]]
    assert len(scores) == 2
    assert 1 >= scores[0] >= scores[1] > 0
    assert "degraded" not in found


def test_before_it_is_embedded_nothing_is_alike_and_the_answer_says_so(ada: Member) -> None:
    pipeline.queue_chunk(ada, ASK)
    pipeline.store(ada)
    assert related_to(ada, ASK) == {"items": [], "degraded": "not_embedded"}


def test_code_relates_memories_that_are_about_the_same(talk: Member) -> None:
    items = related_to(talk, FIX, kinds="code")["items"]
    reasons = {item["title"]: item["reason"] for item in items}
    assert reasons == {
        ASK: "both are about net.shop.gross_price",
        "Is gross_price tested?": "both are about net.shop.gross_price",
        READ: "both are about net.shop",
        "The cat sleeps on net/shop.py.": "both are about net.shop",
    }
    assert all(0 < item["score"] < 1 for item in items)


def test_all_relations_come_unless_some_are_named(talk: Member) -> None:
    assert set(by_relation(related_to(talk, FIX)["items"])) == {"temporal", "semantic", "code"}
    assert set(by_relation(related_to(talk, FIX, kinds="code, temporal")["items"])) == {"temporal", "code"}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({"kinds": "magic"}, "invalid_choice"), ({"limit": 0}, "out_of_range"), ({"limit": 10**9}, "out_of_range")],
)
def test_a_bad_question_about_a_memory_is_refused(talk: Member, parameters: Any, code: str) -> None:
    answer = talk.api.get(f"/api/memories/{id_of(talk, ASK)}/related", parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_what_another_may_not_see_is_related_to_nothing(talk: Member, ben: Member, cleo: Member) -> None:
    memory = id_of(talk, ASK)
    for wrong in (memory, str(uuid4()), "x"):
        assert cleo.api.get(f"/api/memories/{wrong}/related").status_code == 404
    with talk.scope():
        Memory.objects.exclude(pk=memory).update(visibility="private")
    assert related_to(ben, ASK)["items"] == []
    assert related_to(talk, ASK)["items"] != []
    hits = find(ben, q="gross_price kind:function", related="true")["results"]
    assert {title for hit in hits for title in by_relation(hit["related"]).get("linked_memory", ())} == {ASK}
