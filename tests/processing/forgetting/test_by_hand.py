"""Forgetting and restoring a memory by hand: hidden everywhere, and then exactly as it was."""

from __future__ import annotations

from typing import Any

import pytest

from processing.dynamics import accesses
from processing.dynamics.accesses import write_accesses
from processing.memories.forgotten import forgotten_shown
from processing.models import Embedding, Memory, MemoryAccess, MemoryLink
from tests import pipeline
from tests.conftest import Member
from tests.ingest import sending
from tests.processing.auditing.test_audit import failures
from tests.processing.forgetting.cast import acts_of, forgotten
from tests.processing.memories.cast import client_of, remember
from tests.search.asking import find, titles

LEASE = "The lease of the claim is kept by a thread of its own."
OTHER = "A cat sleeps on the keyboard."


def forget(member: Member, memory_id: str) -> dict[str, Any]:
    answer = member.api.post(f"/api/memories/{memory_id}/forget")
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def restore(member: Member, memory_id: str) -> dict[str, Any]:
    answer = member.api.post(f"/api/memories/{memory_id}/restore")
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_forgotten_memory_is_hidden_until_it_is_restored(ada: Member) -> None:
    memory_id = remember(ada, LEASE)["id"]
    remember(ada, OTHER)
    before = ada.api.get(f"/api/memories/{memory_id}").json()
    assert forget(ada, memory_id)["forgottenAt"] is not None
    assert titles(find(ada, q="lease")) == []
    assert [row["content"] for row in ada.api.get("/api/memories").json()["results"]] == [OTHER]
    assert LEASE not in str(ada.api.post("/api/context", {"query": "lease"}).json())
    assert ada.api.get(f"/api/memories/{memory_id}").json()["content"] == LEASE
    assert restore(ada, memory_id)["forgottenAt"] is None
    assert titles(find(ada, q="lease")) == [LEASE]
    after = ada.api.get(f"/api/memories/{memory_id}").json()
    assert {**after, "confidence": None} == {**before, "confidence": None}


def test_both_may_be_said_twice(ada: Member) -> None:
    memory_id = remember(ada, LEASE)["id"]
    assert forget(ada, memory_id)["forgottenAt"] == forget(ada, memory_id)["forgottenAt"]
    restore(ada, memory_id)
    restore(ada, memory_id)
    assert acts_of(ada) == [("forgotten", 1, True), ("restored", 1, True)]


def test_restoring_is_a_use(ada: Member) -> None:
    memory_id = remember(ada, LEASE)["id"]
    forget(ada, memory_id)
    restore(ada, memory_id)
    with ada.scope():
        assert MemoryAccess.objects.get().way == "restore"


def test_looking_at_a_forgotten_memory_is_no_use(ada: Member) -> None:
    accesses._pending.clear()
    memory_id = remember(ada, LEASE)["id"]
    forget(ada, memory_id)
    assert ada.api.get(f"/api/memories/{memory_id}").status_code == 200
    write_accesses()
    with ada.scope():
        assert not MemoryAccess.objects.exists()


def test_the_same_memory_sent_again_stays_forgotten_and_single(ada: Member) -> None:
    memory_id = remember(ada, LEASE, clientId="note-1")["id"]
    forget(ada, memory_id)
    again = ada.api.post("/api/memories", {"content": LEASE, "clientId": "note-1"})
    assert (again.status_code, again.json()["id"]) == (200, memory_id)
    assert again.json()["forgottenAt"] is not None
    assert forgotten(ada) == {LEASE}
    with ada.scope(), forgotten_shown():
        assert Memory.objects.count() == 1


def test_an_ingested_line_sent_again_neither_doubles_nor_resurrects(ada: Member) -> None:
    sending.send_chunks(ada, sending.make_chunk(LEASE))
    pipeline.store(ada)
    with ada.scope():
        memory_id = str(Memory.objects.get().pk)
    forget(ada, memory_id)
    sending.send_chunks(ada, sending.make_chunk(LEASE))
    pipeline.store(ada)
    assert titles(find(ada, q="lease")) == []
    assert forgotten(ada) == {LEASE}


def test_a_forgotten_memory_can_be_changed_and_deleted(ada: Member) -> None:
    memory_id = remember(ada, LEASE)["id"]
    forget(ada, memory_id)
    assert ada.api.patch(f"/api/memories/{memory_id}", {"content": OTHER}).json()["content"] == OTHER
    assert titles(find(ada, q="cat")) == []
    assert ada.api.delete(f"/api/memories/{memory_id}").status_code == 204
    assert ada.api.get(f"/api/memories/{memory_id}").status_code == 404
    assert forgotten(ada) == set()


def test_only_its_author_or_an_admin_forgets_a_memory(ada: Member, ben: Member, cleo: Member) -> None:
    memory_id = remember(ada, LEASE)["id"]
    for act in ("forget", "restore"):
        path = f"/api/memories/{memory_id}/{act}"
        assert client_of(ben, "ingest").post(path).json()["code"] == "not_author"
        assert cleo.api.post(path).status_code == 404
        assert client_of(ada, "search").post(path).status_code == 403
    private = remember(ada, OTHER, visibility="private")["id"]
    assert ben.api.post(f"/api/memories/{private}/forget").status_code == 404
    forget(ada, private)
    assert ben.api.get(f"/api/memories/{private}").status_code == 404
    assert ben.api.get("/api/forgetting").json()["forgotten"] == 0


def test_vectors_of_a_text_stay_while_a_forgotten_memory_has_it(ada: Member) -> None:
    kept, deleted = (remember(ada, LEASE)["id"] for _ in range(2))
    with ada.scope():
        source_hash = Memory.objects.get(pk=kept).content_hash
        Embedding.objects.create(
            workspace=ada.workspace, subject_kind="memory", model="m", source_hash=source_hash,
            chunk_no=0, start=0, end=9, vector=[0.5] * 3,
        )  # fmt: skip
    forget(ada, kept)
    ada.api.delete(f"/api/memories/{deleted}")
    with ada.scope():
        assert Embedding.objects.count() == 1


@pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")
def test_graph_and_audit_follow_a_memory_out_and_back(ada: Member) -> None:
    pipeline.queue_code(ada, {"app/queue.py": "def claim_rows():\n    return 1\n"})
    pipeline.queue_chunk(ada, "claim_rows in app/queue.py holds the lease.", session="s1")
    pipeline.drain(ada)
    with ada.scope():
        memory_id = str(Memory.objects.get().pk)
        links = set(MemoryLink.objects.values_list("code_object_id", "how"))
    assert links
    forget(ada, memory_id)
    pipeline.drain(ada)
    assert failures(ada) == set()
    restore(ada, memory_id)
    pipeline.drain(ada)
    assert failures(ada) == set()
    with ada.scope():
        assert set(MemoryLink.objects.values_list("code_object_id", "how")) == links
    assert len(titles(find(ada, q="who keeps a lease", kinds="memory"))) == 1


@pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")
def test_what_was_forgotten_before_it_had_vectors_gets_them_when_it_is_restored(ada: Member) -> None:
    memory_id = remember(ada, LEASE)["id"]
    forget(ada, memory_id)
    pipeline.drain(ada)
    assert ada.api.get(f"/api/memories/{memory_id}").json()["processingStatus"] == "pending"
    restore(ada, memory_id)
    pipeline.drain(ada)
    assert ada.api.get(f"/api/memories/{memory_id}").json()["processingStatus"] == "embedded"
