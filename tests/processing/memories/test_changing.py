"""`PATCH` and `DELETE /api/memories/{id}`: what follows from a change, and who may make one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from processing.models import CodeReference, Embedding, EmbedQueue, LinkQueue, Memory, MemoryLink, SubjectKind
from supastate.queueing.models import Status
from supastate.workspaces.models import Project
from tests.conftest import Member
from tests.processing.memories.cast import NOTE, client_of, remember, source_of, stored


def change(member: Member, memory_id: str, **fields: Any) -> dict[str, Any]:
    answer = member.api.patch(f"/api/memories/{memory_id}", fields)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def forget_requests(member: Member) -> None:
    with member.scope():
        EmbedQueue.objects.all().delete()
        LinkQueue.objects.all().delete()


def give_vector(member: Member, memory: Memory) -> None:
    with member.scope():
        Embedding.objects.get_or_create(
            workspace_id=memory.workspace_id,
            subject_kind=SubjectKind.MEMORY,
            model="m",
            source_hash=memory.content_hash,
            chunk_no=0,
            defaults={"start": 0, "end": 1, "vector": [0.0, 1.0]},
        )


def test_changed_words_are_embedded_and_linked_again(ada: Member) -> None:
    before = remember(ada, **NOTE)
    forget_requests(ada)
    with ada.scope():
        Memory.objects.update(processing_status="embedded")
    body = change(ada, before["id"], content="see app/other.py")
    assert body["content"] == "see app/other.py"
    assert body["processingStatus"] == "pending"
    assert body["updatedAt"] > before["updatedAt"]
    assert body["createdAt"] == before["createdAt"]
    with ada.scope():
        assert [str(row.subject_id) for row in EmbedQueue.objects.all()] == [before["id"]]
        assert [str(row.memory_id) for row in LinkQueue.objects.all()] == [before["id"]]
        texts = set(CodeReference.objects.values_list("kind", "text"))
        assert ("path", "app/other.py") in texts
        assert not any("queue.py" in text for _, text in texts)


def test_only_the_given_keys_change(ada: Member) -> None:
    before = remember(ada, **{**NOTE, "metadata": {"a": 1}, "filePaths": ["x.py"], "role": "assistant"})
    body = change(ada, before["id"], metadata={"b": 2})
    changed = {key for key in before if body[key] != before[key]}
    assert changed == {"metadata", "updatedAt"}
    assert body["metadata"] == {"b": 2}
    assert change(ada, before["id"], filePaths=[], messageType="system")["filePaths"] == []
    assert stored(ada, before["id"]).role == "system"


def test_metadata_alone_asks_for_nothing(ada: Member) -> None:
    memory_id = remember(ada)["id"]
    forget_requests(ada)
    change(ada, memory_id, metadata={"a": 1})
    with ada.scope():
        assert (EmbedQueue.objects.count(), LinkQueue.objects.count()) == (0, 0)


def test_the_same_values_change_nothing(ada: Member) -> None:
    before = remember(ada, **NOTE)
    forget_requests(ada)
    for fields in ({}, {"content": NOTE["content"], "role": "user", "visibility": "workspace"}):
        body = change(ada, before["id"], **fields)
        assert body == before
    with ada.scope():
        assert LinkQueue.objects.count() == 0


def test_a_change_is_masked_and_names_unknown_keys(ada: Member) -> None:
    body = change(ada, remember(ada)["id"], content="key ghp_" + "a1B2" * 9, sessionId="s", timestamp="x")
    assert body["content"] == "key [masked:github_token]"
    assert body["maskedSecrets"] == 1
    assert body["warnings"] == ["unknown key ignored: 'sessionId'", "unknown key ignored: 'timestamp'"]


def test_becoming_private_moves_a_memory_out_of_the_shared_project(ada: Member, ben: Member) -> None:
    before = remember(ada, **NOTE)
    forget_requests(ada)
    body = change(ada, before["id"], visibility="private")
    assert body["visibility"] == "private"
    assert body["project"]["identity"] == before["project"]["identity"]
    assert body["project"]["id"] != before["project"]["id"]
    assert ben.api.get(f"/api/memories/{before['id']}").status_code == 404
    with ada.scope():
        asked = LinkQueue.objects.values_list("memory_id", "left_project_id")
        assert [(str(memory), str(project)) for memory, project in asked] == [
            (before["id"], before["project"]["id"])
        ]
    back = change(ada, before["id"], visibility="workspace")
    assert back["project"]["id"] == before["project"]["id"]
    assert ben.api.get(f"/api/memories/{before['id']}").status_code == 200
    with ada.scope():
        assert Project.objects.count() == 2


def test_others_may_read_but_neither_change_nor_delete(ada: Member, ben: Member) -> None:
    address = f"/api/memories/{remember(ada)['id']}"
    ben_api = client_of(ben, "ingest", "search", "graph")
    assert ben_api.get(address).status_code == 200
    for answer in (ben_api.patch(address, {"content": "mine"}), ben_api.delete(address)):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_author")
    assert ada.api.get(address).json()["content"] == NOTE["content"]


def test_an_admin_key_may_but_not_hide_it_from_its_author(ada: Member, ben: Member) -> None:
    address = f"/api/memories/{remember(ada)['id']}"
    admin = client_of(ben, "admin")
    refused = admin.patch(address, {"visibility": "private", "content": "gone"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_author")
    assert admin.patch(address, {"content": "tidied"}).json()["author"]["name"] == "ada"
    assert ada.api.get(address).json()["content"] == "tidied"
    assert admin.delete(address).status_code == 204


def test_nobody_reaches_another_workspace(ada: Member, cleo: Member) -> None:
    memory_id = remember(ada)["id"]
    address = f"/api/memories/{memory_id}"
    answers = [
        cleo.api.get(address),
        cleo.api.patch(address, {"content": "x"}),
        cleo.api.delete(address),
        cleo.api.get(address, {"workspace": "north"}),
        ada.api.get(address, {"workspace": "south"}),
        ada.api.patch(address, {"workspace": "south", "content": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert stored(ada, memory_id).content == NOTE["content"]


@pytest.mark.parametrize("memory_id", ["1", "🦉", "%00", "..%2F", "x" * 3000, str(uuid4()), "%ED%A0%80"])
def test_an_unknown_id_is_not_found(ada: Member, memory_id: str) -> None:
    address = f"/api/memories/{memory_id}"
    for answer in (ada.api.get(address), ada.api.patch(address, {"content": "x"}), ada.api.delete(address)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ([], 400, "invalid_type"),
        ({"content": ""}, 400, "empty"),
        ({"content": None}, 400, "required"),
        ({"content": "\x00"}, 400, "nul_character"),
        ({"content": "x" * (1024 * 1024 + 1)}, 413, "too_large"),
        ({"metadata": [1]}, 400, "invalid_type"),
        ({"filePaths": {"a": 1}}, 400, "invalid_type"),
        ({"filePaths": ["a/../../b"]}, 400, "path_outside_project"),
        ({"visibility": "secret"}, 400, "invalid_choice"),
        ({"role": 1}, 400, "invalid_type"),
    ],
)
def test_a_bad_change_changes_nothing(ada: Member, fields: Any, status: int, code: str) -> None:
    before = remember(ada)
    answer = ada.api.patch(f"/api/memories/{before['id']}", fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert stored(ada, before["id"]).updated_at.isoformat() == before["updatedAt"]


def test_scopes_of_one_memory(ada: Member) -> None:
    address = f"/api/memories/{remember(ada)['id']}"
    reader, writer = client_of(ada, "search"), client_of(ada, "ingest")
    assert reader.get(address).status_code == 200
    assert writer.get(address).json()["requiredScope"] == "search"
    assert reader.patch(address, {}).json()["requiredScope"] == "ingest"
    assert reader.delete(address).status_code == 403
    assert writer.patch(address, {}).status_code == 200
    assert writer.delete(address).status_code == 204


def test_a_deleted_memory_leaves_nothing_of_its_own(ada: Member) -> None:
    memory = stored(ada, remember(ada, **NOTE)["id"])
    give_vector(ada, memory)
    forget_requests(ada)
    address = f"/api/memories/{memory.pk}"
    assert ada.api.delete(address).status_code == 204
    assert ada.api.delete(address).status_code == 404
    assert ada.api.get(address).status_code == 404
    with ada.scope():
        assert Embedding.objects.count() == 0
        assert CodeReference.objects.count() == 0
        assert MemoryLink.objects.count() == 0
        left = LinkQueue.objects.values_list("memory_id", "left_project_id")
        assert list(left) == [(memory.pk, memory.project_id)]
    row = source_of(ada, memory)
    assert (row.payload, row.status) == ({}, Status.COMPLETED)


def test_vectors_live_as_long_as_any_memory_has_the_text(ada: Member, ben: Member) -> None:
    hidden = stored(ada, remember(ben, "shared words", visibility="private")["id"])
    mine = stored(ada, remember(ada, "shared words")["id"])
    give_vector(ada, hidden)
    ada.api.delete(f"/api/memories/{mine.pk}")
    with ada.scope():
        assert Embedding.objects.count() == 1
    ben.api.delete(f"/api/memories/{hidden.pk}")
    with ada.scope():
        assert Embedding.objects.count() == 0


def test_the_text_of_a_line_stays_while_another_memory_came_of_it(ada: Member) -> None:
    first = stored(ada, remember(ada)["id"])
    with ada.scope():
        second = Memory.objects.create(
            workspace=ada.workspace, author=ada.user, content="b", source_id=first.source_id, part_no=1
        )
    ada.api.delete(f"/api/memories/{first.pk}")
    assert source_of(ada, first).payload["content"] == NOTE["content"]
    ada.api.delete(f"/api/memories/{second.pk}")
    assert source_of(ada, first).payload == {}
