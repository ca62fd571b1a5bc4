"""`GET /api/memories`: filters, pages, and who sees what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from processing.models import CodeFile, CodeObject, Memory, MemoryLink
from supastate.api.pagination import encode_cursor
from tests.conftest import Member
from tests.processing.memories.cast import client_of, remember, stored


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


def test_a_session_that_the_reader_may_not_see_is_left_out(ada: Member, ben: Member) -> None:
    remember(ada, "hidden", sessionId="s", visibility="private", projectPath="/p")
    shared = remember(ada, "shared", sessionId="s")
    assert ada.api.get(f"/api/memories/{shared['id']}").json()["session"]["key"] == "s"
    assert ben.api.get(f"/api/memories/{shared['id']}").json()["session"] is None
    assert listed(ben, session="s") == []
    assert listed(ada, session="s") == ["shared", "hidden"]


def test_one_memory_shows_its_links_to_code_that_the_reader_may_see(ada: Member, ben: Member) -> None:
    body = remember(ada, "see claim_rows", projectPath="/p")
    with ada.scope():
        for uid, visibility in (("0shared", "workspace"), ("0hidden", "private")):
            link_to_code(ada, stored(ada, body["id"]), uid=uid, visibility=visibility)
    address = f"/api/memories/{body['id']}"
    links = ada.api.get(address).json()["links"]
    assert [link["uid"] for link in links] == ["0hidden", "0shared"]
    assert ben.api.get(address).json()["links"] == [
        {
            "uid": "0shared",
            "name": "claim_rows",
            "qualifiedName": "queue.claim_rows",
            "path": "0shared.py",
            "edge": "mentions",
            "how": "identifier",
            "confidence": 0.6,
        }
    ]
    assert "links" not in ada.api.get("/api/memories").json()["results"][0]


def link_to_code(member: Member, memory: Memory, *, uid: str, visibility: str) -> None:
    owner = {"workspace": member.workspace, "author": member.user, "visibility": visibility}
    file = CodeFile.objects.create(
        **owner, project_id=memory.project_id, path=f"{uid}.py", revision=1, blob_hash="h"
    )
    code = CodeObject.objects.create(
        **owner,
        project_id=memory.project_id,
        file=file,
        uid=uid,
        kind="function",
        name="claim_rows",
        qualified_name="queue.claim_rows",
        start_line=1,
        end_line=2,
        content="def claim_rows(): pass",
    )
    MemoryLink.objects.create(
        workspace=member.workspace,
        memory=memory,
        code_object=code,
        edge="mentions",
        how="identifier",
        confidence=0.9 if visibility == "private" else 0.6,
    )
