"""How sure a memory is: the formula by hand, and what a person says instead of it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from processing.dynamics.confidence import Known, judge_confidence
from processing.models import Pattern
from tests.conftest import Member
from tests.processing.memories.cast import remember
from tests.processing.patterns.conversations import detect
from tests.processing.patterns.test_semantic import say_three

FACT = Known(
    type="factual", importance=0.5, said=None, idle_days=0, uses=0, cycles=0, sessions=0,
    is_topic_confirmed=False, is_disputed=False, contradicted_by=(), contradicts=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "value", "label"),
    [
        ({}, 0.85, "high"),
        ({"type": "opinion"}, 0.6, "medium"),
        ({"type": ""}, 0.7, "medium"),
        ({"sessions": 1}, 1 - 0.15 * 0.8, "high"),
        ({"sessions": 50}, 1 - 0.15 * 0.8**5, "high"),
        ({"is_topic_confirmed": True, "contradicts": (uuid4(),)}, 1 - 0.15 * 0.8**4, "high"),
        ({"is_disputed": True}, 0.85 * 0.8, "medium"),
        ({"contradicted_by": (uuid4(),), "is_disputed": True}, 0.85 * 0.2, "low"),
        ({"idle_days": 10_000}, 0.85 * 0.7, "medium"),
        ({"idle_days": 30}, 0.85 * (0.7 + 0.3 * math.exp(-0.9)), "medium"),
        ({"said": 0.1, "sessions": 9}, 0.1, "low"),
    ],
)
def test_the_formula(change: dict[str, Any], value: float, label: str) -> None:
    found = judge_confidence(replace(FACT, **change))
    assert found.value == pytest.approx(value, abs=2e-3)
    assert found.label == label


def test_uses_and_cycles_slow_its_aging() -> None:
    aged = replace(FACT, idle_days=60)
    assert judge_confidence(replace(aged, uses=10, cycles=20)).value > judge_confidence(aged).value


def test_a_memory_tells_its_confidence_and_why(ada: Member) -> None:
    memory_id = remember(ada, "Our API keys expire after 90 days.", type="factual")["id"]
    told = ada.api.get(f"/api/memories/{memory_id}").json()["confidence"]
    assert (told["value"], told["label"], told["set"]) == (0.85, "high", False)
    assert told["reasons"] == [
        {"reason": "reliability_of_type", "value": 0.85},
        {"reason": "age", "value": 1.0},
    ]


def test_what_a_client_says_counts_until_it_is_taken_back(ada: Member) -> None:
    told = remember(ada, "Our API keys expire after 90 days.", type="factual", confidence=0.3)
    assert (told["confidence"]["value"], told["confidence"]["label"], told["confidence"]["set"]) == (
        0.3,
        "low",
        True,
    )
    path = f"/api/memories/{told['id']}"
    assert ada.api.patch(path, {"confidence": 1}, format="json").json()["confidence"]["value"] == 1
    assert ada.api.patch(path, {"importance": 0.9}, format="json").json()["confidence"]["value"] == 1
    assert ada.api.patch(path, {"confidence": None}, format="json").json()["confidence"]["set"] is False
    refused = ada.api.patch(path, {"confidence": 1.5}, format="json")
    assert (refused.status_code, refused.json()["field"]) == (400, "confidence")


def test_the_same_text_in_other_sessions_is_a_witness_each(ada: Member, ben: Member) -> None:
    now = datetime.now(UTC)
    texts = [("s1", ada), ("s1", ada), ("s2", ada), ("s3", ben)]
    for number, (session, member) in enumerate(texts):
        stamp = (now - timedelta(minutes=number)).isoformat()
        last = remember(member, "Keys expire after 90 days.", type="factual", sessionId=session, timestamp=stamp)
    secret = remember(ben, "Keys expire after 90 days.", type="factual", visibility="private")
    reasons = {row["reason"]: row["value"] for row in last["confidence"]["reasons"]}
    assert reasons["said_in_other_sessions"] == 2
    for member, witnesses in ((ben, 3), (ada, 2)):
        told = member.api.get(f"/api/memories/{last['id']}").json()["confidence"]["reasons"]
        assert {row["reason"]: row["value"] for row in told}["said_in_other_sessions"] == witnesses
    assert secret["visibility"] == "private"


def test_a_topic_that_comes_up_again_is_a_witness_and_a_confirmed_one_two_more(ada: Member) -> None:
    said = say_three(ada)
    detect(ada)
    path = f"/api/memories/{said[0].pk}"

    def reasons() -> dict[str, float]:
        told = ada.api.get(path).json()["confidence"]["reasons"]
        return {row["reason"]: row["value"] for row in told}

    assert reasons()["said_in_other_sessions"] == 2
    assert "topic_confirmed" not in reasons()
    with ada.scope():
        Pattern.objects.filter(type="semantic").update(state="confirmed")
    assert reasons()["topic_confirmed"] == 2
