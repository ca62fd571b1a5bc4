"""Budgets, storms of 429 and outages: how often the provider is called is read from its own log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from tests.fakes.behaviours import Status, Succeed, rate_limited
from tests.fakes.openai_server import Call, FakeOpenAIServer
from tests.faults.cluster import Cluster, is_reached, wait_until
from tests.faults.oracle import Client, ask, count_unfinished, find_attempts, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
PER_MINUTE = 300
BURST = PER_MINUTE / 20
"""How many calls may come at once: a twentieth of a minute's."""
SMALL_CLAIMS = {"EMBEDDING_CLAIM_SIZE": "4", "DISPATCH_HINTS_WAITING": "16"}
ITEMS = 500
PAUSE_SECONDS = 3


def count_most(calls: Sequence[Call], *, seconds: float) -> int:
    """The most calls in any span of so many seconds."""
    times = [call.at for call in calls]
    return max(sum(begin <= at < begin + seconds for at in times) for begin in times)


def list_successes(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if isinstance(call.behaviour, Succeed)]


def measure_pace(calls: Sequence[Call]) -> float:
    """Successful calls a minute while there was work, without the burst that began it and the last tenth."""
    done = list_successes(calls)[int(BURST) :]
    done = done[: len(done) * 9 // 10]
    return (len(done) - 1) * 60 / (done[-1].at - done[0].at)


def embed_in_small_claims(cluster: Cluster, client: Client, *, budget: int) -> None:
    """Send the items and have them embedded in many small requests."""
    with cluster.reconfigured("dispatcher", "worker", PROVIDER_REQUESTS_PER_MINUTE=str(budget), **SMALL_CLAIMS):
        client.send(ITEMS)
        wait_until_drained(cluster)


def test_calls_stay_within_the_budget_and_use_it(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None]
) -> None:
    known = len(provider.calls)
    embed_in_small_claims(cluster, client, budget=PER_MINUTE)
    made = provider.calls[known:]
    minutes = (made[-1].at - made[0].at) / 60
    allowed = PER_MINUTE * max(minutes, 1 / 60) + BURST
    pace, fates = measure_pace(made), find_fates(cluster, client)
    tell(
        calls=len(made),
        seconds=round(minutes * 60, 1),
        allowed=round(allowed),
        most_in_ten_seconds=count_most(made, seconds=10),
        pace_per_minute=round(pace),
        fates=dict(fates),
    )
    assert len(made) <= allowed + 1
    assert count_most(made, seconds=10) <= PER_MINUTE / 6 + BURST + 1
    assert pace >= 0.9 * PER_MINUTE
    assert fates == {"completed": ITEMS}


def test_a_sustained_storm_of_429_leaves_nine_tenths_of_the_quota_and_no_dead_letter(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None]
) -> None:
    known = len(provider.calls)
    provider.limit_rate(PER_MINUTE)
    embed_in_small_claims(cluster, client, budget=100_000)  # as if we knew nothing of the quota
    made = provider.calls[known:]
    pace, fates = measure_pace(made), find_fates(cluster, client)
    refused = len(made) - len(list_successes(made))
    tell(calls=len(made), refused=refused, quota=PER_MINUTE, pace_per_minute=round(pace), fates=dict(fates))
    assert refused
    assert pace >= 0.9 * PER_MINUTE
    assert fates == {"completed": ITEMS}
    assert find_attempts(cluster, client) == {1: 2 * ITEMS}


def test_a_long_retry_after_is_kept_by_everybody(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None]
) -> None:
    known = len(provider.calls)
    provider.script(*[rate_limited(200)] * 2)  # both children may be on their way
    client.send(ITEMS)
    wait_until(lambda: not count_unfinished(cluster, "memory", "link"), within=60, what="all but the vectors")
    assert not is_reached(lambda: not count_unfinished(cluster, "embed"), within=10)
    made, waits = provider.calls[known:], [float(wait) for (wait,) in ask(cluster, "embed_waits")]
    tell(calls=len(made), waiting=len(waits), least_wait_s=round(min(waits)), most_wait_s=round(max(waits)))
    assert len(made) <= 2
    assert 150 < min(waits) <= max(waits) < 400
    provider.behave()
    end_the_wait(cluster)
    wait_until_drained(cluster)
    assert find_fates(cluster, client) == {"completed": ITEMS}
    assert find_attempts(cluster, client) == {1: 2 * ITEMS}


def end_the_wait(cluster: Cluster) -> None:
    """What an operator does who knows that the provider is well again: so the test need not wait 200 seconds."""
    with cluster.open_broker() as broker:
        broker.flushall()
    with cluster.connect() as connection:
        connection.execute("UPDATE embed_queue SET run_after = now() WHERE status = 'pending'")


def test_a_backlog_drains_after_an_outage_without_a_thundering_herd(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None]
) -> None:
    known = len(provider.calls)
    provider.always(Status(503))
    with cluster.reconfigured(
        "dispatcher", "worker", PROVIDER_REQUESTS_PER_MINUTE=str(PER_MINUTE), **SMALL_CLAIMS
    ):
        client.send(ITEMS)
        wait_until(lambda: len(provider.calls) > known + 8, within=60, what="several probes")
        failed = provider.calls[known:]
        provider.behave()
        drained = wait_until_drained(cluster)
    made = [call for call in provider.calls[known:] if call not in failed]
    gaps = [after.at - before.at for before, after in pairwise(failed[-3:])]
    most, fates = count_most(made, seconds=1), find_fates(cluster, client)
    tell(
        calls_in_outage=len(failed),
        seconds_between_probes=[round(gap, 1) for gap in gaps],
        most_in_one_second_after=most,
        drained_s=round(drained, 1),
        fates=dict(fates),
    )
    assert min(gaps) > 0.9 * PAUSE_SECONDS
    assert most <= BURST + PER_MINUTE / 60 + 1
    assert fates == {"completed": ITEMS}
    assert find_attempts(cluster, client) == {1: 2 * ITEMS}
