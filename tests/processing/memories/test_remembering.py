"""`POST /api/memories`: what is stored, what is refused, and that a resend changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from ingest.models import Batch, MemoryQueue
from processing.models import CodeReference, EmbedQueue, LinkQueue, Memory, Session
from supastate.queueing.models import Status
from tests.conftest import Member, make_member
from tests.processing.memories.cast import NOTE, client_of, remember, stored

TOKEN = "ghp_" + "a1B2" * 9


def test_a_memory_is_remembered_with_all_that_was_said(ada: Member) -> None:
    sent = {
        **NOTE,
        "sessionId": "monday",
        "role": "assistant",
        "timestamp": "2026-03-01T10:00:00+02:00",
        "filePaths": ["/home/ada/app/app/queue.py", "/etc/hosts"],
        "metadata": {"mood": "🦉", "nested": [1, {"a": None}]},
    }
    answer = ada.api.post("/api/memories", sent)
    body = answer.json()
    assert answer.status_code == 201
    assert body["content"] == NOTE["content"]
    assert body["role"] == "assistant"
    assert body["occurredAt"] == "2026-03-01T08:00:00+00:00"
    assert body["filePaths"] == ["app/queue.py", "/etc/hosts"]
    assert body["metadata"] == {"mood": "🦉", "nested": [1, {"a": None}]}
    assert body["project"]["identity"] == "/home/ada/app"
    assert body["session"]["key"] == "monday"
    assert body["author"] == {"id": str(ada.user.pk), "name": "ada"}
    assert body["visibility"] == "workspace"
    assert body["processingStatus"] == "pending"
    assert body["maskedSecrets"] == 0
    assert "warnings" not in body
    assert ada.api.get(f"/api/memories/{body['id']}").json()["content"] == NOTE["content"]


def test_the_next_stages_are_asked_in_the_same_transaction(ada: Member) -> None:
    memory = stored(ada, remember(ada, **{**NOTE, "filePaths": ["app/queue.py"]})["id"])
    with ada.scope():
        assert EmbedQueue.objects.filter(subject_id=memory.pk, status=Status.PENDING).count() == 1
        assert LinkQueue.objects.filter(memory_id=memory.pk, left_project=None).count() == 1
        texts = set(CodeReference.objects.filter(memory=memory).values_list("kind", "text"))
    assert {("path", "app/queue.py"), ("name", "claim_rows")} <= texts


def test_the_ledger_adds_up(ada: Member) -> None:
    body = remember(ada, clientId="n1")
    ada.api.post("/api/memories", {"content": body["content"], "clientId": "n1"})
    with ada.scope():
        batches = Batch.objects.values_list("received", "new", "duplicate", "rejected")
        assert sorted(batches) == [(1, 0, 1, 0), (1, 1, 0, 0)]
        rows = MemoryQueue.objects.filter(batch_id=body["source"]["batchId"])
        assert [row.status for row in rows] == [Status.COMPLETED]


def test_the_same_client_id_gives_the_same_memory(ada: Member) -> None:
    first = ada.api.post("/api/memories", {**NOTE, "clientId": "n1"})
    second = ada.api.post("/api/memories", {**NOTE, "clientId": "n1"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["id"] == first.json()["id"]
    with ada.scope():
        assert Memory.objects.count() == 1
        assert LinkQueue.objects.count() == 1


def test_a_resend_after_a_change_neither_conflicts_nor_undoes_it(ada: Member) -> None:
    memory_id = remember(ada, "first words", clientId="n1")["id"]
    ada.api.patch(f"/api/memories/{memory_id}", {"content": "better words"})
    again = ada.api.post("/api/memories", {"content": "first words", "clientId": "n1"})
    assert again.status_code == 200
    assert again.json()["content"] == "better words"


def test_a_known_client_id_with_other_content_is_a_conflict(ada: Member) -> None:
    remember(ada, "first words", clientId="n1")
    answer = ada.api.post("/api/memories", {"content": "other words", "clientId": "n1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "id_conflict")
    with ada.scope():
        assert Batch.objects.count() == 1


def test_a_resend_does_not_bring_a_deleted_memory_back(ada: Member) -> None:
    memory_id = remember(ada, clientId="n1")["id"]
    ada.api.delete(f"/api/memories/{memory_id}")
    answer = ada.api.post("/api/memories", {"content": NOTE["content"], "clientId": "n1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "memory_deleted")


def test_a_client_id_is_its_authors_own(ada: Member, ben: Member) -> None:
    mine = remember(ada, "ada's", clientId="1")
    his = remember(ben, "ben's", clientId="1")
    assert mine["id"] != his["id"]


def test_without_a_client_id_equal_memories_both_live(ada: Member) -> None:
    assert remember(ada, "yes")["id"] != remember(ada, "yes")["id"]


def test_two_clients_at_once_store_one_memory(committed: None) -> None:
    member = make_member("north", "ada")

    def send(_number: int) -> tuple[int, str]:
        try:
            answer = member.api.post("/api/memories", {**NOTE, "sessionId": "s", "clientId": "n1"})
            return answer.status_code, answer.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 200, 200, 201]
    assert len({memory_id for _, memory_id in answers}) == 1


def test_secrets_are_masked_and_counted(ada: Member) -> None:
    body = remember(ada, f"the token is {TOKEN}", metadata={"env": TOKEN}, clientId="n1")
    assert body["content"] == "the token is [masked:github_token]"
    assert body["metadata"] == {"env": "[masked:github_token]"}
    assert body["maskedSecrets"] == 2
    with ada.scope():
        assert TOKEN not in str(MemoryQueue.objects.values_list("payload", flat=True))


def test_a_session_stretches_over_its_memories(ada: Member) -> None:
    remember(ada, "b", sessionId="s", timestamp="2026-03-01T10:00:00Z")
    remember(ada, "a", sessionId="s", timestamp="2026-03-01T09:00:00Z")
    remember(ada, "c", sessionId="s", timestamp="2026-03-01T11:00:00Z")
    with ada.scope():
        session = Session.objects.get(key="s")
    assert (session.started_at.hour, session.ended_at.hour) == (9, 11)


def test_unknown_keys_are_named(ada: Member) -> None:
    body = remember(ada, colour="red", project={"path": "/p", "colour": "red"}, metadata={"colour": "red"})
    assert body["warnings"] == ["unknown key ignored: 'colour'", "unknown key ignored: project.'colour'"]
    assert body["metadata"] == {"colour": "red"}


def test_a_workspace_in_the_body_must_be_the_keys(ada: Member, cleo: Member) -> None:
    assert remember(ada, workspace="north")["content"] == NOTE["content"]
    for foreign in ("south", str(cleo.workspace.pk), "nowhere"):
        answer = ada.api.post("/api/memories", {"content": "x", "workspace": foreign})
        assert (answer.status_code, answer.json()["code"]) == (404, "workspace_not_found")


BAD_BODIES: list[tuple[Any, int, str]] = [
    ({}, 400, "required"),
    ([], 400, "invalid_type"),
    ("x", 400, "invalid_type"),
    ({"content": 7}, 400, "invalid_type"),
    ({"content": "  \n"}, 400, "empty"),
    ({"content": "a\x00b"}, 400, "nul_character"),
    ({"content": "x" * (1024 * 1024 + 1)}, 413, "too_large"),
    ({"content": "x", "metadata": []}, 400, "invalid_type"),
    ({"content": "x", "metadata": {"a": "\x00"}}, 400, "nul_character"),
    ({"content": "x", "metadata": {"a": 10**30}}, 400, "number_out_of_range"),
    ({"content": "x", "metadata": {"a": -1e30}}, 400, "number_out_of_range"),
    ({"content": "x", "metadata": {"a": "y" * 70_000}}, 413, "metadata_too_large"),
    ({"content": "x", "role": "robot"}, 400, "invalid_choice"),
    ({"content": "x", "role": ["user"]}, 400, "invalid_type"),
    ({"content": "x", "messageType": {}}, 400, "invalid_type"),
    ({"content": "x", "visibility": "everybody"}, 400, "invalid_choice"),
    ({"content": "x", "timestamp": "2026-03-01T10:00:00"}, 400, "timestamp_without_zone"),
    ({"content": "x", "timestamp": "yesterday"}, 400, "timestamp_invalid"),
    ({"content": "x", "timestamp": 1}, 400, "invalid_type"),
    ({"content": "x", "timestamp": "0001-01-01T00:00:00+23:59"}, 400, "timestamp_invalid"),
    ({"content": "x", "filePaths": "a.py"}, 400, "invalid_type"),
    ({"content": "x", "filePaths": [1]}, 400, "invalid_type"),
    ({"content": "x", "filePaths": ["../../etc/passwd"]}, 400, "path_outside_project"),
    ({"content": "x", "filePaths": ["/home/../etc/passwd"]}, 400, "path_outside_project"),
    ({"content": "x", "filePaths": ["\x00"]}, 400, "nul_character"),
    ({"content": "x", "filePaths": [""]}, 400, "path_invalid"),
    ({"content": "x", "filePaths": ["目" * 1000]}, 400, "path_invalid"),
    ({"content": "x", "filePaths": ["a"] * 1001}, 400, "too_many_items"),
    ({"content": "x", "sessionId": "s" * 256}, 400, "too_long"),
    ({"content": "x", "sessionId": "\x00"}, 400, "nul_character"),
    ({"content": "x", "clientId": "c" * 1025}, 400, "too_long"),
    ({"content": "x", "clientId": 5}, 400, "invalid_type"),
    ({"content": "x", "project": "app"}, 400, "invalid_type"),
    ({"content": "x", "project": {}}, 400, "required"),
    ({"content": "x", "projectPath": "\x00"}, 400, "nul_character"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES)
def test_what_cannot_be_stored_is_refused_by_name(ada: Member, body: Any, status: int, code: str) -> None:
    answer = ada.api.post("/api/memories", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with ada.scope():
        assert Memory.objects.count() == 0
        assert MemoryQueue.objects.count() == 0


@pytest.mark.parametrize(
    "raw",
    [
        '{"content": "half \\ud83d of a pair"}',
        '{"content": "x", "metadata": {"\\ud83d": 1}}',
        '{"content": "x", "sessionId": "\\udc00"}',
        '{"content": "x", "clientId": "\\udc00"}',
        '{"content": "x", "filePaths": ["\\udc00"]}',
    ],
)
def test_half_of_a_surrogate_pair_is_refused(ada: Member, raw: str) -> None:
    answer = ada.api.post("/api/memories", data=raw, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "lone_surrogate")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "required"),
        (b"{", "invalid_json"),
        (b"\xff\xfe", "invalid_encoding"),
        (b'{"content": NaN}', "invalid_type"),
        (b'{"content": "x", "metadata": {"a": NaN}}', "number_out_of_range"),
        (b'{"content": "x", "metadata": {"a": ' + b"[" * 80 + b"]" * 80 + b"}}", "too_deep"),
        (b"[" * 200_000, "too_deep"),
    ],
)
def test_a_broken_body_is_refused(ada: Member, raw: bytes, code: str) -> None:
    answer = ada.api.post("/api/memories", data=raw, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def scramble(length: int, seed: int) -> str:
    """Return letters of three bytes each that do not compress: the worst that an index can be given."""
    return "".join(chr(0x4E00 + (number * 7919 + seed * 104_729) % 20_000) for number in range(length))


EXTREMES: list[Mapping[str, Any]] = [
    {"content": "🦉" * 200_000},
    {"content": "x", "filePaths": [f"{'é' * 500}/{number}.py" for number in range(1000)]},
    {"content": "/".join(scramble(90, seed) for seed in range(12)) + ".py"},
    {"content": "`" + ".".join("q" + scramble(79, seed) for seed in range(7)) + "`"},
    {"content": "x", "filePaths": [scramble(680, 1)], "sessionId": scramble(255, 2)},
    {"content": "目" * 80 + "." + "目" * 80},
    {"content": "x", "sessionId": "🦉" * 255, "clientId": "🦉" * 1024},
    {"content": "x", "timestamp": "2200-12-31T23:59:59.999999-23:59"},
    {"content": "x", "metadata": {"": "", "__proto__": {"a": 1e-308}, "n": 2**63, "f": -9.2e18}},
]


@pytest.mark.parametrize("fields", EXTREMES, ids=range(len(EXTREMES)))
def test_the_unusual_is_stored(ada: Member, fields: Mapping[str, Any]) -> None:
    body = remember(ada, **fields)
    assert body["content"] == fields["content"]


def test_remembering_needs_the_scope_ingest(ada: Member) -> None:
    for scopes, status in ((["ingest"], 201), (["search", "graph"], 403), (["admin"], 201)):
        answer = client_of(ada, *scopes).post("/api/memories", {"content": "x"})
        assert answer.status_code == status, scopes
    assert answer.json()["author"]["id"] == str(ada.user.pk)


def test_a_private_memory_is_seen_by_its_author_alone(ada: Member, ben: Member) -> None:
    memory_id = remember(ada, visibility="private", projectPath="/p")["id"]
    assert ada.api.get(f"/api/memories/{memory_id}").status_code == 200
    assert ben.api.get(f"/api/memories/{memory_id}").status_code == 404
    assert ben.api.get("/api/memories").json()["results"] == []
