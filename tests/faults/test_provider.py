"""A provider that refuses, hangs, breaks and lies; poison in a batch, an item that ends its process; replay."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.fakes.behaviours import (
    Behaviour,
    Hang,
    NotANumber,
    Reset,
    Succeed,
    Truncate,
    WrongCount,
    WrongDimension,
)
from tests.fakes.openai_server import FakeOpenAIServer
from tests.faults.cluster import Cluster, is_reached, wait_until
from tests.faults.oracle import Client, ask, count_unfinished, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
POISON = "zyzzyva"


def list_dead(cluster: Cluster) -> list[str]:
    """The ids of dead rows that nobody has discarded."""
    with cluster.make_api() as api:
        answer = api.get("/api/ingest/dead-letters", params={"limit": 500})
    assert answer.status_code == 200
    return [letter["id"] for letter in answer.json()["results"]]


@pytest.fixture(autouse=True)
def no_dead_letters_left(cluster: Cluster) -> None:
    """Discard what an earlier test left."""
    with cluster.make_api() as api:
        for row in list_dead(cluster):
            assert api.post(f"/api/ingest/dead-letters/{row}/discard").status_code == 200


@pytest.mark.quick
def test_one_poison_item_dies_alone_and_its_replay_twice_has_one_effect(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None]
) -> None:
    provider.reject_inputs_with(POISON)
    with cluster.make_api() as api:
        poison = client.make_chunks(1, marker=POISON)
        client.send_until_acknowledged(api, [*client.make_chunks(1_000), *poison, *client.make_chunks(1_047)])
    calls = len(provider.calls)
    wait_until_drained(cluster)
    fates = find_fates(cluster, client)
    tell(fates=dict(fates), provider_calls=len(provider.calls) - calls)
    assert fates == {"completed": 2_047, "dead provider_rejected_input": 1}
    provider.reject_inputs_with()
    changed = replay_at_once(cluster, list_dead(cluster), times=4)
    wait_until_drained(cluster)
    tell(replays=len(changed), changed=sum(changed), fates=dict(find_fates(cluster, client)))
    assert sum(changed) == 1
    assert find_fates(cluster, client) == {"completed": 2_048}
    assert replay_at_once(cluster, list_dead(cluster), times=1) == []


def replay_at_once(cluster: Cluster, rows: list[str], *, times: int) -> list[bool]:
    """Replay each row so many times side by side; whether each call changed something."""

    def replay(row: str) -> bool:
        with cluster.make_api() as api:
            answer = api.post(f"/api/ingest/dead-letters/{row}/replay")
        assert answer.status_code == 200
        return bool(answer.json()["changed"])

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(replay, rows * times))


def test_an_item_that_kills_its_process_dies_and_its_neighbours_do_not(
    cluster: Cluster, client: Client, provider: FakeOpenAIServer, tell: Callable[..., None]
) -> None:
    provider.hang_on_inputs_with(POISON)
    known, met, kills = len(provider.calls), 0, 0
    # Time enough to kill it: with the time-out of the others the item would just be tried again.
    with cluster.reconfigured("worker", QUEUE_MAX_ATTEMPTS="3", PROVIDER_TIMEOUT_SECONDS="60"):
        with cluster.make_api() as api:
            poison = client.make_chunks(1, marker=POISON)
            client.send_until_acknowledged(api, [*client.make_chunks(10), *poison, *client.make_chunks(10)])
        while not is_reached(lambda: not count_unfinished(cluster), within=0.1):
            hanging = sum(isinstance(call.behaviour, Hang) for call in provider.calls[known:])
            if hanging > met:  # the item is in work: its process ends now, as if of a fault in native code
                met = hanging
                kills += kill_children(cluster)
            assert kills < 40, ask(cluster, "unfinished")
    fates = find_fates(cluster, client)
    tell(met=met, fates=dict(fates))
    assert fates == {"completed": 20, "dead lease_expired": 1}
    assert met == 3


def kill_children(cluster: Cluster) -> int:
    """SIGKILL the worker's children; how many there were."""
    children = cluster.list_children()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return len(children)


@pytest.mark.parametrize(
    "behaviour", [Hang(), Reset(), Truncate(), WrongCount(), WrongDimension(), NotANumber()], ids=repr
)
def test_answers_that_are_broken_or_wrong_leave_no_vector_and_lose_nothing(
    cluster: Cluster,
    client: Client,
    provider: FakeOpenAIServer,
    tell: Callable[..., None],
    behaviour: Behaviour,
) -> None:
    calls = len(provider.calls)
    provider.always(behaviour)
    client.send(300)
    wait_until(lambda: len(provider.calls) >= calls + 3, within=60, what="three broken answers")
    assert find_vectors(cluster, client) == 0
    provider.always(Succeed())
    drained = wait_until_drained(cluster)
    fates = find_fates(cluster, client)
    tell(calls=len(provider.calls) - calls, drained_s=round(drained, 1), fates=dict(fates))
    assert fates == {"completed": 300}


def find_vectors(cluster: Cluster, client: Client) -> int:
    """Vectors of the session's texts."""
    return sum(vectors for _, _, vectors, _ in ask(cluster, "effects", session=client.session))
