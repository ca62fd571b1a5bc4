"""The dispatcher killed after publishing: it keeps no mark of what it sent, so there is none to lose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis

from tests.faults.cluster import Cluster, wait_until
from tests.faults.oracle import Client, count_unfinished, find_attempts, find_fates, wait_until_drained

pytestmark = [pytest.mark.faults, pytest.mark.on_neo4j]
ITEMS = 2_000
KILLS = 8


def count_published(broker: redis.Redis) -> int:
    """How many hints have been published since the broker began: nobody but the dispatcher pushes."""
    return int(broker.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0))


def test_a_dispatcher_killed_right_after_each_publishing_loses_and_doubles_nothing(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    cluster.kill("dispatcher")
    client.send(ITEMS)
    kills = published = 0
    with cluster.open_broker() as broker:
        while kills < KILLS and count_unfinished(cluster):
            before = count_published(broker)
            cluster.start_process("dispatcher")
            # The worker may finish with the hints that it has: then there is nothing left to hint at.
            wait_until(
                lambda before=before: count_published(broker) > before or not count_unfinished(cluster),
                within=30,
                what="a hint",
            )
            cluster.kill("dispatcher")
            kills += 1
            published += count_published(broker) - before
    left = count_unfinished(cluster)
    cluster.start_process("dispatcher")
    drained = wait_until_drained(cluster)
    fates, attempts = find_fates(cluster, client), find_attempts(cluster, client)
    tell(
        kills=kills,
        published=published,
        left_at_last=left,
        drained_s=round(drained, 1),
        fates=dict(fates),
        attempts=dict(attempts),
    )
    assert kills > 3
    assert fates == {"completed": ITEMS}
    assert attempts == {1: 2 * ITEMS}
