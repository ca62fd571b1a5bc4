"""The endpoints: what they list, what they refuse, and what a key may ask for."""

from __future__ import annotations

from typing import Any

import pytest

from processing.models import CodeObject, Memory, SummaryQueue
from tests import pipeline
from tests.conftest import Member
from tests.processing.memories.cast import client_of
from tests.processing.patterns.conversations import make_project
from tests.processing.summaries.cast import get, hold_session, rows_of, summarise

pytestmark = pytest.mark.usefixtures("embedding_model_dir")


@pytest.fixture
def told(ada: Member) -> Member:
    """Five summarised sessions and a project; two of the sessions went on."""
    project = make_project(ada)
    talks = [hold_session(ada, f"s{number}", project=project) for number in range(5)]
    for talk in talks:
        summarise(ada, "session", talk.session)
    summarise(ada, "project", project)
    for talk in talks[:2]:
        talk.asks("And now?")
        talk.store()
    return ada


def test_summaries_are_listed_page_by_page_the_newest_first(told: Member) -> None:
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = get(told, f"summaries?limit=2&cursor={cursor}")
        seen += page["results"]
        cursor = page["nextCursor"] or ""
        if not cursor:
            break
    assert len(seen) == len({item["id"] for item in seen}) == 6
    times = [item["generatedAt"] for item in seen]
    assert times == sorted(times, reverse=True)
    assert seen[0]["subject"]["kind"] == "project"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=session", 5),
        ("kind=project", 1),
        ("kind=file", 0),
        ("project=shop", 6),
        ("project=unknown", 0),
        ("stale=true", 2),
        ("stale=false", 4),
        ("stale=true&kind=project", 0),
    ],
)
def test_filters_narrow_the_list(told: Member, query: str, count: int) -> None:
    assert len(get(told, f"summaries?{query}")["results"]) == count


def test_pages_of_stale_summaries_fit_together(told: Member) -> None:
    first = get(told, "summaries?stale=true&limit=1")
    second = get(told, f"summaries?stale=true&limit=1&cursor={first['nextCursor']}")
    assert [item["session"]["key"] for item in (*first["results"], *second["results"])] == ["s1", "s0"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kind=memory", "invalid_choice"),
        ("stale=perhaps", "invalid_type"),
        ("limit=0", "out_of_range"),
        ("limit=many", "invalid_type"),
        ("cursor=nonsense", "invalid_cursor"),
        ("cursor=WyIyMDI2LTAxLTAxIiwieCJd", "invalid_cursor"),
        ("project=%00", "nul_character"),
    ],
)
def test_bad_questions_are_refused_by_name(ada: Member, query: str, code: str) -> None:
    assert get(ada, f"summaries?{query}", 400)["code"] == code


def test_unknown_parameters_are_told(ada: Member) -> None:
    assert get(ada, "summaries?colour=blue")["warnings"] == ["unknown key ignored: 'colour'"]


@pytest.mark.parametrize(
    "address",
    [
        "sessions/unknown/summary",
        "sessions/019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21/summary",
        "sessions/%00/summary",
        "projects/unknown/summary",
        "projects/%00/summary",
        "graph/entities/unknown/summary",
        "graph/entities/%00/summary",
        f"graph/entities/{'f' * 3000}/summary",
    ],
)
def test_what_is_not_there_is_not_found(ada: Member, address: str) -> None:
    get(ada, address, 404)
    assert rows_of(ada) == []


def test_a_session_is_found_by_its_key_too(told: Member) -> None:
    by_key = get(told, "sessions/s3/summary")
    assert by_key == get(told, f"sessions/{by_key['subject']['id']}/summary")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "required"),
        ({"kind": "session"}, 400, "required"),
        ({"kind": "memory", "id": "s1"}, 400, "invalid_choice"),
        ({"kind": "session", "id": 7}, 400, "invalid_type"),
        ({"kind": "session", "id": "a\x00"}, 400, "nul_character"),
        ({"kind": "session", "id": "unknown"}, 404, "session_not_found"),
        ({"kind": "project", "id": "unknown"}, 404, "project_not_found"),
        ({"kind": "file", "id": "unknown"}, 404, "file_not_found"),
        ([], 400, "invalid_type"),
    ],
)
def test_a_refresh_says_what_is_wrong(ada: Member, body: Any, status: int, code: str) -> None:
    answer = ada.api.post("/api/summaries/refresh", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert rows_of(ada) == []


def test_a_refresh_makes_a_summary_anew_although_nothing_changed(told: Member) -> None:
    before = get(told, "sessions/s4/summary")
    answer = told.api.post("/api/summaries/refresh", {"kind": "session", "id": "s4", "mood": 1}, format="json")
    assert answer.status_code == 202
    assert answer.json()["warnings"] == ["unknown key ignored: 'mood'"]
    pipeline.summarise(told)
    after = get(told, "sessions/s4/summary")
    assert after["generatedAt"] > before["generatedAt"]
    assert {**after, "generatedAt": 0} == {**before, "generatedAt": 0}


def test_a_refresh_reaches_a_row_that_waits_already(ada: Member) -> None:
    hold_session(ada)
    get(ada, "sessions/s1/summary", 202)
    assert (
        ada.api.post("/api/summaries/refresh", {"kind": "session", "id": "s1"}, format="json").status_code == 202
    )
    [row] = rows_of(ada)
    assert row.forced


def test_a_code_object_of_one_kind_is_not_the_other(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": "def total(): ...\n"})
    pipeline.store(ada)
    with ada.scope():
        uid = CodeObject.objects.get(kind="file").uid
    body = {"kind": "entity", "id": uid}
    assert ada.api.post("/api/summaries/refresh", body, format="json").status_code == 404


def test_each_endpoint_needs_its_scope(told: Member) -> None:
    body = {"kind": "session", "id": "s1"}
    answers = {}
    for scope in ("search", "graph", "ingest"):
        client = client_of(told, scope)
        answers[scope] = [
            client.get("/api/sessions/s3/summary").status_code,
            client.get("/api/projects/shop/summary").status_code,
            client.get("/api/summaries").status_code,
            client.get("/api/graph/entities/x/summary").status_code,
            client.post("/api/summaries/refresh", body, format="json").status_code,
        ]
    assert answers == {
        "search": [200, 200, 200, 403, 403],
        "graph": [403, 403, 403, 404, 403],
        "ingest": [403, 403, 403, 403, 202],
    }


def test_summaries_are_no_memories(told: Member) -> None:
    with told.scope():
        memories = Memory.objects.count()
    summarise(told, "session", get(told, "sessions/s0/summary")["subject"]["id"])
    with told.scope():
        assert Memory.objects.count() == memories
        assert SummaryQueue.objects.exclude(batch_id=None).count() == 0
