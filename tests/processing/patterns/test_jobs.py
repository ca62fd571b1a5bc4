"""Detection jobs: one waits after ingest, none blocks another's retry, and two workers never count twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, connections

from processing.models import Pattern, PatternOccurrence, PatternQueue
from processing.patterns import detecting
from processing.patterns.checkpoints import begin_span
from processing.patterns.detecting import detect_due
from processing.patterns.requesting import request_detection, schedule_all
from supastate.errors import TransientError
from supastate.queueing.claims import Claim, LeaseLostError, claim_rows, fail_row
from supastate.queueing.models import Status
from tests.conftest import Member, make_member
from tests.processing.patterns.conversations import Conversation, detect, patterns_of


def ask_after_ingest(member: Member) -> UUID | None:
    with member.scope():
        return request_detection(workspace_id=member.workspace.id, after_ingest=True)


def claim_job(member: Member) -> Claim[PatternQueue]:
    with member.scope():
        PatternQueue.objects.update(run_after="2026-01-01T00:00:00Z")
        return claim_rows(PatternQueue, workspace_id=member.workspace.id, size=1)


def jobs_of(member: Member) -> list[PatternQueue]:
    with member.scope():
        return list(PatternQueue.objects.order_by("id"))


def test_after_ingest_one_job_waits_however_often_it_is_asked_for(ada: Member, cleo: Member) -> None:
    assert ask_after_ingest(ada) is not None
    assert ask_after_ingest(ada) is None
    assert ask_after_ingest(cleo) is not None
    [job] = jobs_of(ada)
    assert job.asked_by_ingest
    delay = job.run_after - job.created_at
    wanted = timedelta(seconds=settings.PATTERN_DEBOUNCE_SECONDS)
    assert wanted - timedelta(seconds=0.5) < delay < wanted + timedelta(seconds=0.5)


def test_the_next_job_waits_while_one_is_in_work_and_its_retry_meets_nobody(ada: Member) -> None:
    first = ask_after_ingest(ada)
    claim = claim_job(ada)
    detecting._leave_debounce(claim, claim.rows[0])
    second = ask_after_ingest(ada)
    assert second is not None
    with ada.scope():
        fail_row(claim, claim.rows[0], TransientError("The database went away."))
    statuses = {job.id: (job.status, job.asked_by_ingest) for job in jobs_of(ada)}
    assert statuses == {first: (Status.PENDING, False), second: (Status.PENDING, True)}


def test_a_job_of_somebody_is_queued_whatever_waits(ada: Member) -> None:
    ask_after_ingest(ada)
    with ada.scope():
        options = {"pattern_types": ["debugging"], "limit": 7, "user_id": ada.user.id}
        job_id = request_detection(workspace_id=ada.workspace.id, after_ingest=False, **options)  # type: ignore[arg-type]
        job = PatternQueue.objects.get(asked_by_ingest=False)
    assert job.pk == job_id
    assert (job.pattern_types, job.limit, job.user_id) == (["debugging"], 7, ada.user.id)
    assert len(jobs_of(ada)) == 2


def test_the_schedule_asks_only_where_something_is_new(ada: Member, cleo: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.fixes("make test", "a.py")
    talk.store()
    schedule_all()
    schedule_all()
    assert (len(jobs_of(ada)), len(jobs_of(cleo))) == (1, 0)
    claim_job(ada)
    detect(ada)
    with ada.scope():
        PatternQueue.objects.all().delete()
    schedule_all()
    assert jobs_of(ada) == []


def test_a_job_that_takes_long_leaves_the_rest_to_another(ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detecting, "SLICE_SECONDS", 0.0)
    for number in range(5):
        talk = Conversation(ada, f"s{number}")
        talk.fixes("make test", "a.py")
        talk.store()
    assert detect(ada, limit=2, user_id=ada.user.id).status == Status.COMPLETED
    assert [pattern.frequency for pattern in patterns_of(ada, "debugging")] == [1]
    [_, rest] = jobs_of(ada)
    assert (rest.status, rest.limit, rest.user_id) == (Status.PENDING, 2, ada.user.id)
    while detect_due(workspace_id=ada.workspace.id):
        pass
    assert [pattern.frequency for pattern in patterns_of(ada, "debugging")] == [5]
    assert {job.status for job in jobs_of(ada)} == {Status.COMPLETED}


def test_a_worker_that_lost_its_lease_writes_nothing(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    talk.fixes("make test", "a.py")
    talk.store()
    ask_after_ingest(ada)
    claim = claim_job(ada)
    detecting._leave_debounce(claim, claim.rows[0])
    with ada.scope():
        PatternQueue.objects.update(lease_token=uuid4())
    with pytest.raises(LeaseLostError):
        detecting._leave_debounce(claim, claim.rows[0])
    with pytest.raises(LeaseLostError):
        detecting._detect(claim, claim.rows[0], "debugging", seconds=0)
    with ada.scope():
        assert not PatternOccurrence.objects.exists()
        assert PatternQueue.objects.get().status == Status.PROCESSING


def run_together(*calls: Callable[[], object]) -> list[object]:
    """Call each in a thread with a connection of its own, all at the same moment; return what they returned."""
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = calls[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def busy(committed: None) -> Member:
    """Twelve sessions, committed, each with the same trouble and the same file."""
    member = make_member("north", "ada")
    for number in range(12):
        talk = Conversation(member, f"s{number}")
        talk.asks()
        talk.fixes("make test", "a.py")
        talk.store()
    return member


def test_two_workers_share_one_job_without_doing_it_twice(busy: Member) -> None:
    with busy.scope():
        request_detection(workspace_id=busy.workspace.id, after_ingest=False)
    work = lambda: detect_due(workspace_id=busy.workspace.id)  # noqa: E731
    assert sorted(run_together(work, work), key=str) == [0, 1]
    assert [pattern.frequency for pattern in patterns_of(busy, "debugging")] == [12]


def test_two_jobs_at_once_find_everything_once(busy: Member) -> None:
    with busy.scope():
        for _ in range(3):
            request_detection(workspace_id=busy.workspace.id, after_ingest=False, limit=5)
    work = lambda: detect_due(workspace_id=busy.workspace.id)  # noqa: E731
    assert run_together(work, work, work) == [1, 1, 1]
    while work():  # what a busy machine left to another job
        pass
    assert {job.status for job in jobs_of(busy)} == {Status.COMPLETED}
    with busy.scope():
        found = dict(Pattern.objects.exclude(subtype="rhythm").values_list("subtype", "frequency"))
        assert found == {"fix": 12, "failing_command": 12, "recurring_file": 12}
        assert PatternOccurrence.objects.exclude(pattern__subtype="rhythm").count() == 36


def test_a_job_waits_for_the_memories_of_a_transaction_that_found_it_waiting(busy: Member) -> None:
    """Else it could be done between our look at it and our commit, and nobody would read our memories."""
    ask_after_ingest(busy)
    with busy.scope():
        PatternQueue.objects.update(run_after="2026-01-01T00:00:00Z")
    claimed: list[object] = []
    with busy.scope():
        assert request_detection(workspace_id=busy.workspace.id, after_ingest=True) is None
        claimed += run_together(lambda: detect_due(workspace_id=busy.workspace.id))
    claimed += run_together(lambda: detect_due(workspace_id=busy.workspace.id))
    assert claimed == [0, 1]


def test_an_open_transaction_holds_the_checkpoint_back(busy: Member) -> None:
    with busy.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        opened = cursor.fetchone()[0]

        def settled() -> int:
            with busy.scope():
                span = begin_span("debugging", workspace_id=busy.workspace.id)
            assert span is not None
            return span.settled.int >> 80

        [milliseconds] = run_together(settled)
    assert isinstance(milliseconds, int)
    assert milliseconds <= opened.timestamp() * 1000 - 10_000 + 1
