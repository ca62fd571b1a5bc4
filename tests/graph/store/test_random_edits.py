"""After any sequence of edits the graph equals one that was built from the last state at once."""

from __future__ import annotations

import random
from collections.abc import Mapping
from uuid import UUID

import pytest

from graph.elements import EdgeType, Node, NodeLabel
from graph.store import GraphStore
from graph.store.model import FileGraph
from tests.graph.store.cast import PROJECT, calls, edge, file_node, function

PATHS = ("a.py", "b.py", "c.py", "d.py")
NAMES = ("one", "two", "three", "four")
MODULES = tuple(Node(NodeLabel.MODULE, f"module-{name}", {"name": name}) for name in ("json", "re"))
EDITS = 12

State = Mapping[str, frozenset[str]]


def edit(state: State, rng: random.Random) -> State:
    """Give one file other definitions, or take it away."""
    path = rng.choice(PATHS)
    rest = {other: names for other, names in state.items() if other != path}
    if rng.random() < 0.2:
        return rest
    return {**rest, path: frozenset(rng.sample(NAMES, rng.randint(0, len(NAMES))))}


def resolve(state: State) -> dict[str, FileGraph]:
    """Every definition calls its namesakes elsewhere; how many there are decides what is imported."""
    return {path: resolve_file(path, state) for path in state}


def resolve_file(path: str, state: State) -> FileGraph:
    file = file_node(path)
    module = MODULES[len(state[path]) % 2]
    own = {name: function(path, name, siblings=len(state[path])) for name in sorted(state[path])}
    edges = [edge(EdgeType.IMPORTS, file, module)]
    for name, node in own.items():
        edges.append(edge(EdgeType.DEFINES, file, node))
        namesakes = [other for other in sorted(state) if other != path and name in state[other]]
        edges += [calls(node, function(other, name)) for other in namesakes]
    return FileGraph(path, (file, *own.values(), module), tuple(edges))


@pytest.mark.parametrize("seed", range(3))
def test_edits_one_by_one_equal_a_full_rebuild(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID, seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311 - repeatable edits, not a secret
    state: State = {}
    known: dict[str, FileGraph] = {}
    for _ in range(EDITS):
        state = edit(state, rng)
        wanted = resolve(state)
        changed = [file for path, file in wanted.items() if known.get(path) != file]
        store.write_files(workspace_id, project=PROJECT, epoch=1, files=changed)
        gone = [FileGraph(path) for path in sorted(known.keys() - wanted.keys())]
        store.write_files(workspace_id, project=PROJECT, epoch=1, files=gone)
        known = wanted

    store.write_files(other_workspace_id, project=PROJECT, epoch=1, files=list(known.values()))
    assert store.counts(workspace_id, project=PROJECT) == store.counts(other_workspace_id, project=PROJECT)
    assert store.checksum(workspace_id, project=PROJECT) == store.checksum(other_workspace_id, project=PROJECT)
    assert store.counts(workspace_id, project=PROJECT).edges[EdgeType.CALLS] > 0
