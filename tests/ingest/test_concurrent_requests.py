"""Requests that overlap in time: real threads, each with a connection of its own, and real commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from ingest.deadlocks import TRIES, run_through_deadlocks
from ingest.models import CheckoutPath, CodeQueue, FullSync, MemoryQueue, PathHead
from supastate.errors import TransientError
from supastate.workspaces.models import Project, Workspace
from tests.conftest import Member, make_member
from tests.ingest.sending import make_chunk, make_line, send_chunks, send_files, send_lines

ROUNDS = 4


@pytest.fixture
def dora(committed: None) -> Member:
    """Dora works in a workspace whose rows are really committed."""
    return make_member("east", "dora")


@pytest.fixture
def eve(dora: Member) -> Member:
    """Eve works with Dora."""
    return make_member("east", "eve")


def run_together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Make all calls at the same moment and return their results."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def count_deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_overlapping_chunks_in_other_order_never_deadlock(dora: Member, eve: Member) -> None:
    before = count_deadlocks()
    for number in range(ROUNDS):
        chunks = [make_chunk(f"{number} {n}", chunkId=f"{number} {n}") for n in range(400)]
        answers = run_together(
            [
                partial(send_chunks, dora, *chunks),
                partial(send_chunks, eve, *reversed(chunks)),
                partial(send_chunks, dora, *chunks[200:], *chunks[:200]),
            ]
        )
        assert sum(answer["new"] for answer in answers) == 400
        assert sum(answer["duplicate"] for answer in answers) == 800
        assert len({item["id"] for answer in answers for item in answer["items"]}) == 400
    assert count_deadlocks() == before
    with dora.scope():
        assert MemoryQueue.objects.count() == 400 * ROUNDS


def test_the_same_transcript_twice_at_once_is_stored_once(dora: Member) -> None:
    lines = [make_line(f"u{n}" if n % 2 else "", f"line {n % 7}") for n in range(200)]
    answers = run_together([partial(send_lines, dora, *lines)] * 3)
    assert sum(answer["new"] for answer in answers) == 200
    assert answers[0]["items"][0]["id"] == answers[1]["items"][0]["id"]


def test_two_checkouts_in_other_order_never_deadlock_and_every_revision_is_queued(
    dora: Member, eve: Member
) -> None:
    before = count_deadlocks()
    for number in range(ROUNDS):
        files = {f"{n:03}.py": f"{n} {number}" for n in range(150)}
        other = dict(reversed(files.items()))
        answers = run_together(
            [
                partial(send_files, dora, files),
                partial(send_files, eve, other),
                partial(send_files, eve, {"extra.py": "1"}, checkoutId="third", deleted=["000.py"]),
            ]
        )
        assert [answer["new"] for answer in answers[:2]] == [150, 150]
    assert count_deadlocks() == before
    with dora.scope():
        assert Project.objects.count() == 1
        for head in PathHead.objects.exclude(path="extra.py"):
            revisions = CodeQueue.objects.filter(path=head.path).order_by("revision")
            assert [row.revision for row in revisions] == list(range(1, 2 * ROUNDS + 1))
            assert head.revision == 2 * ROUNDS
            assert revisions.last().content_hash == head.content_hash  # type: ignore[union-attr]


def test_all_parts_of_a_full_sync_at_once_and_twice(dora: Member) -> None:
    send_files(dora, {f"old{n}.py": "x" for n in range(20)})
    parts = [{f"{part}-{n}.py": "x" for n in range(10)} for part in range(4)]
    calls = [
        partial(send_files, dora, files, fullSync={"id": "s", "part": number, "parts": 4})
        for number, files in enumerate(parts)
    ]
    answers = run_together([*calls, *reversed(calls)])
    assert sum(answer["fullSync"]["removed"] for answer in answers) == 20
    assert sum(answer["new"] for answer in answers) == 40
    with dora.scope():
        held = set(CheckoutPath.objects.values_list("path", flat=True))
        assert held == {path for part in parts for path in part}
        assert FullSync.objects.get().received == [0, 1, 2, 3]


def lock_in_order(first: str, second: str, meet: Barrier) -> list[int]:
    """Update two workspaces in an order; the first try waits until the other thread holds its own lock."""
    tries: list[int] = []

    def change() -> list[int]:
        tries.append(1)
        with transaction.atomic():
            Workspace.objects.filter(slug=first).update(name=first)
            if len(tries) == 1:
                meet.wait(timeout=10)
            Workspace.objects.filter(slug=second).update(name=second)
        return tries

    return run_through_deadlocks(change)


def test_a_deadlocks_victim_is_tried_again(dora: Member) -> None:
    make_member("west", "fay")
    meet = Barrier(2)
    tries = run_together(
        [partial(lock_in_order, "east", "west", meet), partial(lock_in_order, "west", "east", meet)]
    )
    assert sorted(len(made) for made in tries) == [1, 2]


def test_other_errors_of_the_database_are_not_tried_again(db: None) -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '57014'; END $$")

    with pytest.raises(OperationalError):
        run_through_deadlocks(fail)
    assert len(tries) == 1


def test_a_victim_is_not_tried_for_ever(db: None) -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$")

    with pytest.raises(TransientError) as caught:
        run_through_deadlocks(fail)
    assert (len(tries), caught.value.error_code) == (TRIES, "busy")
