"""`POST /api/context`: what is read, in which order, why, and never across walls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processing.models import Memory
from processing.providers import forget_provider
from tests import pipeline
from tests.conftest import Member
from tests.processing.memories.cast import client_of

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

QUEUE = '''"""The queue."""


def claim_rows(queue, size):
    """Claim what is due."""
    return queue.due[:size]


def bury_row(row):
    return row.dead()
'''
PRICES = "def gross_price(net):\n    return net * 1.2\n"
OLD = "We decided that claim_rows takes 64 rows at a time, because a lease covers five minutes."
PROJECT = pipeline.REMOTE


def stamp(number: int) -> str:
    return f"2026-11-20T{10 + number // 60}:{number % 60:02}:00+00:00"


@pytest.fixture
def team(ada: Member) -> Member:
    """Two conversations of one project and its code: an old decision, and sixty turns of today."""
    pipeline.queue_code(ada, {"app/queue.py": QUEUE, "shop/prices.py": PRICES})
    pipeline.queue_chunk(ada, OLD, session="old", messageType="assistant", timestamp="2026-11-01T10:00:00+00:00")
    pipeline.queue_chunk(ada, "The cat sleeps on the warm keyboard.", session="old")
    for number in range(60):
        role = ("user", "assistant", "tool")[number % 3]
        text = f"Turn {number} says what it has to say about bury_row. " + "It goes on for a while. " * 30
        pipeline.queue_chunk(ada, text, session="today", messageType=role, timestamp=stamp(number))
    settle(ada)
    return ada


def settle(member: Member) -> None:
    """Store and link; words are enough to find these texts."""
    while pipeline.store(member):
        pass
    pipeline.sync_graph(member)


def ask(member: Member, **body: Any) -> dict[str, Any]:
    answer = member.api.post("/api/context", body, format="json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    assert found["tokens"] <= found["tokenBudget"]
    return found


def kinds(answer: dict[str, Any]) -> list[str]:
    return [message["source"]["kind"] for message in answer["messages"]]


def section(answer: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [item for item in answer["explain"]["sections"] if item["section"] == name]
    return dict(found)


def test_code_comes_first_then_turns_in_order_then_memories_the_best_last(team: Member) -> None:
    answer = ask(
        team,
        query="how many rows does a claim take",
        session="today",
        files=["app/queue.py"],
        tokenBudget=20_000,
    )
    order = [{"file": 0, "code": 0, "turn": 1, "memory": 2}[kind] for kind in kinds(answer)]
    assert order == sorted(order)
    assert set(kinds(answer)) == {"file", "code", "turn", "memory"}
    turns = [message for message in answer["messages"] if message["source"]["kind"] == "turn"]
    assert [turn["content"].split()[1] for turn in turns] == [str(number) for number in range(10, 60)]
    assert answer["messages"][-1]["content"] == f"Earlier, 2026-11-01, assistant:\n{OLD}"
    assert answer["messages"][-1]["source"]["session"]["key"] == "old"


def test_the_last_ten_turns_are_whole_older_ones_shortened_and_tools_the_most(team: Member) -> None:
    answer = ask(team, query="zanzibar", session="today", tokenBudget=30_000)
    shown = section(answer, "turns")["shown"]
    assert [item["form"] for item in shown[-10:]] == ["full"] * 10
    older = [item for item in shown if item["reason"] == "older"]
    assert {item["form"] for item in older} == {"shortened"}
    by_id = {message["source"]["id"]: message for message in answer["messages"] if "id" in message["source"]}
    longest = {
        role: max(item["tokens"] for item in older if by_id[item["id"]]["role"] == role)
        for role in ("user", "tool")
    }
    assert longest["tool"] < longest["user"] <= 124
    assert "…" in by_id[older[0]["id"]]["content"]


def test_files_are_outlined_and_their_definitions_quoted(team: Member) -> None:
    answer = ask(team, files=["/src/shop/app/queue.py", "nowhere.py"], project=PROJECT)
    assert answer["explain"]["query"] == {"text": "/src/shop/app/queue.py nowhere.py", "from": "files"}
    outline = answer["messages"][0]
    assert outline["source"]["path"] == "app/queue.py"
    assert "4-6 def claim_rows(queue, size) — Claim what is due." in outline["content"]
    [body] = [m for m in answer["messages"] if m["source"].get("qualifiedName") == "app.queue.claim_rows"]
    assert (body["role"], body["source"]["startLine"], body["source"]["endLine"]) == ("system", 4, 6)
    assert "```python\ndef claim_rows(queue, size):" in body["content"]
    assert answer["warnings"] == ["no code is known of file 'nowhere.py'"]


def test_without_a_query_the_last_user_turn_is_the_question(team: Member) -> None:
    answer = ask(team, session="today")
    assert answer["explain"]["query"]["from"] == "session"
    assert answer["explain"]["query"]["text"].startswith("Turn 57 says")
    linked = [
        item for item in section(answer, "code")["shown"] + section(answer, "code")["leftOut"] if "uid" in item
    ]
    assert linked


def test_code_that_the_session_speaks_of_is_shown_with_how_sure_that_is(team: Member) -> None:
    answer = ask(team, query="the cat on the keyboard", session="today", tokenBudget=20_000)
    reasons = {item["uid"]: item for item in section(answer, "code")["shown"]}
    [bury] = [m for m in answer["messages"] if m["source"].get("qualifiedName") == "app.queue.bury_row"]
    why = reasons[bury["source"]["uid"]]
    assert why["reason"] in {"linked", "search"}
    assert why.get("confidence", why.get("score")) > 0


def test_a_turn_is_not_repeated_as_a_memory_and_a_near_duplicate_not_at_all(team: Member) -> None:
    pipeline.queue_chunk(team, OLD + " Yes.", session="other", messageType="assistant")
    settle(team)
    answer = ask(team, query="claim takes 64 rows", session="today", tokenBudget=20_000)
    ids = [message["source"].get("id") or message["source"].get("uid") for message in answer["messages"]]
    assert len(ids) == len(set(ids))
    assert {item["reason"] for item in section(answer, "memories")["leftOut"]} == {"near_duplicate"}
    assert sum("64 rows" in message["content"] for message in answer["messages"]) == 1


def test_the_same_request_gets_the_same_bytes(team: Member) -> None:
    body = {"query": "claim_rows", "session": "today", "files": ["app/queue.py"], "tokenBudget": 900}
    first, second = (team.api.post("/api/context", body, format="json").content for _ in range(2))
    assert first == second


@pytest.mark.parametrize("budget", [200, 300, 700, 4_000, 200_000])
def test_any_budget_is_kept_and_what_found_no_room_is_named(team: Member, budget: int) -> None:
    answer = ask(team, query="claim_rows", session="today", files=["app/queue.py"], tokenBudget=budget)
    assert answer["messages"]
    assert answer["tokens"] == sum(item["tokens"] for item in answer["explain"]["sections"])
    left = [item for part in answer["explain"]["sections"] for item in part["leftOut"]]
    assert (budget == 200_000) == (not any(item["reason"] == "no_room" for item in left))


def test_another_workspace_gets_nothing_and_a_private_memory_only_its_author(
    team: Member, ben: Member, cleo: Member
) -> None:
    with team.scope():
        session_id = str(Memory.objects.filter(session__key="today")[0].session_id)
        Memory.objects.filter(content=OLD).update(visibility="private")
    stranger = ask(cleo, query="claim_rows", session=session_id, project=PROJECT, files=["app/queue.py"])
    assert stranger["messages"] == []
    assert stranger["warnings"] == [
        f"unknown session: '{session_id}'",
        f"unknown project: '{PROJECT}'",
        "no code is known of file 'app/queue.py'",
    ]
    assert OLD not in str(ask(ben, query="how many rows does a claim take")["messages"])
    assert OLD in str(ask(team, query="how many rows does a claim take")["messages"])


def test_an_unknown_project_finds_nothing_but_the_session_is_read(team: Member) -> None:
    answer = ask(team, query="claim_rows", session="today", project="no such project")
    assert set(kinds(answer)) == {"turn"}
    assert answer["warnings"] == ["unknown project: 'no such project'"]


def test_the_number_of_statements_does_not_grow_with_what_is_read(team: Member) -> None:
    def count(**body: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask(team, query="claim_rows", session="today", **body)
        return len(captured)

    count(files=["shop/prices.py"])  # what is asked once in a process
    few = count(files=["shop/prices.py"], tokenBudget=300)
    assert count(files=["shop/prices.py", "app/queue.py"], tokenBudget=50_000) == few


@pytest.fixture
def provider_away(settings: Any) -> Iterator[None]:
    settings.EMBEDDING_PROVIDER = "openai"
    settings.OPENAI_API_KEY = "test"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:1/v1"
    forget_provider()
    yield
    forget_provider()


def test_text_alone_answers_when_the_provider_is_away_and_says_so(ada: Member, provider_away: None) -> None:
    pipeline.queue_chunk(ada, OLD)
    pipeline.store(ada)
    answer = ask(ada, query="claim_rows")
    assert (kinds(answer), answer["degraded"]) == (["memory"], "provider_unavailable")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"project": "x"}, "required"),
        ({"query": "  "}, "required"),
        ({"query": 5}, "invalid_type"),
        ({"query": "a\x00b"}, "nul_character"),
        ({"query": "a" * 10_001}, "too_long"),
        ({"query": "a", "tokenBudget": 199}, "out_of_range"),
        ({"query": "a", "tokenBudget": 200_001}, "out_of_range"),
        ({"query": "a", "tokenBudget": "many"}, "invalid_type"),
        ({"query": "a", "tokenBudget": True}, "invalid_type"),
        ({"query": "a", "files": "x.py"}, "invalid_type"),
        ({"query": "a", "files": [1]}, "invalid_type"),
        ({"query": "a", "files": [""]}, "required"),
        ({"query": "a", "files": ["x.py"] * 101}, "too_many_items"),
    ],
)
def test_bad_input_is_refused_by_name(ada: Member, body: dict[str, Any], code: str) -> None:
    answer = ada.api.post("/api/context", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_an_unknown_key_is_a_warning_and_a_foreign_workspace_not_found(ada: Member, cleo: Member) -> None:
    assert ask(ada, query="a", qurey="b")["warnings"] == ["unknown key ignored: 'qurey'"]
    foreign = {"query": "a", "workspace": str(cleo.workspace.pk)}
    assert ada.api.post("/api/context", foreign, format="json").status_code == 404


def test_the_scope_search_is_needed(ada: Member) -> None:
    body = {"query": "a"}
    assert client_of(ada, "ingest").post("/api/context", body, format="json").status_code == 403
    assert client_of(ada, "search").post("/api/context", body, format="json").status_code == 200
