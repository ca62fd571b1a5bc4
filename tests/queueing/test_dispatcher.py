"""The dispatcher: sees due rows of every workspace by its own role, takes turns, and holds back in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.utils import timezone

from processing.management.commands.dispatch import connect_as_dispatcher
from processing.models import EmbedQueue, LinkQueue
from supastate.errors import TransientError
from supastate.queueing.dispatcher import Dispatcher, take_turns
from supastate.queueing.models import Priority
from supastate.queueing.notices import announce_work
from supastate.queueing.stages import EXPRESS_QUEUE, Stage, get_stage
from tests import pipeline
from tests.conftest import Member, make_member


@pytest.fixture
def members(committed: None) -> tuple[Member, Member]:
    return make_member("north", "ada"), make_member("south", "cleo")


@pytest.fixture
def connection(members: Any) -> Iterator[psycopg.Connection]:
    with connect_as_dispatcher() as opened:
        yield opened


def link_stage() -> Stage:
    stage = get_stage("link_memories")
    assert stage is not None
    return stage


def add_rows(member: Member, count: int, **fields: object) -> None:
    with member.scope():
        LinkQueue.objects.bulk_create(
            LinkQueue(workspace=member.workspace, memory_id=uuid4(), **fields) for _ in range(count)
        )
        announce_work()


def make_dispatcher(sent: list[UUID], waiting: int = 0) -> Dispatcher:
    return Dispatcher(
        stages=[link_stage()],
        connect=connect_as_dispatcher,
        send=lambda _stage, workspace: sent.append(workspace),
        count_waiting=lambda _queue: waiting,
        poll_seconds=0.2,
        most_waiting=4,
    )


def test_workspaces_take_turns(members: Any, connection: Any) -> None:
    north, south = members
    add_rows(north, link_stage().claim_size * 5)
    add_rows(south, 1)
    sent: list[UUID] = []
    make_dispatcher(sent).dispatch_due(connection)
    assert sorted(sent[:2]) == sorted([north.workspace.id, south.workspace.id])
    assert sent[2:] == [north.workspace.id] * 2


def test_it_holds_back_while_the_broker_has_enough(members: Any, connection: Any) -> None:
    add_rows(members[0], 3)
    sent: list[UUID] = []
    make_dispatcher(sent, waiting=4).dispatch_due(connection)
    assert sent == []


def test_rows_not_due_are_not_hinted_at_and_expired_leases_are(members: Any, connection: Any) -> None:
    north, south = members
    add_rows(north, 2, run_after=timezone.now() + timedelta(hours=1))
    add_rows(south, 2, status="processing", lease_until=timezone.now() - timedelta(seconds=1))
    sent: list[UUID] = []
    make_dispatcher(sent).dispatch_due(connection)
    assert sent == [south.workspace.id] * 2


def test_its_role_reads_scheduling_columns_and_nothing_else(members: Any, connection: Any) -> None:
    add_rows(members[0], 1)
    assert connection.execute("SELECT count(*) FROM link_queue").fetchone() == (1,)
    for forbidden in (
        "SELECT memory_id FROM link_queue",
        "SELECT payload FROM memory_queue",
        "DELETE FROM link_queue",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forbidden)


def test_it_wakes_on_a_commit_and_outlives_a_broken_broker(members: Any) -> None:
    north, _ = members
    sent: list[UUID] = []
    woke = threading.Event()
    dispatcher = make_dispatcher(sent)
    failures = iter([True])

    def send(_stage: Stage, workspace: UUID) -> None:
        if next(failures, False):
            raise TransientError("The broker is away.")
        sent.append(workspace)
        dispatcher.stopped = True
        woke.set()

    dispatcher.send = send
    thread = threading.Thread(target=dispatcher.run)
    thread.start()
    add_rows(north, 1)
    assert woke.wait(10)
    thread.join(10)
    assert sent == [north.workspace.id]


def test_turns_go_round() -> None:
    first, second, third = sorted(("embed", uuid4()) for _ in range(3))
    wanted = [(first, 3), (second, 1), (third, 1)]
    assert list(take_turns(wanted)) == [first, second, third, first, first]
    assert list(take_turns(wanted, after=first)) == [second, third, first, first, first]
    assert list(take_turns(wanted, after=third)) == list(take_turns(wanted))
    assert list(take_turns([])) == []


def test_interactive_rows_get_a_hint_of_their_own_however_much_is_backfilled(
    members: Any, connection: Any
) -> None:
    north, south = members
    stage = get_stage("embed")
    assert stage is not None
    assert stage.express is not None
    for member, count, priority in ((north, 300, Priority.BACKFILL), (south, 1, Priority.INTERACTIVE)):
        with member.scope():
            EmbedQueue.objects.bulk_create(
                EmbedQueue(
                    workspace=member.workspace, subject_kind="memory", subject_id=uuid4(), priority=priority
                )
                for _ in range(count)
            )
    sent: list[tuple[str, UUID]] = []
    dispatcher = make_dispatcher([])
    dispatcher.stages = [stage]
    dispatcher.count_waiting = lambda queue: 0 if queue == EXPRESS_QUEUE else 4
    dispatcher.send = lambda stage, workspace: sent.append((stage.task, workspace))
    dispatcher.dispatch_due(connection)
    assert sent == [("processing.embed_urgent_texts", south.workspace.id)]


def test_where_there_is_room_for_one_hint_the_turn_still_goes_round(members: Any, connection: Any) -> None:
    north, south = members
    add_rows(north, link_stage().claim_size * 5)
    add_rows(south, 1)
    sent: list[UUID] = []
    dispatcher = make_dispatcher(sent, waiting=3)
    assert [dispatcher.dispatch_due(connection) for _ in range(4)] == [1] * 4
    assert sent.count(south.workspace.id) == sent.count(north.workspace.id) == 2


def test_stages_that_share_a_queue_share_its_room(members: Any, connection: Any) -> None:
    north, _ = members
    add_rows(north, link_stage().claim_size * 5)
    pipeline.queue_chunk(north, "What was accepted meanwhile.")
    store = get_stage("store_memory")
    assert store is not None
    sent: list[str] = []
    dispatcher = make_dispatcher([])
    dispatcher.stages = [link_stage(), replace(store, queue=link_stage().queue, express=None)]
    dispatcher.send = lambda stage, _workspace: sent.append(stage.name)
    dispatcher.dispatch_due(connection)
    assert sorted(sent) == ["link_memories"] * 3 + ["store_memory"]
