"""Replaying and discarding dead rows: once in effect, and on record."""

from __future__ import annotations

from typing import Any

from processing.models import LinkQueue
from supastate.queueing.dead_letters import discard_rows, replay_rows
from supastate.queueing.models import QueueAction, Status
from supastate.queueing.stages import get_stage
from tests.conftest import Member


def test_replaying_twice_has_one_effect(ada: Member, make_rows: Any) -> None:
    [dead] = make_rows(1, status=Status.DEAD, attempts=5, error_code="poison")
    stage = get_stage("link_memories")
    assert stage is not None
    acting = {"workspace_id": ada.workspace.id, "actor_id": ada.user.id}
    with ada.scope():
        assert replay_rows(stage, [dead.id], **acting) == [dead.id]
        assert replay_rows(stage, [dead.id], **acting) == []
        row = LinkQueue.objects.get()
        assert (row.status, row.attempts) == (Status.PENDING, 0)
        assert list(QueueAction.objects.values_list("action", "row_id", "error_code", "actor_id")) == [
            ("replay", dead.id, "poison", ada.user.id)
        ]


def test_a_discarded_row_stays_dead_and_cannot_be_replayed(ada: Member, make_rows: Any) -> None:
    [dead] = make_rows(1, status=Status.DEAD)
    stage = get_stage("link_memories")
    assert stage is not None
    acting = {"workspace_id": ada.workspace.id, "actor_id": None}
    with ada.scope():
        assert discard_rows(stage, [dead.id], **acting) == [dead.id]
        assert replay_rows(stage, [dead.id], **acting) == []
        assert LinkQueue.objects.get().status == Status.DEAD


def test_another_workspace_cannot_replay_our_rows(ada: Member, cleo: Member, make_rows: Any) -> None:
    [dead] = make_rows(1, status=Status.DEAD)
    stage = get_stage("link_memories")
    assert stage is not None
    with cleo.scope():
        assert replay_rows(stage, [dead.id], workspace_id=cleo.workspace.id, actor_id=None) == []
    with ada.scope():
        assert LinkQueue.objects.get().status == Status.DEAD
