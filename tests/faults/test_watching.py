"""What an operator sees of a whole installation: one request in every log, a dead process, tasks in Flower."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx2
import orjson
import pytest

from supastate.local.service import LOOPBACK
from tests.faults.cluster import Cluster, wait_until
from tests.faults.oracle import Client, wait_until_drained
from tests.faults.test_broker import TASKS

pytestmark = pytest.mark.faults
LOGIN = ("operator", "a-password")


def read_lines(cluster: Cluster, process: str) -> list[dict[str, Any]]:
    """The structured lines that a process has logged."""
    lines = cluster.state.find_log(process).read_text().splitlines()
    return [orjson.loads(line) for line in lines if line.startswith("{")]


@pytest.mark.quick
def test_one_request_is_followed_from_its_202_to_the_last_stage(cluster: Cluster, client: Client) -> None:
    request_id = "followed-1"
    chunks = client.make_chunks(3, marker="words that no log may hold")
    with cluster.make_api() as api:
        body = {"sessionId": client.session, "chunks": chunks}
        answer = api.post("/api/ingest/memory", json=body, headers={"X-Request-Id": request_id})
        accepted = answer.json()
        wait_until_drained(cluster)
        assert api.get(accepted["statusUrl"]).json()["requestId"] == request_id
    assert answer.headers["X-Request-Id"] == request_id
    [told] = [line for line in read_lines(cluster, "web") if line.get("request_id") == request_id]
    assert (told["event"], told["batch_id"], told["new"]) == ("batch_accepted", accepted["batchId"], 3)
    work = [line for line in read_lines(cluster, "worker") if request_id in line.get("request_ids", ())]
    assert all(accepted["batchId"] in line["batch_ids"] for line in work)
    claimed: dict[str, set[str]] = {}
    for line in work:
        if line["event"] == "rows_claimed":
            claimed.setdefault(line["stage"], set()).update(line["row_ids"])
    assert set(claimed) == {"store_memory", "embed", "link_memories"}
    assert claimed["store_memory"] == {item["id"] for item in accepted["items"]}
    assert [len(rows) for rows in claimed.values()] == [3, 3, 3]
    for process in ("web", "dispatcher", "worker"):
        assert "no log may hold" not in cluster.state.find_log(process).read_text()


@pytest.mark.parametrize("dead", ["dispatcher", "worker"])
def test_readiness_turns_red_without_a_process_and_green_with_it(
    cluster: Cluster, client: Client, dead: str
) -> None:
    cluster.terminate("web")
    cluster.start_process("web", QUEUE_STALL_SECONDS="1")
    cluster.terminate(dead)
    with cluster.make_api() as api:

        def is_ready() -> bool:
            return api.get("/api/health/ready").status_code == 200

        assert is_ready()
        client.send(1)
        wait_until(lambda: not is_ready(), within=30, what="readiness to turn red")
        assert api.get("/api/health/ready").json()["checks"]["queue"].startswith("Not draining: store_memory")
        cluster.start_process(dead)
        wait_until_drained(cluster)
        assert is_ready()
    cluster.terminate("web")


@pytest.fixture
def flower(cluster: Cluster) -> Iterator[httpx2.Client]:
    """Flower's API, for who knows the password."""
    cluster.start_process("flower", FLOWER_BASIC_AUTH=":".join(LOGIN))
    url = f"http://{LOOPBACK}:{cluster.environment['FLOWER_PORT']}"
    with httpx2.Client(base_url=url, auth=LOGIN, timeout=20, trust_env=False) as api:
        wait_until(lambda: bool(_read(api, "/api/workers?refresh=1")), within=60, what="Flower to know the worker")
        yield api
    cluster.terminate("flower")


@pytest.mark.quick
def test_flower_shows_named_tasks_on_named_queues_with_a_live_worker(
    cluster: Cluster, client: Client, flower: httpx2.Client
) -> None:
    [worker] = _read(flower, "/api/workers?refresh=1").values()
    assert {queue["name"] for queue in worker["active_queues"]} >= set(TASKS.values())
    assert set(worker["registered"]) >= set(TASKS)
    assert list(_read(flower, "/api/workers?status=1").values()) == [True]
    client.send(2)
    wait_until_drained(cluster)
    expected = {"processing.store_memories", "processing.embed_texts", "processing.link_memories"}
    wait_until(lambda: _list_done(flower) >= expected, within=30, what="the tasks in Flower")
    assert httpx2.get(f"{flower.base_url}/api/tasks", trust_env=False).status_code == 401


def _list_done(flower: httpx2.Client) -> set[str]:
    return {task["name"] for task in _read(flower, "/api/tasks").values() if task["state"] == "SUCCESS"}


def _read(flower: httpx2.Client, path: str) -> dict[str, Any]:
    with suppress(httpx2.TransportError):
        answer = flower.get(path)
        return dict(answer.json()) if answer.status_code == 200 else {}
    return {}
