"""The pattern endpoints through HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from processing.models import Memory, PatternQueue
from tests.conftest import Member, make_member
from tests.processing.patterns.conversations import NOON, Conversation, detect, make_project, patterns_of

pytestmark = pytest.mark.usefixtures("redis_url")


@pytest.fixture
def found(ada: Member) -> Member:
    """Three debugging patterns on three days, the last in a project of its own."""
    shop, cart = make_project(ada, "/code/shop"), make_project(ada, "/code/cart")
    for day, (project, command) in enumerate([(shop, "make lint"), (shop, "make test"), (cart, "make docs")]):
        talk = Conversation(ada, f"s{day}", project=project, begins=NOON + timedelta(days=day))
        talk.fixes(command, "a.py")
        talk.store()
    detect(ada)
    return ada


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [pattern["title"].split("`")[1] for pattern in answer.json()["results"]]


def test_patterns_are_listed_the_last_seen_first(found: Member) -> None:
    answer = found.api.get("/api/patterns")
    assert titles(answer) == ["make docs", "make test", "make lint"]
    first = answer.json()["results"][0]
    assert first["type"] == "debugging"
    assert first["project"]["name"] == "cart"
    assert (first["frequency"], first["confidence"], first["visibility"]) == (1, 0.6, "workspace")
    assert first["details"] == {"command": "make docs", "file": "a.py", "sessions": 1}
    assert first["firstSeen"] == first["lastSeen"] == "2026-03-04T12:06:00+00:00"
    assert len(first["evidence"]) == 3
    assert answer.json()["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"type": "memory_code"}, []),
        ({"subtype": "fix", "scope": "person", "q": "lint"}, ["make lint"]),
        ({"scope": "team"}, []),
        ({"state": "confirmed"}, []),
        ({"minConfidence": "0.6", "q": "lint"}, ["make lint"]),
        ({"minConfidence": "0.61"}, []),
        ({"type": "debugging", "project": "shop"}, ["make test", "make lint"]),
        ({"project": "/code/cart"}, ["make docs"]),
        ({"project": "nowhere"}, []),
        ({"q": "LINT"}, ["make lint"]),
        ({"since": "2026-03-03T00:00:00Z"}, ["make docs", "make test"]),
        ({"limit": 1}, ["make docs"]),
    ],
)
def test_filters_narrow_the_list(found: Member, query: dict[str, Any], expected: list[str]) -> None:
    assert titles(found.api.get("/api/patterns", query)) == expected


def test_pages_show_every_pattern_once(found: Member) -> None:
    shown: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = found.api.get(f"/api/patterns?limit=1&cursor={cursor}")
        shown += titles(answer)
        cursor = answer.json()["nextCursor"] or ""
    assert shown == ["make docs", "make test", "make lint"]
    assert cursor == ""


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"type": "astrology"}, "invalid_choice"),
        ({"since": "yesterday"}, "invalid_time"),
        ({"since": "2026-03-03T00:00:00"}, "timestamp_without_zone"),
        ({"limit": "0"}, "out_of_range"),
        ({"limit": "many"}, "invalid_type"),
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"cursor": "WyJhIiwiYiJd"}, "invalid_cursor"),
    ],
)
def test_a_bad_filter_is_refused_by_name(found: Member, query: dict[str, str], code: str) -> None:
    answer = found.api.get("/api/patterns", query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_one_pattern_is_shown_with_its_evidence(found: Member) -> None:
    listed = found.api.get("/api/patterns").json()["results"][0]
    shown = found.api.get(f"/api/patterns/{listed['id']}").json()
    assert {key: shown[key] for key in listed} == listed
    [occurrence] = shown["occurrences"]
    assert occurrence["occurredAt"] == listed["lastSeen"]
    evidence = occurrence["evidence"]
    assert [memory["id"] for memory in evidence] == listed["evidence"]
    assert [memory["snippet"] for memory in evidence] == ["(no output)", "Edit a.py:  → ", "(no output)"]
    assert [memory["role"] for memory in evidence] == ["tool"] * 3
    assert [memory["occurredAt"] for memory in evidence] == [
        "2026-03-04T12:02:00+00:00",
        "2026-03-04T12:03:00+00:00",
        "2026-03-04T12:06:00+00:00",
    ]


def test_evidence_that_is_gone_or_private_by_now_is_left_out(found: Member, ben: Member) -> None:
    listed = found.api.get("/api/patterns").json()["results"][0]
    failed, edited, passed = listed["evidence"]
    with found.scope():
        Memory.objects.filter(pk=failed).delete()
        Memory.objects.filter(pk=edited).update(visibility="private")
    [occurrence] = ben.api.get(f"/api/patterns/{listed['id']}").json()["occurrences"]
    assert [memory["id"] for memory in occurrence["evidence"]] == [passed]


def test_a_private_pattern_is_its_authors_alone(ada: Member, ben: Member) -> None:
    talk = Conversation(ada, "s1", project=make_project(ada, visibility="private"), visibility="private")
    talk.fixes("make test", "a.py")
    talk.store()
    detect(ada)
    [pattern] = patterns_of(ada, "debugging")
    assert titles(ada.api.get("/api/patterns")) == ["make test"]
    assert ada.api.get(f"/api/patterns/{pattern.id}").status_code == 200
    assert titles(ben.api.get("/api/patterns")) == []
    assert ben.api.get(f"/api/patterns/{pattern.id}").status_code == 404


def test_another_workspace_finds_nothing(found: Member, cleo: Member) -> None:
    listed = found.api.get("/api/patterns").json()["results"][0]
    assert titles(cleo.api.get("/api/patterns")) == []
    answer = cleo.api.get(f"/api/patterns/{listed['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "pattern_not_found")
    assert cleo.api.get("/api/patterns", {"workspace": "north"}).status_code == 404
    assert cleo.api.get("/api/patterns/not-an-id").status_code == 404


def test_a_file_seen_too_seldom_is_shown_to_nobody(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.asks()
    talk.edits("a.py")
    talk.store()
    detect(ada)
    assert titles(ada.api.get("/api/patterns")) == []


def test_detection_on_demand_is_a_job_with_a_status(ada: Member) -> None:
    project = make_project(ada, "/code/shop")
    body = {"patternTypes": ["debugging"], "limit": 5, "project": {"path": "/code/shop"}, "colour": "red"}
    answer = ada.api.post("/api/patterns/detect", body)
    assert answer.status_code == 202
    assert answer.json()["warnings"] == ["unknown key ignored: 'colour'"]
    with ada.scope():
        job = PatternQueue.objects.get(pk=answer.json()["jobId"])
    assert (job.pattern_types, job.limit, job.project_id, job.user_id) == (
        ["debugging"],
        5,
        project.id,
        ada.user.id,
    )
    assert not job.asked_by_ingest
    status = ada.api.get(answer.json()["statusUrl"]).json()
    assert (status["status"], status["patternTypes"], status["error"]) == ("pending", ["debugging"], None)


def test_detection_needs_no_body(ada: Member) -> None:
    answer = ada.api.post("/api/patterns/detect")
    assert answer.status_code == 202
    with ada.scope():
        job = PatternQueue.objects.get(pk=answer.json()["jobId"])
    assert (job.pattern_types, job.limit, job.project_id) == ([], 100, None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"patternTypes": ["astrology"]}, 400, "invalid_choice"),
        ({"patternTypes": "debugging"}, 400, "invalid_type"),
        ({"patternTypes": [7]}, 400, "invalid_type"),
        ({"patternTypes": [""]}, 400, "required"),
        ({"limit": 0}, 400, "out_of_range"),
        ({"limit": 10**30}, 400, "out_of_range"),
        ({"limit": True}, 400, "invalid_type"),
        ({"project": {"path": "/nowhere"}}, 404, "project_not_found"),
        ({"project": "nowhere"}, 404, "project_not_found"),
        ({"project": {}}, 400, "required"),
        ({"project": [1]}, 400, "invalid_type"),
        ({"workspace": "south"}, 404, "workspace_not_found"),
        ([1], 400, "invalid_type"),
    ],
)
def test_a_bad_request_to_detect_is_refused_by_name(ada: Member, body: Any, status: int, code: str) -> None:
    answer = ada.api.post("/api/patterns/detect", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with ada.scope():
        assert not PatternQueue.objects.exists()


def test_each_scope_does_its_own(db: None) -> None:
    reader, sender = make_member("north", "ada", scopes=["search"]), make_member("north", "ben", scopes=["ingest"])
    assert reader.api.get("/api/patterns").status_code == 200
    assert reader.api.post("/api/patterns/detect").status_code == 403
    assert sender.api.get("/api/patterns").status_code == 403
    assert sender.api.post("/api/patterns/detect").status_code == 202


def test_a_job_of_another_workspace_is_not_found(ada: Member, cleo: Member) -> None:
    url = ada.api.post("/api/patterns/detect").json()["statusUrl"]
    assert cleo.api.get(url).status_code == 404
    assert ada.api.get(f"/api/patterns/jobs/{uuid4()}").json()["code"] == "job_not_found"


def test_a_judgement_that_names_another_workspace_is_refused(found: Member) -> None:
    [pattern, *_] = found.api.get("/api/patterns").json()["results"]
    path = f"/api/patterns/{pattern['id']}"
    refused = found.api.patch(path, {"state": "dismissed", "workspace": "south"})
    assert refused.status_code == 404
    assert found.api.get(path).json()["state"] == pattern["state"] != "dismissed"
    assert found.api.patch(path, {"state": "dismissed", "workspace": "north"}).status_code == 200
