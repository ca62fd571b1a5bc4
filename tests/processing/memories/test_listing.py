"""`GET /api/memories`: filters, pages, and who sees what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from supastate.api.pagination import encode_cursor
from tests.conftest import Member
from tests.processing.memories.cast import client_of, remember


def listed(member: Member, **query: Any) -> list[str]:
    answer = member.api.get("/api/memories", query)
    assert answer.status_code == 200, answer.content
    return [memory["content"] for memory in answer.json()["results"]]


@pytest.fixture
def three(ada: Member, ben: Member) -> dict[str, Any]:
    """Three memories, `old`, `middle` and `new`, stored out of order."""
    return {
        "new": remember(ben, "new", timestamp="2026-03-03T00:00:00Z", role="user", sessionId="b"),
        "old": remember(ada, "old", timestamp="2026-03-01T00:00:00Z", role="tool", projectPath="/p/app"),
        "middle": remember(
            ada,
            "middle",
            timestamp="2026-03-02T00:00:00Z",
            role="assistant",
            sessionId="a",
            filePaths=["src/a.py"],
        ),
    }


def test_the_newest_comes_first(ada: Member, three: dict[str, Any]) -> None:
    assert listed(ada) == ["new", "middle", "old"]


def test_every_filter_narrows(ada: Member, three: dict[str, Any]) -> None:
    assert listed(ada, author="me") == ["middle", "old"]
    assert listed(ada, author=three["new"]["author"]["id"]) == ["new"]
    assert listed(ada, role="tool") == ["old"]
    assert listed(ada, session="a") == ["middle"]
    assert listed(ada, session=three["new"]["session"]["id"]) == ["new"]
    assert listed(ada, file="src/a.py") == ["middle"]
    assert listed(ada, file="src") == []
    assert listed(ada, project="/p/app") == ["old"]
    assert listed(ada, project="app") == ["old"]
    assert listed(ada, project=three["old"]["project"]["id"]) == ["old"]
    assert listed(ada, project="unknown") == []
    assert listed(ada, status="pending") == ["new", "middle", "old"]
    assert listed(ada, status="embedded") == []
    assert listed(ada, since="2026-03-02T00:00:00Z", until="2026-03-03T00:00:00Z") == ["middle"]
    assert listed(ada, role="assistant", author=three["new"]["author"]["id"]) == []


def test_pages_show_each_memory_once_even_at_one_moment(ada: Member) -> None:
    sent = {remember(ada, f"m{number}", timestamp="2026-03-01T00:00:00.123456Z")["id"] for number in range(7)}
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        body = ada.api.get("/api/memories", query).json()
        seen += [memory["id"] for memory in body["results"]]
        if body["nextCursor"] is None:
            break
        query["cursor"] = body["nextCursor"]
    assert len(seen) == 7
    assert set(seen) == sent


def test_a_full_last_page_has_no_cursor(ada: Member, three: dict[str, Any]) -> None:
    assert ada.api.get("/api/memories", {"limit": 3}).json()["nextCursor"] is None


def test_nobody_sees_another_workspace(cleo: Member, three: dict[str, Any]) -> None:
    old = three["old"]
    assert listed(cleo) == []
    assert listed(cleo, project=old["project"]["id"]) == []
    assert listed(cleo, session=three["new"]["session"]["id"]) == []
    assert listed(cleo, author=old["author"]["id"]) == []
    assert cleo.api.get("/api/memories", {"workspace": "north"}).status_code == 404
    place = encode_cursor(2**50, old["id"])
    assert listed(cleo, cursor=place) == []


BAD_QUERIES = [
    ({"limit": "0"}, "out_of_range"),
    ({"limit": "201"}, "out_of_range"),
    ({"limit": "-1"}, "out_of_range"),
    ({"limit": "9" * 5000}, "invalid_type"),
    ({"limit": "ten"}, "invalid_type"),
    ({"limit": "1.5"}, "invalid_type"),
    ({"cursor": "🦉"}, "invalid_cursor"),
    ({"cursor": "x"}, "invalid_cursor"),
    ({"cursor": "a" * 501}, "too_long"),
    ({"cursor": encode_cursor("a", "b")}, "invalid_cursor"),
    ({"cursor": encode_cursor(1, "b")}, "invalid_cursor"),
    ({"cursor": encode_cursor(10**40, str(uuid4()))}, "invalid_cursor"),
    ({"cursor": encode_cursor(1)}, "invalid_cursor"),
    ({"cursor": "bnVsbA"}, "invalid_cursor"),
    ({"role": "robot"}, "invalid_choice"),
    ({"status": "done"}, "invalid_choice"),
    ({"author": "ada"}, "invalid_type"),
    ({"file": "\x00"}, "nul_character"),
    ({"session": "\x00"}, "nul_character"),
    ({"project": "\x00"}, "nul_character"),
    ({"project": "p" * 1025}, "too_long"),
    ({"since": "2026-03-01"}, "timestamp_without_zone"),
    ({"until": "soon"}, "timestamp_invalid"),
    ({"since": "0001-01-01T00:00:00+23:59"}, "timestamp_invalid"),
    ({"until": "9999-12-31T23:59:59-23:59"}, "timestamp_invalid"),
]


@pytest.mark.parametrize(("query", "code"), BAD_QUERIES)
def test_a_bad_query_is_refused_by_name(ada: Member, query: dict[str, str], code: str) -> None:
    answer = ada.api.get("/api/memories", query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "query",
    [
        {"session": "🦉"},
        {"file": "目" * 1024},
        {"project": "' OR 1=1 --"},
        {"since": "2026-03-01T00:00:00+23:59"},
        {"author": str(uuid4())},
    ],
)
def test_an_unusual_query_finds_nothing(ada: Member, query: dict[str, str]) -> None:
    assert listed(ada, **query) == []


def test_invalid_utf8_in_the_query_does_no_harm(ada: Member) -> None:
    assert ada.api.get("/api/memories?session=%ED%A0%80&file=%FF").status_code == 200


def test_unknown_parameters_are_named(ada: Member) -> None:
    assert ada.api.get("/api/memories", {"colour": "red"}).json()["warnings"] == ["unknown key ignored: 'colour'"]


def test_listing_needs_the_scope_search(ada: Member) -> None:
    assert client_of(ada, "search").get("/api/memories").status_code == 200
    refused = client_of(ada, "ingest", "graph").get("/api/memories")
    assert (refused.status_code, refused.json()["requiredScope"]) == (403, "search")
