"""What is set aside is not spent twice, and becomes what a call cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from processing.models import SummarySpending
from processing.summaries.spending import BudgetSpentError, spend
from supastate.errors import TransientError
from tests.conftest import Member


@dataclass(frozen=True)
class Answer:
    tokens: int
    used_up_for: float = 0.0


def spent(member: Member) -> list[tuple[int, int]]:
    with member.scope():
        return list(SummarySpending.objects.values_list("tokens", "calls"))


@pytest.fixture(autouse=True)
def budget(settings: Any) -> None:
    settings.SUMMARY_MONTHLY_TOKENS = 1_000


def test_while_one_call_is_made_another_has_the_rest(ada: Member) -> None:
    def send() -> Answer:
        assert spend(lambda: Answer(50), tokens=100, workspace_id=ada.workspace.id).tokens == 50
        with pytest.raises(BudgetSpentError):
            spend(lambda: Answer(1), tokens=100, workspace_id=ada.workspace.id)
        return Answer(300)

    spend(send, tokens=900, workspace_id=ada.workspace.id)
    assert spent(ada) == [(350, 2)]


def test_a_call_that_fails_costs_nothing(ada: Member) -> None:
    def fail() -> Answer:
        raise TransientError

    with pytest.raises(TransientError):
        spend(fail, tokens=900, workspace_id=ada.workspace.id)
    assert spent(ada) == [(0, 0)]


def test_what_a_dying_process_set_aside_stays_spent(ada: Member) -> None:
    def die() -> Answer:
        raise SystemExit

    with pytest.raises(SystemExit):
        spend(die, tokens=900, workspace_id=ada.workspace.id)
    assert spent(ada) == [(900, 1)]


def test_a_call_that_costs_more_than_was_thought_is_counted_whole(ada: Member) -> None:
    spend(lambda: Answer(5_000), tokens=100, workspace_id=ada.workspace.id)
    with pytest.raises(BudgetSpentError):
        spend(lambda: Answer(1), tokens=1, workspace_id=ada.workspace.id)
    assert spent(ada) == [(5_000, 1)]
