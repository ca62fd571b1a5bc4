"""A memory's type and importance: by rules, or as a client or person says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.memory_types import MemoryType
from processing.memories.classifying import IMPORTANCE, find_type
from processing.memories.reclassifying import classify_outdated
from processing.memories.type_rules import RULES_VERSION
from processing.models import EmbedQueue, LinkQueue, Memory
from tests import pipeline
from tests.conftest import Member
from tests.processing.memories.cast import remember, stored

CAUSE = "The outage was due to an expired certificate."


@pytest.mark.parametrize(
    ("role", "content", "expected"),
    [
        ("user", CAUSE, MemoryType.CAUSAL),
        ("user", "I prefer small functions.", MemoryType.OPINION),
        ("assistant", "To release, run make tag.", MemoryType.PROCEDURAL),
        ("user", "Ask Tom about the certificate.", MemoryType.RELATIONAL),
        ("user", "The default page size is 50.", MemoryType.FACTUAL),
        ("user", "I hate this flaky test.", MemoryType.EMOTIONAL),
        ("assistant", "I renamed the class.", MemoryType.EPISODIC),
        ("tool", "because of what a tool printed", MemoryType.EPISODIC),
        ("user", "Rename the class, please.", ""),
        ("user", "Was it due to the certificate?", ""),
        ("user", "```\nbecause = due_to\n```", ""),
        ("user", f"{'Go on. ' * 8}{CAUSE}", ""),
    ],
)
def test_a_rule_tells_the_type(role: str, content: str, expected: str) -> None:
    assert find_type(content, role=role) == expected


@given(st.text())
def test_every_text_has_one_type_or_none(content: str) -> None:
    assert find_type(content, role="user") in {"", *MemoryType.values}


def test_remembering_judges_what_is_not_said(ada: Member) -> None:
    judged = remember(ada, CAUSE)
    assert (judged["type"], judged["importance"], judged["setByHand"]) == ("causal", 0.7, [])
    said = remember(ada, CAUSE, type="factual", importance=0.95)
    assert (said["type"], said["importance"], said["setByHand"]) == ("factual", 0.95, ["importance", "type"])
    half_said = remember(ada, CAUSE, type="emotional")
    assert (half_said["type"], half_said["importance"]) == ("emotional", IMPORTANCE["emotional"])
    untyped = remember(ada, "ok")
    assert (untyped["type"], untyped["importance"]) == (None, 0.5)


def test_ingested_chunks_are_judged_or_say_it_themselves(ada: Member) -> None:
    pipeline.queue_chunk(ada, CAUSE)
    pipeline.queue_chunk(ada, "The port is 80.", memoryType="opinion", importance=0.1)
    pipeline.store(ada)
    with ada.scope():
        found = dict(Memory.objects.values_list("content", "type"))
        assert found == {CAUSE: "causal", "The port is 80.": "opinion"}
        assert Memory.objects.get(type="opinion").importance == 0.1


@pytest.mark.parametrize(
    ("metadata", "code", "field"),
    [
        ({"memoryType": "gossip"}, "invalid_choice", "memoryType"),
        ({"importance": "high"}, "invalid_type", "importance"),
        ({"importance": True}, "invalid_type", "importance"),
        ({"importance": 1.5}, "out_of_range", "importance"),
    ],
)
def test_what_is_said_wrongly_is_refused_by_its_place(
    ada: Member, metadata: dict[str, Any], code: str, field: str
) -> None:
    stamp = {"timestamp": "2026-11-20T10:00:00Z", "messageType": "user"}
    body = {"sessionId": "s", "chunks": [{"content": "x", "metadata": {**stamp, **metadata}}]}
    answer = ada.api.post("/api/ingest/memory", body)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, f"chunks[0].metadata.{field}")


def test_a_changed_text_is_judged_again_but_for_what_was_set(ada: Member) -> None:
    memory_id = remember(ada, CAUSE)["id"]
    url = f"/api/memories/{memory_id}"
    assert ada.api.patch(url, {"content": "The port is 80."}).json()["type"] == "factual"
    pinned = ada.api.patch(url, {"type": "opinion"}).json()
    assert (pinned["type"], pinned["importance"], pinned["setByHand"]) == ("opinion", 0.3, ["type"])
    assert ada.api.patch(url, {"content": CAUSE}).json()["type"] == "opinion"
    freed = ada.api.patch(url, {"type": None}).json()
    assert (freed["type"], freed["importance"], freed["setByHand"]) == ("causal", 0.7, [])


def test_a_type_alone_asks_for_neither_vectors_nor_links(ada: Member) -> None:
    memory_id = remember(ada, CAUSE)["id"]
    with ada.scope():
        EmbedQueue.objects.all().delete()
        LinkQueue.objects.all().delete()
    ada.api.patch(f"/api/memories/{memory_id}", {"type": "opinion", "importance": 1})
    with ada.scope():
        assert (EmbedQueue.objects.count(), LinkQueue.objects.count()) == (0, 0)


def test_the_list_is_narrowed_by_type(ada: Member) -> None:
    remember(ada, CAUSE)
    remember(ada, "The port is 80.")
    found = ada.api.get("/api/memories?type=causal").json()["results"]
    assert [memory["content"] for memory in found] == [CAUSE]
    assert ada.api.get("/api/memories?type=gossip").status_code == 400


def test_the_sweep_judges_what_older_rules_judged_and_leaves_what_was_set(ada: Member) -> None:
    judged, said = remember(ada, CAUSE)["id"], remember(ada, CAUSE, importance=0.9)["id"]
    with ada.scope():
        Memory.objects.update(type="factual", rules_version=0)
    assert classify_outdated(ada.workspace.id) == 2
    assert classify_outdated(ada.workspace.id) == 0
    assert (stored(ada, judged).type, stored(ada, judged).importance) == ("causal", 0.7)
    assert (stored(ada, said).type, stored(ada, said).importance) == ("causal", 0.9)
    assert stored(ada, said).rules_version == RULES_VERSION
