"""What every answer has: an id, and for a failure a code and a sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from processing.models import LinkQueue
from supastate.api.pagination import decode_cursor, encode_cursor
from supastate.errors import InvalidInputError
from supastate.queueing.models import Status
from tests.conftest import Member, make_member


def test_every_answer_carries_a_request_id_and_takes_a_plain_one(ada: Member) -> None:
    assert ada.api.get("/api/health/live", headers={"X-Request-Id": "mine-1"})["X-Request-Id"] == "mine-1"
    for odd in ("two words", "x" * 500, "<script>"):
        assert ada.api.get("/api/health/live", headers={"X-Request-Id": odd})["X-Request-Id"] != odd


def test_an_unknown_address_and_method_are_answered_in_the_same_form(ada: Member) -> None:
    unknown = ada.api.get("/api/nothing/here")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    wrong = ada.api.delete("/api/search/memories?q=x")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


def test_readiness_turns_red_when_a_due_row_waits_too_long(committed: None, settings: Any, client: Client) -> None:
    ada = make_member("north", "ada")
    late = timezone.now() - timedelta(seconds=settings.QUEUE_STALL_SECONDS + 5)
    with ada.scope():
        row = LinkQueue.objects.create(workspace=ada.workspace, memory_id=uuid4())
    assert client.get("/api/health/ready").json() == {"status": "ok", "checks": {"database": "ok", "queue": "ok"}}
    with ada.scope():
        LinkQueue.objects.filter(pk=row.pk).update(run_after=late, due_since=late)
    answer = client.get("/api/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["queue"].startswith("Not draining: link_memories (a row is due for 30")
    assert (answer.json()["code"], answer["Retry-After"]) == ("not_ready", "5")
    connections["dispatch"].close()


@pytest.mark.parametrize(
    ("seconds_since_lease", "ended_just_now", "problem"),
    [(305, False, "Not draining: link_memories (a row is due for 30"), (5, False, "ok"), (305, True, "ok")],
)
def test_a_vanished_workers_row_counts_and_a_stage_that_drains_is_ready(
    committed: None, client: Client, seconds_since_lease: int, ended_just_now: bool, problem: str
) -> None:
    ada = make_member("north", "ada")
    ended = timezone.now() - timedelta(seconds=seconds_since_lease)
    with ada.scope():
        rows = LinkQueue.objects.bulk_create(
            LinkQueue(workspace=ada.workspace, memory_id=uuid4(), **fields)
            for fields in (
                {"status": Status.PROCESSING, "lease_until": ended},
                {"status": Status.COMPLETED, "processed_at": timezone.now()},
            )
        )
        if not ended_just_now:
            rows[1].delete()
    assert client.get("/api/health/ready").json()["checks"]["queue"].startswith(problem)
    connections["dispatch"].close()


def test_cursors_round_trip_and_foreign_ones_are_refused() -> None:
    assert decode_cursor(encode_cursor(0.5, "a"), float, str) == [0.5, "a"]
    assert decode_cursor("", str) is None
    for broken in ("???", "e30", encode_cursor(1), encode_cursor("a", "b"), "W" * 100_000):
        with pytest.raises(InvalidInputError):
            decode_cursor(broken, float, str)
