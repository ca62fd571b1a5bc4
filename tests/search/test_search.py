"""Search: by words at once, by meaning once embedded, filtered inside, explained, and never across walls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from processing.models import Memory
from processing.providers import forget_provider
from tests import pipeline
from tests.conftest import Member
from tests.fakes.openai_server import FakeOpenAIServer

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

SHOP = '''def parseHTTPResponse(raw):
    """Turns what the server sent into a record."""
    return raw


def gross_price(net):
    return net * 1.2
'''


@pytest.fixture
def talk(ada: Member) -> Member:
    pipeline.queue_chunk(ada, "We put the lease at 330 seconds because a task may run for 300.", session="s1")
    pipeline.queue_chunk(ada, "The cat sleeps on the warm keyboard.", session="s2", messageType="assistant")
    pipeline.queue_chunk(ada, "Deploys happen on Tuesdays.", session="s2", filePaths=["deploy/notes.md"])
    return ada


def find(member: Member, what: str = "memories", **parameters: Any) -> dict[str, Any]:
    answer = member.api.get(f"/api/search/{what}", parameters)
    assert answer.status_code == 200, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def texts(found: dict[str, Any]) -> list[str]:
    return [result["title"] for result in found["results"]]


def test_a_memory_is_found_by_its_words_before_it_is_embedded(talk: Member) -> None:
    pipeline.store(talk)
    found = find(talk, q="lease seconds", explain=True)
    assert texts(found) == ["We put the lease at 330 seconds because a task may run for 300."]
    assert found["pending"] == 3
    [hit] = found["results"]
    assert hit["explain"]["vector"] is None
    assert [hit["snippet"][mark["start"] : mark["end"]] for mark in hit["highlights"]] == ["lease", "seconds"]
    assert hit["source"]["processingStatus"] == "pending"


def test_a_memory_is_found_by_its_meaning_once_it_is_embedded(talk: Member) -> None:
    pipeline.store(talk)
    pipeline.embed(talk)
    found = find(talk, q="a pet having a nap", explain=True)
    assert texts(found)[0] == "The cat sleeps on the warm keyboard."
    assert found["pending"] == 0
    assert found["results"][0]["explain"]["vector"]["rank"] == 1


def test_filters_narrow_before_the_limit(talk: Member) -> None:
    pipeline.store(talk)
    pipeline.embed(talk)
    assert texts(find(talk, q="cat lease deploys", session="s1", limit=1)) == [
        "We put the lease at 330 seconds because a task may run for 300."
    ]
    assert texts(find(talk, q="cat lease deploys", role="assistant")) == ["The cat sleeps on the warm keyboard."]
    assert texts(find(talk, q="cat lease deploys", path="deploy/notes.md")) == ["Deploys happen on Tuesdays."]
    assert texts(find(talk, q="cat", project="no such project")) == []
    assert texts(find(talk, q="cat", since="2030-01-01T00:00:00+23:59")) == []


def test_pages_follow_each_other_without_gap_or_repeat(talk: Member) -> None:
    pipeline.store(talk)
    pipeline.embed(talk)
    whole = texts(find(talk, q="cat lease deploys"))
    paged, cursor = [], ""
    for _ in whole:
        page = find(talk, q="cat lease deploys", limit=1, cursor=cursor)
        paged += texts(page)
        cursor = page["nextCursor"] or ""
    assert (paged, cursor) == (whole, "")


def test_code_is_found_by_the_words_inside_its_identifiers(ada: Member) -> None:
    pipeline.queue_code(ada, {"net/shop.py": SHOP})
    pipeline.store(ada)
    found = find(ada, "code", q="http response")
    assert found["results"][0]["title"] == "net.shop.parseHTTPResponse"
    assert found["results"][0]["source"]["path"] == "net/shop.py"
    assert texts(find(ada, "code", q="gross price", codeKind="function")) == ["net.shop.gross_price"]
    assert texts(find(ada, "code", q="gross price", language="typescript")) == []
    assert "net.shop.gross_price" in texts(find(ada, "code", q="gross price", path="net/"))


def test_both_kinds_come_in_one_list(talk: Member) -> None:
    pipeline.queue_code(talk, {"lease.py": "def renew_lease():\n    pass\n"})
    pipeline.drain(talk)
    answer = talk.api.post("/api/search", {"q": "lease", "explain": True}, format="json").json()
    assert {result["kind"] for result in answer["results"]} == {"memory", "code"}
    only = talk.api.post("/api/search", {"q": "lease", "kinds": ["code"]}, format="json").json()
    assert {result["kind"] for result in only["results"]} == {"code"}


def test_another_workspace_finds_nothing_and_a_private_memory_only_its_author(
    talk: Member, ben: Member, cleo: Member
) -> None:
    pipeline.drain(talk)
    assert texts(find(cleo, q="lease cat")) == []
    assert "Deploys happen on Tuesdays." in texts(find(ben, q="deploys"))
    with talk.scope():
        Memory.objects.filter(content__startswith="Deploys").update(visibility="private")
    assert "Deploys happen on Tuesdays." not in texts(find(ben, q="deploys"))
    assert "Deploys happen on Tuesdays." in texts(find(talk, q="deploys"))


def test_an_edit_by_sql_is_found_by_its_new_words_at_once(talk: Member) -> None:
    pipeline.drain(talk)
    with talk.scope(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processing_memory SET content = 'Zanzibar is an island.' WHERE content LIKE 'Deploys%'"
        )
    found = find(talk, q="zanzibar")
    assert texts(found)[0] == "Zanzibar is an island."
    assert found["pending"] == 1
    assert "Zanzibar is an island." not in texts(find(talk, q="tuesdays", limit=1))


@pytest.fixture
def provider_down(openai_server: FakeOpenAIServer, settings: Any) -> Iterator[FakeOpenAIServer]:
    settings.EMBEDDING_PROVIDER = "openai"
    settings.OPENAI_API_KEY = "test"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:1/v1"
    forget_provider()
    yield openai_server
    forget_provider()


def test_text_alone_answers_when_the_provider_is_down_and_says_so(talk: Member, provider_down: Any) -> None:
    pipeline.store(talk)
    found = find(talk, q="lease")
    assert texts(found) == ["We put the lease at 330 seconds because a task may run for 300."]
    assert found["degraded"] == "provider_unavailable"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"q": ""}, "required"),
        ({"q": "x" * 20_000}, "too_long"),
        ({"q": "a\x00b"}, "nul_character"),
        ({"q": "a", "limit": "0"}, "out_of_range"),
        ({"q": "a", "limit": "1000000000"}, "out_of_range"),
        ({"q": "a", "limit": "many"}, "invalid_type"),
        ({"q": "a", "cursor": "broken"}, "invalid_cursor"),
        ({"q": "a", "since": "yesterday"}, "invalid_time"),
        ({"q": "a", "since": "2026-01-01T00:00:00"}, "timestamp_without_zone"),
        ({"q": "a", "since": "0001-01-01T00:00:00+23:59"}, "invalid_time"),
        ({"q": "a", "role": "king"}, "invalid_choice"),
        ({"q": "a", "explain": "perhaps"}, "invalid_type"),
    ],
)
def test_a_bad_query_is_refused_by_name(ada: Member, query: dict[str, str], code: str) -> None:
    answer = ada.api.get("/api/search/memories", query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE processing_memory; --",
        "a & | ! <-> (",
        "🦀",
        "שלום עולם",
        '"open quote',
        "-only -minus",
        "%%%s",
    ],
)
def test_whatever_people_type_is_answered(talk: Member, query: str) -> None:
    pipeline.store(talk)
    assert isinstance(find(talk, q=query)["results"], list)
