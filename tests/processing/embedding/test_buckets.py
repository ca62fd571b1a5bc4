"""Budgets hold across processes, are taken whole or not at all, and survive the loss of Redis."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest
import redis

from processing.embedding.buckets import Buckets, Charge, InProcessBuckets, SharedBuckets
from processing.embedding.shared_scripts import SharedScripts
from tests.processing.embedding.competitors import reserve_for


class ManualClock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["shared", "in process"])
def buckets(request: pytest.FixtureRequest, scripts: SharedScripts, scope: str) -> Buckets:
    """Return both kinds of buckets, which promise the same."""
    if request.param == "in process":
        return InProcessBuckets(share=1)
    return SharedBuckets(scripts, scope=scope, fallback=InProcessBuckets(share=1e-9))


def reserve_all(buckets: Buckets, charge: Charge) -> int:
    """Reserve until refused; return how often it was granted."""
    granted = 0
    while granted < 1_000 and buckets.reserve([charge]).granted:
        granted += 1
    return granted


def test_a_burst_is_a_twentieth_of_a_minute_then_callers_wait(buckets: Buckets) -> None:
    charge = Charge("requests", per_minute=600, cost=1)
    assert 30 <= reserve_all(buckets, charge) <= 40
    refused = buckets.reserve([charge])
    assert 0 < refused.wait_seconds <= 0.1
    assert refused.hold_reason == ""


def test_all_buckets_are_charged_or_none(buckets: Buckets) -> None:
    key, empty = Charge("requests", 600, 1), Charge("requests:w1", 20, 1)
    assert buckets.reserve([key, empty]).granted
    assert not any(buckets.reserve([key, empty]).granted for _ in range(50))
    assert 28 <= reserve_all(buckets, key) <= 40, "refused reservations must not have cost the key anything"


def test_a_request_larger_than_the_burst_leaves_a_debt(buckets: Buckets) -> None:
    large = Charge("tokens", per_minute=60_000, cost=20_000)
    assert buckets.reserve([large]).granted
    wait = buckets.reserve([large]).wait_seconds
    assert 19.5 <= wait <= 20, "17,000 of debt and a full burst of 3,000, at 1,000 a second"


def test_a_query_borrows_where_a_backfill_has_to_wait(buckets: Buckets) -> None:
    backfill = Charge("requests", 600, 1)
    reserve_all(buckets, backfill)
    query = Charge("requests", 600, 1, may_borrow=30)
    assert [buckets.reserve([query]).granted for _ in range(29)] == [True] * 29
    assert not buckets.reserve([backfill]).granted


def test_settling_gives_back_what_was_not_used(buckets: Buckets) -> None:
    reserved = buckets.reserve([Charge("tokens", 60_000, 20_000)])
    buckets.settle([Charge("tokens", 60_000, 1_000)], reserved=reserved)
    assert buckets.reserve([Charge("tokens", 60_000, 1_900)]).granted


def test_settling_takes_what_was_used_beyond(buckets: Buckets) -> None:
    reserved = buckets.reserve([Charge("tokens", 60_000, 1_000)])
    buckets.settle([Charge("tokens", 60_000, 12_000)], reserved=reserved)
    wait = buckets.reserve([Charge("tokens", 60_000, 1_000)]).wait_seconds
    assert 9.5 <= wait <= 10


def test_a_refund_is_never_more_than_the_burst(buckets: Buckets) -> None:
    reserved = buckets.reserve([Charge("requests", 600, 1)])
    for _ in range(5):
        buckets.settle([], reserved=reserved)
    assert 30 <= reserve_all(buckets, Charge("requests", 600, 1)) <= 40


def test_a_hold_stops_everybody_and_says_why(buckets: Buckets) -> None:
    buckets.hold("rate_limited", seconds=200)
    buckets.hold("rate_limited", seconds=1)
    refused = buckets.reserve([Charge("requests", 600, 1)])
    assert not refused.granted
    assert refused.hold_reason == "rate_limited"
    assert 199 <= refused.wait_seconds <= 200, "the longer hold stays"


def test_levels_are_told_as_shares_of_the_burst_and_looking_takes_nothing(buckets: Buckets) -> None:
    slow, unused = Charge("tokens", per_minute=6, cost=0.5), Charge("requests", per_minute=60, cost=1)
    assert buckets.reserve([slow]).granted
    for _ in range(2):
        level, full = buckets.read_levels([slow, unused])
        assert (0.45 < level < 0.7, full) == (True, 1.0)


def test_no_charges_are_always_granted(buckets: Buckets) -> None:
    assert buckets.reserve([]).granted


def test_two_processes_share_one_budget(redis_url: str, scope: str) -> None:
    began = time.time()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(reserve_for, redis_url, scope, 1_200, 0.5) for _ in range(2)]
        (first, first_end), (second, second_end) = [future.result() for future in futures]
    elapsed = max(first_end, second_end) - began
    assert min(first, second) > 0
    assert 60 <= first + second <= 60 + 20 * elapsed + 1


def test_two_scopes_do_not_share(scripts: SharedScripts, scope: str) -> None:
    fallback = InProcessBuckets(share=1e-9)
    charge = Charge("requests", 20, 1)
    assert SharedBuckets(scripts, scope=scope, fallback=fallback).reserve([charge]).granted
    assert SharedBuckets(scripts, scope=f"{scope}x", fallback=fallback).reserve([charge]).granted


def test_what_is_kept_in_redis_expires_by_itself(scripts: SharedScripts, scope: str, redis_url: str) -> None:
    buckets = SharedBuckets(scripts, scope=scope, fallback=InProcessBuckets(share=1e-9))
    reserved = buckets.reserve([Charge("requests", 600, 1), Charge("tokens", 60_000, 20_000)])
    buckets.settle([], reserved=reserved)
    buckets.hold("rate_limited", seconds=5)
    with redis.Redis.from_url(redis_url) as client:
        keys = list(client.scan_iter(f"*{scope}*"))
        lifetimes = [client.pttl(key) for key in keys]
    assert len(keys) == 3
    assert all(0 < lifetime <= 40_000 for lifetime in lifetimes)


def test_no_minute_sees_more_than_five_percent_over_the_limit() -> None:
    clock = ManualClock()
    buckets = InProcessBuckets(share=1, clock=clock)
    granted: list[float] = []
    for _ in range(1_800):
        clock.now += 0.1
        granted += [clock.now] * reserve_all(buckets, Charge("requests", 300, 1))
    busiest = max(sum(start <= at < start + 60 for at in granted) for start in granted[::10])
    assert 295 <= busiest <= 315
    assert 900 <= len(granted) <= 915


@pytest.fixture(params=["refusing", "silent"])
def buckets_without_redis(
    request: pytest.FixtureRequest, refusing_redis_url: str, silent_redis_url: str, scope: str
) -> Iterator[SharedBuckets]:
    """Return shared buckets whose Redis refuses connections, or takes them and says nothing."""
    scripts = SharedScripts(refusing_redis_url if request.param == "refusing" else silent_redis_url)
    yield SharedBuckets(scripts, scope=scope, fallback=InProcessBuckets(share=0.1))
    scripts.close()


def test_without_redis_each_process_keeps_to_its_share(buckets_without_redis: SharedBuckets) -> None:
    began = time.monotonic()
    assert 6 <= reserve_all(buckets_without_redis, Charge("requests", 1_200, 1)) <= 10
    assert time.monotonic() - began < 1.5, "only the first call may wait for Redis, and not for long"


def test_without_redis_a_hold_still_holds_this_process(buckets_without_redis: SharedBuckets) -> None:
    buckets_without_redis.hold("quota_exhausted", seconds=60)
    assert buckets_without_redis.reserve([Charge("requests", 600, 1)]).hold_reason == "quota_exhausted"


def test_redis_is_used_again_when_it_is_back(redis_url: str, scope: str) -> None:
    scripts = SharedScripts(redis_url, rest_seconds=0)
    buckets = SharedBuckets(scripts, scope=scope, fallback=InProcessBuckets(share=1e-9))
    charge = Charge("requests", 600, 1)
    assert buckets.reserve([charge]).granted
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory", "1")
        try:
            assert buckets.reserve([charge]).granted, "a full Redis is as good as none: the share's one token"
            assert not buckets.reserve([charge]).granted
        finally:
            client.config_set("maxmemory", "256mb")
    assert buckets.reserve([charge]).granted
    scripts.close()
