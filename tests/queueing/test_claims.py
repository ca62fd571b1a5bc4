"""Claims: exactly the rows asked for, the urgent first, fenced by their token, expired ones alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from processing.models import LinkQueue
from supastate.errors import PermanentError, TransientError
from supastate.queueing.claims import (
    LeaseLostError,
    claim_rows,
    complete_rows,
    fail_row,
    isolate_rows,
    renew_lease,
)
from supastate.queueing.models import Attempt, Priority, Status
from supastate.workspaces.scope import workspace_scope
from tests.conftest import Member


def claim(member: Member, size: int = 10) -> Any:
    return claim_rows(LinkQueue, workspace_id=member.workspace.id, size=size)


def expire(member: Member, **fields: object) -> None:
    LinkQueue.objects.filter(status=Status.PROCESSING).update(
        lease_until=timezone.now() - timedelta(seconds=1), **fields
    )


def test_a_claim_takes_no_more_rows_than_its_size(ada: Member, make_rows: Any) -> None:
    make_rows(200)
    with ada.scope():
        taken = claim(ada, size=10)
        assert len(taken.rows) == 10
        assert LinkQueue.objects.filter(status=Status.PROCESSING).count() == 10


def test_two_claims_share_no_row(ada: Member, make_rows: Any) -> None:
    make_rows(15)
    with ada.scope():
        first, second = claim(ada), claim(ada)
        assert not set(first.ids) & set(second.ids)
        assert len(first.rows) + len(second.rows) == 15


def test_interactive_rows_come_before_older_backfill(ada: Member, make_rows: Any) -> None:
    make_rows(3, priority=Priority.BACKFILL)
    urgent = make_rows(2)
    with ada.scope():
        assert claim(ada, size=3).ids[:2] == [row.id for row in urgent]


def test_an_urgent_claim_leaves_backfill_and_expired_rows_to_others(ada: Member, make_rows: Any) -> None:
    make_rows(3, priority=Priority.BACKFILL)
    with ada.scope():
        assert len(claim(ada, size=1).rows) == 1
        expire(ada)
    urgent = make_rows(2)
    with ada.scope():
        taken = claim_rows(LinkQueue, workspace_id=ada.workspace.id, size=10, urgent=True)
        assert taken.ids == [row.id for row in urgent]
        assert not claim_rows(LinkQueue, workspace_id=ada.workspace.id, size=10, urgent=True).rows


def test_a_row_that_is_not_due_waits(ada: Member, make_rows: Any) -> None:
    make_rows(1, run_after=timezone.now() + timedelta(minutes=5))
    with ada.scope():
        assert claim(ada).rows == ()


def test_another_workspace_claims_nothing_of_ours(ada: Member, cleo: Member, make_rows: Any) -> None:
    make_rows(3)
    with cleo.scope():
        assert claim_rows(LinkQueue, workspace_id=ada.workspace.id, size=10).rows == ()
        assert claim(cleo).rows == ()


def test_completing_rows_of_a_lost_lease_is_refused(ada: Member, make_rows: Any) -> None:
    make_rows(2)
    with ada.scope():
        stale = claim(ada)
        expire(ada)
        fresh = claim(ada)
        assert len(fresh.rows) == 1
        with pytest.raises(LeaseLostError), workspace_scope(ada.workspace.id):
            complete_rows(stale, stale.rows)
        assert LinkQueue.objects.filter(status=Status.COMPLETED).count() == 0
        complete_rows(fresh, fresh.rows)
        assert LinkQueue.objects.get(pk=fresh.ids[0]).status == Status.COMPLETED


def test_rows_whose_lease_expired_are_claimed_one_by_one(ada: Member, make_rows: Any) -> None:
    make_rows(3)
    with ada.scope():
        claim(ada)
        expire(ada)
        make_rows(1)
        assert [len(claim(ada).rows) for _ in range(4)] == [1, 1, 1, 1]


def test_a_row_that_ends_its_process_every_time_dies_with_that_reason(
    ada: Member, make_rows: Any, settings: Any
) -> None:
    [row] = make_rows(1)
    with ada.scope():
        for _ in range(settings.QUEUE_MAX_ATTEMPTS):
            assert claim(ada).ids == [row.id]
            expire(ada)
        assert claim(ada).rows == ()
        row.refresh_from_db()
        assert (row.status, row.error_code) == (Status.DEAD, "lease_expired")


def test_a_transient_failure_is_retried_later_and_counts(ada: Member, make_rows: Any, settings: Any) -> None:
    [row] = make_rows(1)
    with ada.scope():
        for attempt in range(1, settings.QUEUE_MAX_ATTEMPTS + 1):
            LinkQueue.objects.update(run_after=timezone.now())
            taken = claim(ada)
            buried = fail_row(taken, taken.rows[0], TransientError("Away.", code="away"))
            row.refresh_from_db()
            assert row.attempts == attempt
            assert buried == (attempt == settings.QUEUE_MAX_ATTEMPTS)
        assert (row.status, row.error_code, row.error_detail) == (Status.DEAD, "away", "Away.")


def test_an_outage_gives_the_attempt_back_and_waits_as_long_as_it_was_told(ada: Member, make_rows: Any) -> None:
    [row] = make_rows(1)
    with ada.scope():
        taken = claim(ada)
        fail_row(taken, taken.rows[0], TransientError(retry_after=90, counts_as_attempt=False))
        row.refresh_from_db()
        assert (row.status, row.attempts) == (Status.PENDING, 0)
        assert row.run_after > timezone.now() + timedelta(seconds=85)


def test_an_outage_ends_by_the_age_of_the_row(ada: Member, make_rows: Any, settings: Any) -> None:
    [row] = make_rows(1, due_since=timezone.now() - timedelta(hours=settings.QUEUE_OUTAGE_HOURS + 1))
    with ada.scope():
        taken = claim(ada)
        assert fail_row(taken, taken.rows[0], TransientError(counts_as_attempt=False))
        row.refresh_from_db()
        assert row.status == Status.DEAD


def test_a_permanent_failure_is_final_at_once(ada: Member, make_rows: Any) -> None:
    [row] = make_rows(1)
    with ada.scope():
        taken = claim(ada)
        assert fail_row(taken, taken.rows[0], PermanentError("Unreadable.", code="unreadable_row"))
        row.refresh_from_db()
        assert (row.status, row.error_code, row.attempts) == (Status.DEAD, "unreadable_row", 1)


def test_isolated_rows_are_tried_alone(ada: Member, make_rows: Any) -> None:
    make_rows(3)
    with ada.scope():
        taken = claim(ada)
        isolate_rows(taken, taken.ids)
        assert [len(claim(ada).rows) for _ in range(3)] == [1, 1, 1]


def test_renewing_tells_whether_all_rows_are_still_ours(ada: Member, make_rows: Any) -> None:
    make_rows(2)
    with ada.scope():
        taken = claim(ada)
        assert renew_lease(taken, taken.ids)
        expire(ada)
        claim(ada)
        assert not renew_lease(taken, taken.ids)


def test_a_row_that_ends_its_process_every_time_has_each_time_in_its_history(
    ada: Member, make_rows: Any, settings: Any
) -> None:
    settings.QUEUE_MAX_ATTEMPTS = 2
    [row] = make_rows(1)
    with ada.scope():
        for claimed in (1, 1, 0):
            assert len(claim(ada).rows) == claimed
            expire(ada)
        assert LinkQueue.objects.get().status == Status.DEAD
        assert list(Attempt.objects.values_list("row_id", "stage", "number", "error_code")) == [
            (row.id, "link_memories", 1, "lease_expired"),
            (row.id, "link_memories", 2, "lease_expired"),
        ]


def test_an_attempt_that_is_not_ours_any_more_leaves_no_history(ada: Member, make_rows: Any) -> None:
    make_rows(1)
    with ada.scope():
        taken = claim(ada)
        LinkQueue.objects.update(lease_token=uuid4())
        assert fail_row(taken, taken.rows[0], PermanentError("No.")) is False
        assert fail_row(taken, taken.rows[0], TransientError("Later.")) is False
        assert not Attempt.objects.exists()


def test_the_history_of_another_workspace_does_not_exist(ada: Member, cleo: Member, make_rows: Any) -> None:
    make_rows(1)
    with ada.scope():
        taken = claim(ada)
        assert fail_row(taken, taken.rows[0], PermanentError("No.")) is True
        assert Attempt.objects.count() == 1
    with cleo.scope():
        assert Attempt.objects.count() == 0
