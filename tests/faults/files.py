"""Source files whose graph every fault has to leave as a fresh rebuild makes it."""

from __future__ import annotations

from uuid import UUID

from graph.store import connect
from tests.faults.cluster import Cluster
from tests.faults.oracle import ask

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
    """Write every project's graph afresh; the checksum of this one then."""
    cluster.manage("rebuild_graph")
    return read_checksum(cluster, name)
