"""Deciding: confirmed, dismissed and undone by people and clients, and what follows from it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from processing.models import Contradiction, MemoryAccess
from tests.conftest import Member
from tests.processing.contradictions.cast import NEW, OLD, rows_of
from tests.processing.memories.cast import client_of, remember
from tests.search.asking import find


@pytest.fixture
def pair(ada: Member) -> tuple[str, str]:
    """The ids of an earlier memory and of a later one that disagrees with it."""
    first = remember(ada, OLD, timestamp="2026-11-01T10:00:00Z")["id"]
    return first, remember(ada, NEW, timestamp="2026-11-02T10:00:00Z")["id"]


def say(member: Member, holder: str, contradicted: str) -> Any:
    return member.api.post("/api/contradictions", {"memory": holder, "contradicts": contradicted})


def confirm(member: Member, pair: tuple[str, str]) -> dict[str, Any]:
    answer = say(member, pair[1], pair[0])
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_what_is_said_is_confirmed_at_once_and_once(ada: Member, pair: tuple[str, str]) -> None:
    told = confirm(ada, pair)
    assert (told["state"], told["holds"], told["contradicted"]) == ("confirmed", pair[1], pair[0])
    assert (told["kind"], told["decidedBy"]["name"]) == (None, "ada")
    turned = say(ada, pair[0], pair[1])
    assert (turned.status_code, turned.json()["id"], turned.json()["holds"]) == (200, told["id"], pair[0])
    assert len(rows_of(ada)) == 1


def test_both_memories_tell_it_until_it_is_undone(ada: Member, pair: tuple[str, str]) -> None:
    told = confirm(ada, pair)
    lost, holds = (ada.api.get(f"/api/memories/{memory_id}").json() for memory_id in pair)
    assert (lost["contradictedBy"], lost["contradicts"]) == ([pair[1]], [])
    assert (holds["contradictedBy"], holds["contradicts"]) == ([], [pair[0]])
    assert (lost["confidence"]["label"], holds["confidence"]["label"]) == ("low", "high")
    found = {result["id"]: result for result in find(ada, q="port", explain="true")["results"]}
    assert found[pair[0]]["contradictedBy"] == [pair[1]]
    assert found[pair[1]]["contradicts"] == [pair[0]]
    assert found[pair[0]]["explain"]["confidence"]["label"] == "low"
    for state in ("suggested", "dismissed"):
        answer = ada.api.patch(f"/api/contradictions/{told['id']}", {"state": state}).json()
        assert (answer["state"], answer["decidedBy"] is None) == (state, state == "suggested")
        assert ada.api.get(f"/api/memories/{pair[0]}").json()["contradictedBy"] == []


def test_which_of_the_two_does_not_hold_can_be_turned(ada: Member, pair: tuple[str, str]) -> None:
    path = f"/api/contradictions/{confirm(ada, pair)['id']}"
    assert ada.api.patch(path, {"contradicted": pair[1]}).json()["holds"] == pair[0]
    refused = ada.api.patch(path, {"contradicted": str(uuid4())})
    assert (refused.status_code, refused.json()["field"]) == (400, "contradicted")


def test_the_list_is_narrowed_and_goes_on(ada: Member, pair: tuple[str, str]) -> None:
    third = remember(ada, "The API listens on port 80.")["id"]
    ids = [say(ada, third, memory_id).json()["id"] for memory_id in pair]
    first = ada.api.get("/api/contradictions", {"limit": 1}).json()
    rest = ada.api.get("/api/contradictions", {"limit": 1, "cursor": first["nextCursor"]}).json()
    assert [row["id"] for row in first["results"] + rest["results"]] == ids[::-1]
    assert rest["nextCursor"] is None
    assert len(ada.api.get("/api/contradictions", {"memory": pair[0]}).json()["results"]) == 1
    assert ada.api.get("/api/contradictions", {"project": "nowhere"}).json()["results"] == []
    ada.api.patch(f"/api/contradictions/{ids[0]}", {"state": "dismissed"})
    assert [row["id"] for row in ada.api.get("/api/contradictions").json()["results"]] == ids[1:]
    dismissed = ada.api.get("/api/contradictions", {"state": "dismissed"}).json()["results"]
    assert [row["id"] for row in dismissed] == ids[:1]


def test_bad_requests_name_their_field(ada: Member, pair: tuple[str, str]) -> None:
    told = confirm(ada, pair)
    path = f"/api/contradictions/{told['id']}"
    for body, field in (({}, "state"), ({"state": "maybe"}, "state"), ({"contradicted": "x"}, "contradicted")):
        answer = ada.api.patch(path, body)
        assert (answer.status_code, answer.json()["field"]) == (400, field)
    for body, field in (({}, "memory"), ({"memory": pair[0]}, "contradicts"), ({"memory": 7}, "memory")):
        answer = ada.api.post("/api/contradictions", body, format="json")
        assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert say(ada, pair[0], pair[0]).json()["code"] == "same_memory"
    assert say(ada, pair[0], str(uuid4())).status_code == 404
    assert ada.api.get("/api/contradictions", {"cursor": "nonsense"}).json()["code"] == "invalid_cursor"
    assert ada.api.get("/api/contradictions", {"memory": "x"}).status_code == 400
    assert ada.api.get("/api/contradictions/nonsense").status_code == 404
    assert ada.api.patch(path, {"workspace": "south", "state": "dismissed"}).status_code == 404
    assert ada.api.post("/api/contradictions", {"workspace": "south"}).status_code == 404


def test_another_workspace_and_keys_without_the_scope_judge_nothing(
    ada: Member, cleo: Member, pair: tuple[str, str]
) -> None:
    path = f"/api/contradictions/{confirm(ada, pair)['id']}"
    assert cleo.api.get(path).status_code == 404
    assert cleo.api.patch(path, {"state": "dismissed"}).status_code == 404
    assert say(cleo, pair[0], pair[1]).status_code == 404
    assert client_of(ada, "search").patch(path, {"state": "dismissed"}).status_code == 403


def test_somebody_elses_private_memory_cannot_be_named(ada: Member, ben: Member, pair: tuple[str, str]) -> None:
    secret = remember(ben, NEW, visibility="private")["id"]
    assert say(ada, secret, pair[0]).status_code == 404
    assert say(ben, secret, pair[0]).status_code == 201
    assert ada.api.get(f"/api/memories/{pair[0]}").json()["contradictedBy"] == []
    assert ben.api.get(f"/api/memories/{pair[0]}").json()["contradictedBy"] == [secret]


def test_activation_of_what_is_contradicted_is_less_by_three(ada: Member, pair: tuple[str, str]) -> None:
    with ada.scope():
        for memory_id in pair:
            for _ in range(3):
                MemoryAccess.objects.create(
                    workspace=ada.workspace, memory_id=memory_id, reader=ada.user, way="read",
                    accessed_at="2026-11-10T10:00:00Z",
                )  # fmt: skip

    def activation() -> dict[str, float]:
        results = find(ada, q="port", explain="true")["results"]
        return {row["id"]: row["explain"]["activation"]["contribution"] for row in results}

    before = activation()
    confirm(ada, pair)
    assert 0 < activation()[pair[0]] < before[pair[0]] / 2


def test_a_context_reads_what_holds_and_says_so(ada: Member, pair: tuple[str, str]) -> None:
    def read() -> dict[str, Any]:
        answer: dict[str, Any] = ada.api.post("/api/context", {"query": "port 5432"}).json()
        return answer

    assert {message["source"]["id"] for message in read()["messages"]} == set(pair)
    confirm(ada, pair)
    told = read()
    [message] = told["messages"]
    assert message["source"]["id"] == pair[1]
    assert message["source"]["confidence"] == "high"
    assert "(holds against a memory that it contradicts)" in message["content"]
    left_out = [item for section in told["explain"]["sections"] for item in section["leftOut"]]
    assert {(item["id"], item["reason"]) for item in left_out} == {(pair[0], "contradicted")}


def test_what_holds_is_read_even_if_the_search_does_not_find_it(ada: Member) -> None:
    lost = remember(ada, "The kangaroo listens on port 5432.")["id"]
    between = remember(ada, "It moved elsewhere.")["id"]
    holds = remember(ada, "It is 5433 by now.")["id"]
    say(ada, between, lost)
    say(ada, holds, between)
    messages = ada.api.post("/api/context", {"query": "kangaroo"}).json()["messages"]
    assert [message["source"]["id"] for message in messages] == [holds]


def test_what_holds_takes_the_better_place_of_what_it_contradicts(ada: Member) -> None:
    lost = remember(ada, "The kangaroo listens on port 5432, the kangaroo says.")["id"]
    middle = remember(ada, "A kangaroo listens to music and jumps over the fence of the zoo.")["id"]
    holds = remember(
        ada, "Long ago, after many days of rain and thunder, somebody told of one more kangaroo there."
    )["id"]

    def read() -> list[str]:
        messages = ada.api.post("/api/context", {"query": "kangaroo port listens"}).json()["messages"]
        return [message["source"]["id"] for message in messages]

    assert read() == [holds, middle, lost]
    say(ada, holds, lost)
    assert read() == [middle, holds]


def test_contradictions_in_a_circle_leave_everything_readable(ada: Member) -> None:
    ids = [remember(ada, f"The kangaroo says {number}.")["id"] for number in ("one", "two", "three")]
    for place in range(3):
        say(ada, ids[place], ids[place - 1])
    messages = ada.api.post("/api/context", {"query": "kangaroo"}).json()["messages"]
    assert {message["source"]["id"] for message in messages} == set(ids)
    assert "(contradicted by another memory)" in messages[0]["content"]


def test_deleting_a_memory_deletes_its_contradictions(ada: Member, pair: tuple[str, str]) -> None:
    confirm(ada, pair)
    ada.api.post(f"/api/memories/{pair[1]}/forget")
    assert ada.api.delete(f"/api/memories/{pair[0]}").status_code == 204
    with connection.cursor() as cursor, ada.scope():
        cursor.execute("SELECT set_config('app.forgotten', 'shown', true)")
        assert not Contradiction.objects.exists()
