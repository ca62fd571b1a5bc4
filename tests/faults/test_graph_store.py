"""The graph store away, cut off or emptied: all else goes on, and the graph is what a rebuild makes of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from uuid import UUID

import pytest

from graph.store import connect
from tests.faults.cluster import ROOT, Cluster, wait_until
from tests.faults.oracle import Client, ask, count_unfinished, find_fates, wait_until_drained

pytestmark = pytest.mark.faults
FILES = 40


def make_files(generation: int) -> list[dict[str, str]]:
    """Modules that call each other; those of another generation differ in every file."""
    files = []
    for number in range(FILES):
        following = (number + 1) % FILES
        content = (
            f"from shop.part_{following} import price_{following}\n\n\n"
            f"def price_{number}(net):\n"
            f"    return price_{following}(net) + generation_{generation}(net)\n\n\n"
            f"def generation_{generation}(net):\n"
            f"    return net * {generation}\n"
        )
        files.append({"path": f"shop/part_{number}.py", "content": content})
    return files


def send_files(cluster: Cluster, name: str, *, generation: int) -> None:
    """Send the files of one generation to the project of that name."""
    body = {"project": {"path": f"/home/dev/{name}"}, "checkoutId": name, "files": make_files(generation)}
    with cluster.make_api() as api:
        answer = api.post("/api/ingest/code", json=body)
    assert answer.status_code == 202, answer.text


def read_checksum(cluster: Cluster, name: str) -> str:
    """The checksum of a project's graph, read from the store beside the pipeline."""
    [(workspace, project)] = ask(cluster, "project", name=name)
    store = connect(cluster.environment["GRAPH_URL"])
    try:
        return store.checksum(UUID(workspace), project=project)
    finally:
        store.close()


def rebuild(cluster: Cluster, name: str) -> str:
    """Write the project's graph afresh; its checksum then."""
    command = [sys.executable, "manage.py", "rebuild_graph", "--project", name]
    done = subprocess.run(command, cwd=ROOT, env=cluster.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return read_checksum(cluster, name)


@pytest.mark.quick
def test_embedding_goes_on_without_the_graph_which_converges_when_it_is_back(
    cluster: Cluster, client: Client, tell: Callable[..., None]
) -> None:
    send_files(cluster, "away", generation=1)
    wait_until_drained(cluster)
    first = read_checksum(cluster, "away")
    cluster.terminate("graph")
    send_files(cluster, "away", generation=2)
    client.send(300)
    embedded = wait_until(
        lambda: not count_unfinished(cluster, "memory", "code", "embed"), within=60, what="embedding"
    )
    waiting = count_unfinished(cluster, "graph")
    cluster.start_graph()
    drained = wait_until_drained(cluster)
    fates, found = find_fates(cluster, client), read_checksum(cluster, "away")
    tell(embedded_s=round(embedded, 1), waiting=waiting, drained_s=round(drained, 1), fates=dict(fates))
    assert waiting == FILES
    assert fates == {"completed": 300}
    assert found != first
    assert found == rebuild(cluster, "away")


@pytest.mark.quick
def test_a_graph_that_was_wiped_is_rebuilt_to_the_same_checksum(
    cluster: Cluster, tell: Callable[..., None]
) -> None:
    send_files(cluster, "wiped", generation=1)
    wait_until_drained(cluster)
    before = read_checksum(cluster, "wiped")
    with cluster.open_graph() as graph:
        graph.flushall()
    assert read_checksum(cluster, "wiped") != before
    after = rebuild(cluster, "wiped")
    tell(before=before, after=after)
    assert after == before


def test_a_graph_killed_between_writes_is_rebuilt_to_the_checksum_of_one_that_was_not(
    cluster: Cluster, tell: Callable[..., None]
) -> None:
    send_files(cluster, "killed", generation=1)
    wait_until_drained(cluster)
    send_files(cluster, "killed", generation=2)
    wait_until(lambda: count_unfinished(cluster, "graph") > 0, within=30, what="a graph write to be due")
    cluster.kill("graph")
    cluster.start_graph()
    drained = wait_until_drained(cluster)
    converged = read_checksum(cluster, "killed")
    rebuilt = rebuild(cluster, "killed")
    tell(drained_s=round(drained, 1), converged_by_itself=converged == rebuilt)
    assert rebuilt == rebuild(cluster, "killed")
