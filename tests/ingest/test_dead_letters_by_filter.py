"""Dead letters by filter: what matches is replayed or discarded once, by parts, on record; no other row is."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from ingest.models import MemoryQueue
from supastate.errors import PermanentError, TransientError
from supastate.queueing.claims import claim_rows, fail_row
from supastate.queueing.models import QueueAction
from tests.conftest import Member
from tests.ingest.sending import ids_of, make_chunk, post_json, send_chunks, send_files
from tests.ingest.test_dead_letters import LETTERS, bury

REPLAY, DISCARD = f"{LETTERS}/replay", f"{LETTERS}/discard"


def act(member: Member, address: str, **wanted: Any) -> dict[str, Any]:
    response = post_json(member, address, wanted)
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def make_dead(member: Member) -> tuple[list[str], list[str]]:
    """Let two memories and a file die; return their ids."""
    memories = ids_of(send_chunks(member, make_chunk("a"), make_chunk("b")))
    files = ids_of(send_files(member, {"a.py": "1"}))
    bury(member)
    bury(member, "store_code")
    return memories, files


def list_open(member: Member) -> set[str]:
    return {letter["id"] for letter in member.api.get(LETTERS).json()["results"]}


def test_everything_is_replayed_once_and_recorded(ada: Member) -> None:
    make_dead(ada)
    assert act(ada, REPLAY) == {"matched": 3, "replayed": 3, "remaining": 0}
    assert act(ada, REPLAY) == {"matched": 0, "replayed": 0, "remaining": 0}
    with ada.scope():
        assert set(MemoryQueue.objects.values_list("status", "attempts")) == {("pending", 0)}
        acts = QueueAction.objects.values_list("action", "stage", "error_code", "actor_id")
        memory = ("replay", "store_memory", "poison", ada.user.id)
        assert sorted(acts) == [("replay", "store_code", "poison", ada.user.id), memory, memory]


def test_each_part_of_the_filter_narrows_it(ada: Member) -> None:
    memories, files = make_dead(ada)
    before = timezone.now().isoformat()
    assert act(ada, DISCARD, stage="store_code") == {"matched": 1, "discarded": 1, "remaining": 0}
    assert list_open(ada) == set(memories)
    with ada.scope():
        MemoryQueue.objects.filter(pk=memories[0]).update(error_code="timeout")
    assert act(ada, DISCARD, code="timeout")["discarded"] == 1
    later = ids_of(send_chunks(ada, make_chunk("c")))
    bury(ada)
    assert act(ada, DISCARD, before=before)["discarded"] == 1
    assert list_open(ada) == set(later)
    assert act(ada, DISCARD, ids=[*memories, *files, *later]) == {"matched": 1, "discarded": 1, "remaining": 0}
    assert act(ada, REPLAY)["matched"] == 0


def test_no_ids_are_none_of_them(ada: Member) -> None:
    make_dead(ada)
    assert act(ada, REPLAY, ids=[]) == {"matched": 0, "replayed": 0, "remaining": 0}


def test_a_limit_leaves_the_rest_for_the_next_call(ada: Member) -> None:
    make_dead(ada)
    assert act(ada, REPLAY, limit=2) == {"matched": 3, "replayed": 2, "remaining": 1}
    assert act(ada, REPLAY, limit=2) == {"matched": 1, "replayed": 1, "remaining": 0}


def test_another_workspaces_rows_never_match(ada: Member, cleo: Member) -> None:
    memories, files = make_dead(ada)
    assert act(cleo, DISCARD, ids=[*memories, *files])["matched"] == 0
    assert act(cleo, DISCARD)["matched"] == 0
    assert list_open(ada) == {*memories, *files}


@pytest.mark.parametrize(
    "wanted",
    [
        {"stage": "nothing"},
        {"limit": 0},
        {"limit": 1_001},
        {"ids": ["x"]},
        {"ids": "x"},
        {"before": "yesterday"},
        {"before": "2026-11-21T08:00:00"},
        {"codes": "timeout"},
    ],
)
def test_a_strange_filter_is_refused_and_does_nothing(ada: Member, wanted: dict[str, Any]) -> None:
    memories, files = make_dead(ada)
    assert post_json(ada, DISCARD, wanted).status_code == 400
    assert list_open(ada) == {*memories, *files}


def test_a_dead_letter_shows_how_each_attempt_failed(ada: Member) -> None:
    (row_id,) = ids_of(send_chunks(ada, make_chunk()))
    failures = (
        TransientError("Slow.", code="timeout"),
        TransientError("Held.", code="rate_limited", counts_as_attempt=False),
        PermanentError("Never.", code="poison"),
    )
    for error in failures:
        with ada.scope():
            MemoryQueue.objects.update(run_after=timezone.now())
            claim = claim_rows(MemoryQueue, workspace_id=ada.workspace.id, size=1)
            fail_row(claim, claim.rows[0], error)
    history = ada.api.get(f"{LETTERS}/{row_id}").json()["history"]
    told = [(one["attempt"], one["code"], one["detail"]) for one in history]
    assert told == [(1, "timeout", "Slow."), (2, "poison", "Never.")]
    assert history[0]["at"] < history[1]["at"]
