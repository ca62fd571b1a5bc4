"""What both stores promise about sessions, memories, patterns and their links to code."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from graph.elements import Edge, EdgeType, Node, NodeLabel
from graph.store import GraphStore
from graph.store.model import FileGraph, Layer, LinkScope, WriteOutcome, Written
from tests.graph.store.cast import (
    APP,
    FILES,
    LATER_MEMORY,
    LIB_GRAPH,
    LOAD,
    MAIN,
    MEMORY,
    MENTION,
    PROJECT,
    SESSION,
    edge,
    without,
)

NEXT = edge(EdgeType.NEXT, MEMORY, LATER_MEMORY)
TOUCHED = edge(EdgeType.TOUCHED, SESSION, APP)


@pytest.fixture(autouse=True)
def code(store: GraphStore, workspace_id: UUID) -> None:
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)


def link(
    store: GraphStore,
    workspace_id: UUID,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    types: Sequence[EdgeType] = (EdgeType.MENTIONS,),
    epoch: int = 1,
) -> WriteOutcome:
    scope = LinkScope(sources=[node.uid for node in nodes], types=types)
    return store.write_links(workspace_id, project=PROJECT, epoch=epoch, nodes=nodes, edges=edges, scope=scope)


def mentioned_in(store: GraphStore, workspace_id: UUID, node: Node) -> list[str]:
    return [found.entity.uid for found in store.memories_of(workspace_id, node.uid).items]


def test_a_mention_is_read_with_how_and_how_sure(store: GraphStore, workspace_id: UUID) -> None:
    assert link(store, workspace_id, [MEMORY], [MENTION]) == Written(nodes=1, edges=1)
    (found,) = store.memories_of(workspace_id, LOAD.uid).items
    assert (found.entity.label, found.entity.properties) == (NodeLabel.MEMORY, MEMORY.properties)
    assert (found.method, found.confidence, found.via, found.depth) == ("name", 0.9, LOAD.uid, 1)


def test_linking_twice_changes_nothing(store: GraphStore, workspace_id: UUID) -> None:
    link(store, workspace_id, [MEMORY], [MENTION])
    before = store.checksum(workspace_id, project=PROJECT)
    link(store, workspace_id, [MEMORY], [MENTION])
    assert store.checksum(workspace_id, project=PROJECT) == before


def test_links_of_a_source_are_replaced_and_those_of_others_stay(store: GraphStore, workspace_id: UUID) -> None:
    link(store, workspace_id, [MEMORY, LATER_MEMORY], [MENTION, edge(EdgeType.MENTIONS, LATER_MEMORY, LOAD)])
    link(store, workspace_id, [MEMORY], [edge(EdgeType.MENTIONS, MEMORY, MAIN)])
    assert mentioned_in(store, workspace_id, LOAD) == [LATER_MEMORY.uid]
    assert mentioned_in(store, workspace_id, MAIN) == [MEMORY.uid]
    link(store, workspace_id, [MEMORY], [])
    assert mentioned_in(store, workspace_id, MAIN) == []


def test_only_the_types_in_scope_are_replaced(store: GraphStore, workspace_id: UUID) -> None:
    both = [EdgeType.MENTIONS, EdgeType.NEXT]
    link(store, workspace_id, [MEMORY, LATER_MEMORY], [MENTION, NEXT], both)
    link(store, workspace_id, [MEMORY], [], [EdgeType.MENTIONS])
    edges = store.counts(workspace_id, project=PROJECT).edges
    assert edges[EdgeType.NEXT] == 1
    assert EdgeType.MENTIONS not in edges


def test_a_mention_of_nothing_is_counted_as_missing(store: GraphStore, workspace_id: UUID) -> None:
    gone = Edge(EdgeType.MENTIONS, NodeLabel.MEMORY, MEMORY.uid, NodeLabel.FUNCTION, "nowhere")
    assert link(store, workspace_id, [MEMORY], [gone, MENTION]) == Written(nodes=1, edges=1, missing_ends=1)


def test_an_erased_memory_takes_its_links_with_it(store: GraphStore, workspace_id: UUID) -> None:
    link(store, workspace_id, [MEMORY, LATER_MEMORY], [MENTION, NEXT], [EdgeType.MENTIONS, EdgeType.NEXT])
    outcome = store.delete_entities(workspace_id, project=PROJECT, epoch=1, uids=[MEMORY.uid, "nobody"])
    assert outcome == Written(removed=1)
    assert mentioned_in(store, workspace_id, LOAD) == []
    assert store.entity(workspace_id, LATER_MEMORY.uid) is not None


def test_links_survive_a_rebuild_and_sweep_of_the_code(store: GraphStore, workspace_id: UUID) -> None:
    link(store, workspace_id, [MEMORY, SESSION], [MENTION, TOUCHED], [EdgeType.MENTIONS, EdgeType.TOUCHED])
    store.write_files(workspace_id, project=PROJECT, epoch=2, files=FILES)
    before = store.checksum(workspace_id, project=PROJECT)
    assert store.sweep(workspace_id, project=PROJECT, epoch=2) == Written()
    assert store.checksum(workspace_id, project=PROJECT) == before
    assert mentioned_in(store, workspace_id, LOAD) == [MEMORY.uid]


def test_a_sweep_of_the_links_leaves_the_code_alone(store: GraphStore, workspace_id: UUID) -> None:
    code_alone = store.checksum(workspace_id, project=PROJECT)
    link(store, workspace_id, [MEMORY, SESSION], [MENTION, TOUCHED])
    link(store, workspace_id, [LATER_MEMORY], [], epoch=2)
    outcome = store.sweep(workspace_id, project=PROJECT, epoch=2, layer=Layer.LINKS)
    assert outcome == Written(removed=2)
    store.delete_entities(workspace_id, project=PROJECT, epoch=2, uids=[LATER_MEMORY.uid])
    assert store.checksum(workspace_id, project=PROJECT) == code_alone


def test_a_changed_file_keeps_the_mentions_of_what_survives(store: GraphStore, workspace_id: UUID) -> None:
    link(store, workspace_id, [MEMORY], [MENTION])
    smaller = FileGraph(LIB_GRAPH.path, (*without(LIB_GRAPH, LOAD).nodes, LOAD))
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[smaller])
    assert mentioned_in(store, workspace_id, LOAD) == [MEMORY.uid]
