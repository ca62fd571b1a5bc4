"""The breaker opens after failures in a row, lets exactly one probe through, and works without Redis."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from processing.embedding.breaker import (
    Admission,
    Breaker,
    BreakerSettings,
    InProcessBreaker,
    SharedBreaker,
)
from processing.embedding.shared_scripts import SharedScripts
from tests.processing.embedding.competitors import ask_to_probe

SETTINGS = BreakerSettings(failures=3, open_seconds=0.15, probe_seconds=60)


@pytest.fixture(params=["shared", "in process"])
def breaker(request: pytest.FixtureRequest, scripts: SharedScripts, scope: str) -> Breaker:
    """Return both kinds of breaker, which promise the same."""
    if request.param == "in process":
        return InProcessBreaker(SETTINGS)
    return make_shared(scripts, scope)


def make_shared(scripts: SharedScripts, scope: str, settings: BreakerSettings = SETTINGS) -> SharedBreaker:
    """Return a shared breaker whose fallback lets nobody through, so that its use would show."""
    closed_off = InProcessBreaker(BreakerSettings(failures=1, open_seconds=600, probe_seconds=1))
    closed_off.report(closed_off.admit(), "failure")
    return SharedBreaker(scripts, scope=scope, settings=settings, fallback=closed_off)


def fail(breaker: Breaker, times: int) -> None:
    """Let calls through that fail."""
    for _ in range(times):
        admission = breaker.admit()
        assert admission.admitted
        breaker.report(admission, "failure")


def wait_for_probe(breaker: Breaker) -> Admission:
    """Ask until the pause is over and the caller is the probe."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        admission = breaker.admit()
        if admission.admitted:
            return admission
    pytest.fail("the breaker never let a probe through")


def test_it_opens_after_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, times=3)
    refused = breaker.admit()
    assert (refused.admitted, refused.state) == (False, "open")
    assert 0 < refused.wait_seconds <= 0.15


def test_a_success_in_between_starts_the_count_again(breaker: Breaker) -> None:
    fail(breaker, times=2)
    breaker.report(breaker.admit(), "success")
    fail(breaker, times=2)
    assert breaker.admit().state == "closed"


def test_an_unknown_end_is_no_failure(breaker: Breaker) -> None:
    fail(breaker, times=2)
    breaker.report(breaker.admit(), "unknown")
    assert breaker.admit().state == "closed"


def test_after_the_pause_exactly_one_is_let_through(breaker: Breaker) -> None:
    fail(breaker, times=3)
    began = time.monotonic()
    probe = wait_for_probe(breaker)
    assert time.monotonic() - began > 0.1
    assert probe.state == "half_open"
    others = [breaker.admit() for _ in range(20)]
    assert {(other.admitted, other.state) for other in others} == {(False, "half_open")}
    assert all(0 < other.wait_seconds <= 5 for other in others)


def test_a_probe_that_succeeds_closes_it(breaker: Breaker) -> None:
    fail(breaker, times=3)
    breaker.report(wait_for_probe(breaker), "success")
    fail(breaker, times=2)
    assert breaker.admit().state == "closed"


def test_a_probe_that_fails_opens_it_again(breaker: Breaker) -> None:
    fail(breaker, times=3)
    breaker.report(wait_for_probe(breaker), "failure")
    assert breaker.admit().state == "open"
    assert wait_for_probe(breaker).admitted


def test_a_probe_without_an_end_frees_its_place(breaker: Breaker) -> None:
    fail(breaker, times=3)
    breaker.report(wait_for_probe(breaker), "unknown")
    assert breaker.admit().admitted


def test_late_news_from_before_it_opened_changes_nothing(breaker: Breaker) -> None:
    early = breaker.admit()
    fail(breaker, times=3)
    breaker.report(early, "success")
    assert breaker.admit().state == "open"
    probe = wait_for_probe(breaker)
    breaker.report(early, "success")
    assert not breaker.admit().admitted
    breaker.report(probe, "success")
    assert breaker.admit().state == "closed"


def test_a_probe_that_died_is_replaced_after_its_time(scripts: SharedScripts, scope: str) -> None:
    settings = BreakerSettings(failures=1, open_seconds=0.01, probe_seconds=0.05)
    breaker = make_shared(scripts, scope, settings)
    fail(breaker, times=1)
    dead = wait_for_probe(breaker)
    second = wait_for_probe(breaker)
    breaker.report(dead, "success")
    assert not breaker.admit().admitted, "only the present probe decides"
    breaker.report(second, "success")
    assert breaker.admit().state == "closed"


def test_many_threads_find_one_probe(breaker: Breaker) -> None:
    fail(breaker, times=3)
    with ThreadPoolExecutor(8) as pool:
        until = time.monotonic() + 0.3
        admitted = list(pool.map(lambda _: count_admissions(breaker, until), range(8)))
    assert sum(admitted) == 1


def count_admissions(breaker: Breaker, until: float) -> int:
    """Ask again and again."""
    admitted = 0
    while time.monotonic() < until:
        admitted += breaker.admit().admitted
    return admitted


def test_two_processes_find_one_probe(redis_url: str, scripts: SharedScripts, scope: str) -> None:
    settings = BreakerSettings(failures=1, open_seconds=0.01, probe_seconds=60)
    fail(make_shared(scripts, scope, settings), times=1)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(ask_to_probe, redis_url, scope, 300) for _ in range(2)]
        assert sum(future.result() for future in futures) == 1


def test_two_processes_breakers_share_their_state(scripts: SharedScripts, redis_url: str, scope: str) -> None:
    elsewhere = SharedScripts(redis_url)
    fail(make_shared(scripts, scope), times=3)
    assert make_shared(elsewhere, scope).admit().state == "open"
    elsewhere.close()


@pytest.mark.parametrize("kind", ["refusing", "silent"])
def test_without_redis_a_process_has_its_own_breaker(
    kind: str, refusing_redis_url: str, silent_redis_url: str, scope: str
) -> None:
    scripts = SharedScripts(refusing_redis_url if kind == "refusing" else silent_redis_url)
    fallback = InProcessBreaker(SETTINGS)
    breaker = SharedBreaker(scripts, scope=scope, settings=SETTINGS, fallback=fallback)
    began = time.monotonic()
    fail(breaker, times=3)
    assert breaker.admit().state == "open"
    assert time.monotonic() - began < 1.2
    breaker.report(wait_for_probe(breaker), "success")
    assert breaker.admit().state == "closed"
    scripts.close()
