"""Two workspaces that hold the same uids never see or touch each other."""

from __future__ import annotations

from uuid import UUID

from graph.elements import EdgeType, NodeLabel
from graph.store import GraphStore
from graph.store.model import FileGraph, LinkScope, StaleEpoch, Written
from tests.graph.store.cast import (
    APP_GRAPH,
    FILES,
    LIB_GRAPH,
    LOAD,
    MAIN,
    MEMORY,
    MENTION,
    PARSE,
    PROJECT,
    SERVE,
    calls,
    function,
)


def test_equal_uids_in_two_workspaces_are_two_nodes(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    theirs = function("src/lib.py", "load", signature="theirs")
    store.write_files(other_workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/lib.py", (theirs,))])
    scope = LinkScope(sources=[MEMORY.uid], types=[EdgeType.MENTIONS])
    store.write_links(other_workspace_id, project=PROJECT, epoch=1, nodes=[MEMORY], edges=[MENTION], scope=scope)

    mine = store.entity(workspace_id, LOAD.uid)
    assert mine is not None
    assert "signature" not in mine.properties
    assert store.entity(other_workspace_id, MAIN.uid) is None
    assert store.callers(other_workspace_id, LOAD.uid).items == ()
    assert store.memories_of(workspace_id, LOAD.uid).items == ()
    assert [found.uid for found in store.find_entities(other_workspace_id).items] == [LOAD.uid]
    assert store.counts(other_workspace_id, project=PROJECT).nodes == {
        NodeLabel.FUNCTION: 1,
        NodeLabel.MEMORY: 1,
        NodeLabel.PROJECT: 1,
    }


def test_an_edge_cannot_end_in_another_workspace(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[LIB_GRAPH])
    caller = function("x.py", "caller")
    outcome = store.write_files(
        other_workspace_id,
        project=PROJECT,
        epoch=1,
        files=[FileGraph("x.py", (caller,), (calls(caller, LOAD),))],
    )
    assert outcome == Written(nodes=1, missing_ends=1)
    assert store.callers(workspace_id, LOAD.uid).items == ()


def test_no_write_or_removal_reaches_another_workspace(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    for each in (workspace_id, other_workspace_id):
        store.write_files(each, project=PROJECT, epoch=1, files=FILES)
    before = store.checksum(workspace_id, project=PROJECT)

    store.write_files(other_workspace_id, project=PROJECT, epoch=7, files=[APP_GRAPH])
    store.sweep(other_workspace_id, project=PROJECT, epoch=7)
    store.write_files(other_workspace_id, project=PROJECT, epoch=7, files=[FileGraph("src/app.py")])
    store.delete_entities(other_workspace_id, project=PROJECT, epoch=7, uids=[PARSE.uid, SERVE.uid])
    store.delete_project(other_workspace_id, project=PROJECT)
    store.delete_workspace(other_workspace_id)

    assert store.checksum(workspace_id, project=PROJECT) == before
    assert store.counts(other_workspace_id, project=PROJECT).nodes == {}
    again = store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    assert again == Written(nodes=7, edges=9), "the other workspace's epoch is not this one's fence"
    store.write_files(workspace_id, project=PROJECT, epoch=2, files=[])
    assert store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES) == StaleEpoch(1)


def test_equal_graphs_have_equal_checksums_in_any_workspace(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    store.write_files(other_workspace_id, project=PROJECT, epoch=4, files=FILES)
    assert store.checksum(workspace_id, project=PROJECT) == store.checksum(other_workspace_id, project=PROJECT)
