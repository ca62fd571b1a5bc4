"""A tenant with a long backlog beside one with a single item: how long until it can be searched."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import httpx2
import pytest

from tests.faults.cluster import Cluster, wait_until
from tests.faults.oracle import Client, count_unfinished, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
BACKLOG = 10_000
SAMPLES = 20
# The aim is twice the idle time; a few claims may be ahead of the item, which a busy machine is slow to do.
MOST_TIMES_IDLE, SECONDS_OF_CLAIMS = 2, 5


def measure_searchable(api: httpx2.Client, word: str) -> float:
    """Seconds from the 202 of an item until its word finds it."""
    chunk = {"content": f"The word is {word}.", "metadata": {"timestamp": "2026-11-21T12:00:00Z"}}
    chunk["metadata"] |= {"messageType": "user"}  # type: ignore[operator]
    answer = api.post("/api/ingest/memory", json={"sessionId": "quiet", "chunks": [chunk]})
    assert answer.status_code == 202, answer.text
    return wait_until(lambda: is_found(api, word), within=60, what=f"{word} to be found")


def is_found(api: httpx2.Client, word: str) -> bool:
    """Whether a search for the word finds the item that has it; by meaning it finds others too."""
    answer = api.get("/api/search/memories", params={"q": word})
    assert answer.status_code == 200, answer.text
    return any(word in found["title"] for found in answer.json()["results"])


def measure_often(api: httpx2.Client, name: str) -> list[float]:
    """The seconds of some items, one after the other, sorted."""
    return sorted(measure_searchable(api, f"{name}{number}word") for number in range(SAMPLES))


def find_p95(seconds: list[float]) -> float:
    return seconds[len(seconds) * 95 // 100 - 1]


def test_a_noisy_tenant_does_not_starve_a_quiet_one(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    key = json.loads(cluster.manage("create_workspace", f"quiet-{time.time_ns()}", "--json"))["apiKey"]
    cluster.start_process("express")
    with cluster.make_api(key) as quiet:
        idle = measure_often(quiet, "idle")
        client.send(BACKLOG, per_request=1_000)
        left = count_unfinished(cluster)
        busy = measure_often(quiet, "busy")
        still = count_unfinished(cluster)
    cluster.kill("express")
    drained = wait_until_drained(cluster, within=400)
    fates = find_fates(cluster, client)
    tell(
        backlog_before=left,
        backlog_after=still,
        idle_p95_ms=round(find_p95(idle) * 1000),
        idle_p50_ms=round(idle[SAMPLES // 2] * 1000),
        busy_p50_ms=round(busy[SAMPLES // 2] * 1000),
        busy_p95_ms=round(find_p95(busy) * 1000),
        drained_s=round(drained, 1),
        fates=dict(fates),
    )
    assert still, "the backlog was gone before the measurement ended"
    assert find_p95(busy) <= MOST_TIMES_IDLE * find_p95(idle) + SECONDS_OF_CLAIMS
    assert fates == {"completed": BACKLOG}
