"""`manage.py dead_letters`: the same filters as the API's, for an operator at a terminal."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from processing.models import LinkQueue
from supastate.queueing.models import QueueAction, Status
from tests.conftest import Member


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("dead_letters", *arguments, "--workspace", "north", stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def dead(ada: Member, make_rows: Any) -> list[LinkQueue]:
    now = timezone.now()
    make_rows(1)
    return [
        *make_rows(2, status=Status.DEAD, error_code="timeout", error_detail="Slow.", processed_at=now),
        *make_rows(1, status=Status.DEAD, error_code="poison", processed_at=now - timedelta(days=2)),
    ]


def count(member: Member, status: Status) -> int:
    with member.scope():
        return LinkQueue.objects.filter(status=status).count()


def test_the_list_gives_a_line_for_each_and_their_number(dead: list[LinkQueue]) -> None:
    *lines, last = run("list", "--code", "timeout")
    assert [line.split("\t")[1] for line in lines] == [str(row.pk) for row in dead[:2]]
    assert lines[0].split("\t")[4:] == ["timeout", "Slow."]
    assert last == "2 matched, 2 shown"
    assert run("list", "--limit", "1")[-1] == "3 matched, 1 shown"
    assert run("list", "--stage", "embed") == ["0 matched, 0 shown"]


def test_replaying_by_filter_is_recorded_and_has_one_effect(ada: Member, dead: list[LinkQueue]) -> None:
    assert run("replay", "--code", "timeout", "--limit", "1") == ["2 matched, 1 replayed, 1 remaining"]
    assert run("replay", "--code", "timeout") == ["1 matched, 1 replayed, 0 remaining"]
    assert run("replay", "--code", "timeout") == ["0 matched, 0 replayed, 0 remaining"]
    assert (count(ada, Status.PENDING), count(ada, Status.DEAD)) == (3, 1)
    with ada.scope():
        assert QueueAction.objects.filter(action="replay", actor=None).count() == 2


def test_old_ones_are_discarded_by_time(ada: Member, dead: list[LinkQueue]) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert run("discard", "--before", yesterday) == ["1 matched, 1 discarded, 0 remaining"]
    assert run("list")[-1] == "2 matched, 2 shown"
    assert count(ada, Status.DEAD) == 3


@pytest.mark.parametrize(
    "arguments",
    [("explode",), ("replay", "--stage", "nothing"), ("replay", "--before", "soon"), ("replay", "--limit", "0")],
)
def test_a_wrong_command_line_is_refused(ada: Member, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


def test_an_unknown_workspace_is_refused(ada: Member) -> None:
    with pytest.raises(CommandError, match="no workspace 'east'"):
        call_command("dead_letters", "list", "--workspace", "east")
