"""A batch tells how far its work is, and its ledger adds up at every moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ingest.models import CodeQueue, MemoryQueue
from processing.embedding_models import provider_state
from supastate.errors import PermanentError, TransientError
from supastate.queueing.claims import claim_rows, complete_rows, fail_row
from supastate.queueing.models import QueueItem
from supastate.queueing.provider_state import ProviderState, register_provider_state
from tests.conftest import Member
from tests.ingest.sending import make_chunk, make_line, send_chunks, send_files, send_lines

STATUS = "/api/ingest/status"


def adds_up(answer: Any) -> bool:
    ended = answer["pending"] + answer["processing"] + answer["completed"] + answer["dead"]
    received = answer["new"] + answer["duplicate"] + answer["rejected"]
    return bool(answer["new"] == ended and answer["received"] == received)


def test_a_batch_follows_its_rows_to_their_end(ada: Member) -> None:
    send_chunks(ada, make_chunk("known"))
    answer = send_chunks(ada, make_chunk("known"), make_chunk("a"), make_chunk("b"), make_chunk(""))
    batch = ada.api.get(answer["statusUrl"]).json()
    assert batch["batchId"] == answer["batchId"]
    assert (batch["kind"], batch["received"], batch["new"]) == ("memory", 4, 2)
    assert (batch["duplicate"], batch["conflict"], batch["rejected"]) == (1, 0, 1)
    assert (batch["pending"], batch["done"]) == (2, False)
    assert batch["stages"]["store_memory"] == {"pending": 2, "processing": 0, "completed": 0, "dead": 0}
    assert batch["rejections"] == [answer["items"][3]]
    assert adds_up(batch)

    with ada.scope():
        MemoryQueue.objects.exclude(batch_id=answer["batchId"]).delete()
        claim = claim_rows(MemoryQueue, workspace_id=ada.workspace.id, size=10)
    batch = ada.api.get(answer["statusUrl"]).json()
    assert (batch["processing"], batch["done"]) == (2, False)
    assert adds_up(batch)

    with ada.scope():
        complete_rows(claim, claim.rows[:1])
        fail_row(claim, claim.rows[1], PermanentError("It cannot be."))
    batch = ada.api.get(answer["statusUrl"]).json()
    assert (batch["completed"], batch["dead"], batch["done"]) == (1, 1, True)
    assert adds_up(batch)


def test_each_kind_of_batch_adds_up(ada: Member) -> None:
    answers = [
        send_lines(ada, make_line("u1"), make_line("u1", "other"), {"type": "unheard-of"}, b"{"),
        send_files(ada, {"a.py": "1", "../b.py": "2"}, deleted=["c.py"]),
        send_chunks(ada),
    ]
    batches = [ada.api.get(answer["statusUrl"]).json() for answer in answers]
    assert [batch["kind"] for batch in batches] == ["transcript", "code", "memory"]
    assert [batch["received"] for batch in batches] == [4, 3, 0]
    assert all(adds_up(batch) for batch in batches)
    assert (batches[0]["completed"], batches[0]["pending"], batches[0]["conflict"]) == (1, 1, 1)
    assert batches[2]["done"] is True


def test_the_status_of_a_workspace_sums_its_batches(ada: Member, cleo: Member) -> None:
    send_chunks(cleo, make_chunk("elsewhere"))
    send_chunks(ada, make_chunk("a"), make_chunk("b"))
    send_chunks(ada, make_chunk("a"), make_chunk(""))
    send_files(ada, {"a.py": "1"})
    status = ada.api.get(STATUS).json()
    assert status["totals"] == {
        "received": 5,
        "new": 3,
        "duplicate": 1,
        "conflict": 0,
        "rejected": 1,
        "pending": 3,
        "processing": 0,
        "completed": 0,
        "dead": 0,
    }
    assert status["stages"]["store_memory"]["pending"] == 2
    assert status["stages"]["store_code"]["pending"] == 1


def test_the_oldest_due_row_tells_its_age(ada: Member) -> None:
    assert ada.api.get(STATUS).json()["stages"]["store_memory"]["oldestDueSeconds"] is None
    send_chunks(ada, make_chunk("a"))
    an_hour_ago = timezone.now() - timedelta(hours=1)
    with ada.scope():
        MemoryQueue.objects.update(run_after=an_hour_ago, due_since=an_hour_ago)
    age = ada.api.get(STATUS).json()["stages"]["store_memory"]["oldestDueSeconds"]
    assert 3_600 <= age < 3_660


def test_the_rows_of_a_batch_know_it(ada: Member) -> None:
    models: list[tuple[type[QueueItem], Any]] = [
        (MemoryQueue, send_chunks(ada, make_chunk("a"))),
        (CodeQueue, send_files(ada, {"a.py": "1"})),
    ]
    for model, answer in models:
        with ada.scope():
            assert str(model._default_manager.get().batch_id) == answer["batchId"]


def test_the_status_tells_pace_and_reasons_of_each_stage(ada: Member, cleo: Member) -> None:
    send_chunks(cleo, make_chunk("elsewhere"))
    send_chunks(ada, make_chunk("a"), make_chunk("b"), make_chunk("c"))
    with ada.scope():
        claim = claim_rows(MemoryQueue, workspace_id=ada.workspace.id, size=10)
        complete_rows(claim, claim.rows[:1])
        fail_row(claim, claim.rows[1], PermanentError("It cannot be.", code="poison"))
        fail_row(claim, claim.rows[2], TransientError("Not now.", code="timeout"))
    stage = ada.api.get(STATUS).json()["stages"]["store_memory"]
    assert (stage["completedLastMinute"], stage["latency"]["samples"]) == (1, 1)
    assert 0 <= stage["latency"]["p50Seconds"] == stage["latency"]["p95Seconds"] < 30
    assert (stage["retries"], stage["deadLetters"]) == ({"timeout": 1}, {"poison": 1})
    idle = ada.api.get(STATUS).json()["stages"]["embed"]
    assert (idle["completedLastMinute"], idle["latency"]["p50Seconds"], idle["retries"]) == (0, None, {})


def test_the_status_tells_a_held_provider(ada: Member) -> None:
    assert ada.api.get(STATUS).json()["provider"] == {"state": "ok", "budgets": {}}
    until = timezone.now()
    register_provider_state(lambda: ProviderState("held", until, "quota_exhausted", {"tokens": -0.2}))
    try:
        provider = ada.api.get(STATUS).json()["provider"]
    finally:
        register_provider_state(provider_state)
    assert (provider["state"], provider["code"]) == ("held", "quota_exhausted")
    assert provider["budgets"] == {"tokens": -0.2}
    assert datetime.fromisoformat(provider["until"]) == until
