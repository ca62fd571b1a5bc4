"""Workers whose clocks are an hour wrong: leases, back-off and what is due go by the database's clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.behaviours import Status
from tests.fakes.openai_server import FakeOpenAIServer
from tests.faults.cluster import Cluster, wait_until
from tests.faults.oracle import Client, count_unfinished, find_attempts, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
ITEMS = 600
WRONG_CLOCK = str(Path(__file__).parent / "clock")


def read_clock_ahead(cluster: Cluster) -> float:
    """How far the clock is ahead that stamps the worker's log; the end of the log was written just now."""
    last = [line for line in cluster.read_log("worker").splitlines() if line.startswith("{")][-1]
    return (datetime.fromisoformat(json.loads(last)["timestamp"]) - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize("hours", [-1, pytest.param(1, marks=pytest.mark.quick)])
def test_a_worker_whose_clock_is_an_hour_wrong_works_like_any_other(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None], hours: int
) -> None:
    provider.script(*[Status(500, headers={"Retry-After": "1"})] * 2)
    with cluster.reconfigured("worker", PYTHONPATH=WRONG_CLOCK, CLOCK_AHEAD_SECONDS=str(hours * 3_600)):
        client.send(ITEMS)
        drained = wait_until_drained(cluster, within=60)
        seconds = read_clock_ahead(cluster)
    fates, attempts = find_fates(cluster, client), find_attempts(cluster, client)
    tell(clock_ahead_s=round(seconds), drained_s=round(drained, 1), fates=dict(fates), attempts=dict(attempts))
    assert abs(seconds - hours * 3_600) < 60, "the worker's clock was right: the fault was none"
    assert fates == {"completed": ITEMS}
    assert attempts == {1: 2 * ITEMS}


def test_what_a_worker_with_a_wrong_clock_held_is_taken_over_when_its_lease_ends(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    clocks = {"ahead": "3600", "behind": "-3600"}
    cluster.terminate("worker")
    client.send(ITEMS)
    cluster.start_process("worker", as_name="ahead", PYTHONPATH=WRONG_CLOCK, CLOCK_AHEAD_SECONDS=clocks["ahead"])
    wait_until(lambda: count_unfinished(cluster, "embed") > 0, within=60, what="the first texts")
    cluster.kill("ahead")
    left = count_unfinished(cluster)
    cluster.start_process("worker", as_name="behind", PYTHONPATH=WRONG_CLOCK, CLOCK_AHEAD_SECONDS=clocks["behind"])
    drained = wait_until_drained(cluster)
    cluster.terminate("behind")
    fates = find_fates(cluster, client)
    tell(left_when_killed=left, drained_s=round(drained, 1), fates=dict(fates))
    assert left
    assert fates == {"completed": ITEMS}
