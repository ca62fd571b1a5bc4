"""Workers that die, are replaced or fall asleep: rows with leases are the truth."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.faults.cluster import LEASE_SECONDS_OF, Cluster, is_reached, wait_until
from tests.faults.oracle import Client, ask, count_unfinished, find_attempts, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
ITEMS = 2_000
KILL_EVERY_SECONDS = 2.0


def has_begun(client: Client) -> bool:
    """Whether anything of what was sent has gone through the first stage."""
    return any(status == "completed" for _, status, *_ in ask(client.cluster, "fates", session=client.session))


def is_half_stored(client: Client) -> bool:
    """Whether about half of what was sent has gone through the first stage."""
    fates = [status for _, status, *_ in ask(client.cluster, "fates", session=client.session)]
    return fates.count("completed") * 2 >= len(fates)


@pytest.mark.parametrize("items", [500, ITEMS])
def test_children_killed_every_two_seconds_lose_nothing(
    cluster: Cluster, client: Client, tell: Callable[..., None], items: int
) -> None:
    chance = random.Random(1)  # noqa: S311 - a seed, not a secret
    client.send(items)
    # A child killed while the pool starts would end the whole worker, which is the next test's fault.
    wait_until(lambda: has_begun(client), within=60, what="the first rows to be stored")
    kills = 0
    left = count_unfinished(cluster)
    while not kills or not is_reached(lambda: not count_unfinished(cluster), within=KILL_EVERY_SECONDS):
        children = cluster.list_children()
        for child in chance.sample(children, min(len(children), 1)):  # none while the worker replaces both
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            kills += 1
        assert kills < 60, f"still not drained: {ask(cluster, 'unfinished')}"
    fates = find_fates(cluster, client)
    tell(left_at_first=left, kills=kills, fates=dict(fates), attempts=dict(find_attempts(cluster, client)))
    assert left
    assert fates == {"completed": items}


@pytest.mark.quick
@pytest.mark.on_neo4j
def test_a_worker_killed_whole_and_started_again_loses_nothing(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    client.send(ITEMS)
    wait_until(lambda: is_half_stored(client), within=60, what="half of the items stored")
    cluster.kill("worker")
    left = count_unfinished(cluster)
    cluster.start_process("worker")
    drained = wait_until_drained(cluster)
    fates = find_fates(cluster, client)
    tell(left_when_killed=left, drained_s=round(drained, 1), fates=dict(fates))
    assert left
    assert fates == {"completed": ITEMS}


def test_a_rolling_restart_burns_no_attempt(cluster: Cluster, client: Client, tell: Callable[..., None]) -> None:
    client.send(ITEMS)
    wait_until(lambda: is_half_stored(client), within=60, what="half of the items stored")
    cluster.start_process("worker", as_name="worker-new")
    wait_until(lambda: len(cluster.list_children("worker-new")) > 1, within=60, what="the new worker")
    left = count_unfinished(cluster)
    cluster.terminate("worker")
    drained = wait_until_drained(cluster)
    fates, attempts = find_fates(cluster, client), find_attempts(cluster, client)
    cluster.terminate("worker-new")
    assert left
    tell(left_when_told=left, drained_s=round(drained, 1), fates=dict(fates), attempts=dict(attempts))
    assert fates == {"completed": ITEMS}
    assert attempts == {1: 2 * ITEMS}


def test_a_worker_asleep_past_its_lease_changes_nothing_when_it_wakes(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    client.send(ITEMS)
    wait_until(lambda: is_half_stored(client), within=60, what="half of the items stored")
    cluster.freeze("worker")
    asleep_with = count_unfinished(cluster)
    cluster.start_process("worker", as_name="worker-awake")
    # Postgres ends a transaction left open after 60 s; the other child may have waited for its locks.
    drained = wait_until_drained(cluster, within=200)
    before = sorted(ask(cluster, "effects", session=client.session))
    fates = find_fates(cluster, client)
    cluster.thaw("worker")
    cluster.terminate("worker")
    tell(
        unfinished_when_put_to_sleep=asleep_with,
        lease_s=LEASE_SECONDS_OF[cluster.graph],
        drained_s=round(drained, 1),
    )
    assert sorted(ask(cluster, "effects", session=client.session)) == before
    assert find_fates(cluster, client) == fates == {"completed": ITEMS}
    cluster.terminate("worker-awake")
