"""A lease is kept alive beside work that takes long, and its loss is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from supastate.queueing.claims import LeaseLostError
from supastate.queueing.heartbeat import heartbeat

SECONDS = 10.0


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.QUEUE_LEASE_SECONDS = 0.03


def wait_until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(0.005)


def is_lost(check: Callable[[], None]) -> bool:
    try:
        check()
    except LeaseLostError:
        return True
    return False


def test_the_lease_is_renewed_until_the_work_ends() -> None:
    beats: list[float] = []
    with heartbeat(lambda: beats.append(time.monotonic())) as check:
        wait_until(lambda: len(beats) >= 3)
        check()
    ended = len(beats)
    time.sleep(0.05)
    assert len(beats) == ended


def test_a_lost_lease_is_told_and_not_renewed() -> None:
    beats: list[int] = []

    def renew() -> None:
        beats.append(1)
        raise LeaseLostError

    with heartbeat(renew) as check:
        wait_until(lambda: is_lost(check))
    assert beats == [1]


def test_an_outage_of_the_database_is_outlived() -> None:
    beats: list[int] = []

    def renew() -> None:
        beats.append(1)
        if len(beats) < 3:
            raise OperationalError("gone")

    with heartbeat(renew) as check:
        wait_until(lambda: len(beats) >= 4)
        check()


def test_what_the_work_raises_ends_the_beats() -> None:
    beats: list[int] = []
    with pytest.raises(ZeroDivisionError), heartbeat(lambda: beats.append(1)):
        _ = 1 / 0
    ended = len(beats)
    time.sleep(0.05)
    assert len(beats) == ended
