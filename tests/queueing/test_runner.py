"""One claim of a stage: whatever the work raises, every row ends somewhere with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from processing.models import LinkQueue
from supastate.errors import PermanentError
from supastate.queueing.claims import Claim, claim_rows, complete_rows
from supastate.queueing.models import Status
from supastate.queueing.runner import run_claim
from supastate.workspaces.scope import workspace_scope
from tests.conftest import Member


def statuses(member: Member) -> list[tuple[str, str]]:
    with member.scope():
        return list(LinkQueue.objects.order_by("pk").values_list("status", "error_code"))


def run(member: Member, work: Any) -> int:
    return run_claim(LinkQueue, workspace_id=member.workspace.id, work=work)


def test_nothing_due_does_no_work(ada: Member) -> None:
    assert run(ada, lambda _claim: 1 / 0) == 0


def test_work_completes_its_own_rows(ada: Member, make_rows: Any) -> None:
    make_rows(2)

    def work(claim: Claim[LinkQueue]) -> None:
        with workspace_scope(ada.workspace.id):
            complete_rows(claim, claim.rows)

    assert run(ada, work) == 2
    assert statuses(ada) == [(Status.COMPLETED, "")] * 2


def test_a_known_error_ends_only_what_was_not_done(ada: Member, make_rows: Any) -> None:
    make_rows(2)

    def work(claim: Claim[LinkQueue]) -> None:
        with workspace_scope(ada.workspace.id):
            complete_rows(claim, claim.rows[:1])
        raise PermanentError("No.", code="no")

    run(ada, work)
    assert statuses(ada) == [(Status.COMPLETED, ""), (Status.DEAD, "no")]


def test_one_hint_works_off_what_a_vanished_worker_left_each_row_alone(ada: Member, make_rows: Any) -> None:
    make_rows(3)
    with ada.scope():
        claim_rows(LinkQueue, workspace_id=ada.workspace.id, size=3)
        LinkQueue.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        make_rows(2)
    sizes: list[int] = []

    def work(claim: Claim[LinkQueue]) -> None:
        sizes.append(len(claim.rows))
        with workspace_scope(ada.workspace.id):
            complete_rows(claim, claim.rows)

    assert (run(ada, work), sizes) == (5, [1, 1, 1, 2])


def test_one_poison_row_among_many_dies_alone(ada: Member, make_rows: Any, settings: Any) -> None:
    rows = make_rows(4)
    poison = rows[2].id

    def work(claim: Claim[LinkQueue]) -> None:
        if poison in claim.ids:
            raise ZeroDivisionError
        with workspace_scope(ada.workspace.id):
            complete_rows(claim, claim.rows)

    for _ in range(len(rows) + settings.QUEUE_MAX_ATTEMPTS + 1):
        with ada.scope():
            LinkQueue.objects.filter(status=Status.PENDING).update(run_after=timezone.now())
        run(ada, work)
    assert statuses(ada) == [
        (Status.COMPLETED, ""),
        (Status.COMPLETED, ""),
        (Status.DEAD, "internal_error"),
        (Status.COMPLETED, ""),
    ]


def test_an_effect_of_a_lost_lease_is_rolled_back(ada: Member, make_rows: Any) -> None:
    make_rows(1)

    def work(claim: Claim[LinkQueue]) -> None:
        with workspace_scope(ada.workspace.id):
            LinkQueue.objects.update(lease_token=None)
        with workspace_scope(ada.workspace.id):
            LinkQueue.objects.update(error_detail="effect")
            complete_rows(claim, claim.rows)

    run(ada, work)
    with ada.scope():
        assert LinkQueue.objects.get().error_detail == ""
