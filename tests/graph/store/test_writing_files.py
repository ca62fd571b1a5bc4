"""What both stores promise about writing the graph of files."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from graph.elements import EdgeType, Node, NodeLabel
from graph.store import GraphStore
from graph.store.model import FileGraph, GraphEntity, LinkScope, StaleEpoch, Written
from tests.graph.store.cast import (
    APP,
    APP_GRAPH,
    FILES,
    LIB_GRAPH,
    LOAD,
    MAIN,
    MEMORY,
    MENTION,
    PARSE,
    PROJECT,
    REQUESTS,
    SERVE,
    calls,
    file_node,
    function,
    without,
)


def write(store: GraphStore, workspace_id: UUID, *files: FileGraph, epoch: int = 1, **options: object) -> object:
    return store.write_files(workspace_id, project=PROJECT, epoch=epoch, files=files, **options)  # type: ignore[arg-type]


def mention_load(store: GraphStore, workspace_id: UUID) -> None:
    scope = LinkScope(sources=[MEMORY.uid], types=[EdgeType.MENTIONS])
    store.write_links(workspace_id, project=PROJECT, epoch=1, nodes=[MEMORY], edges=[MENTION], scope=scope)


def test_what_was_written_is_read_back_exactly(store: GraphStore, workspace_id: UUID) -> None:
    assert write(store, workspace_id, *FILES) == Written(nodes=7, edges=9)
    assert store.entity(workspace_id, MAIN.uid) == GraphEntity(
        uid=MAIN.uid,
        label=NodeLabel.FUNCTION,
        project=PROJECT,
        src_file="src/app.py",
        properties=MAIN.properties,
    )
    assert store.entity(workspace_id, REQUESTS.uid) == GraphEntity(
        uid=REQUESTS.uid, label=NodeLabel.MODULE, project=PROJECT, properties=REQUESTS.properties
    )
    counts = store.counts(workspace_id, project=PROJECT)
    assert counts.nodes == {
        NodeLabel.FILE: 2,
        NodeLabel.FUNCTION: 4,
        NodeLabel.MODULE: 1,
        NodeLabel.PROJECT: 1,
    }
    assert counts.edges == {EdgeType.CALLS: 3, EdgeType.DEFINES: 4, EdgeType.IMPORTS: 2}


def test_edges_between_files_do_not_depend_on_their_order(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    write(store, workspace_id, APP_GRAPH, LIB_GRAPH)
    write(store, other_workspace_id, LIB_GRAPH, APP_GRAPH)
    assert store.checksum(workspace_id, project=PROJECT) == store.checksum(other_workspace_id, project=PROJECT)


def test_an_edge_with_a_missing_end_is_counted_and_not_written(store: GraphStore, workspace_id: UUID) -> None:
    assert write(store, workspace_id, APP_GRAPH) == Written(nodes=3, edges=3, missing_ends=2)
    assert store.callees(workspace_id, SERVE.uid).items == ()


def test_running_a_write_twice_changes_nothing(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    before = store.checksum(workspace_id, project=PROJECT)
    assert write(store, workspace_id, *FILES) == Written(nodes=7, edges=9)
    assert store.checksum(workspace_id, project=PROJECT) == before


def test_a_property_that_is_gone_is_removed(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    bare = replace(MAIN, properties={"name": "main", "signature": None})
    write(store, workspace_id, replace(APP_GRAPH, nodes=(APP, bare, SERVE)))
    found = store.entity(workspace_id, MAIN.uid)
    assert found is not None
    assert found.properties == {"name": "main"}


def test_a_changed_file_keeps_the_edges_that_come_from_other_files(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    changed = replace(LOAD, properties={**LOAD.properties, "signature": "load(path)"})
    lib = without(LIB_GRAPH, PARSE)
    written = write(store, workspace_id, replace(lib, nodes=(lib.nodes[0], changed, REQUESTS)))
    assert written == Written(nodes=3, edges=2, removed=1)
    assert store.entity(workspace_id, PARSE.uid) is None
    (caller,) = store.callers(workspace_id, LOAD.uid).items
    assert (caller.entity.uid, caller.confidence, caller.lines) == (SERVE.uid, 0.8, (12,))
    found = store.entity(workspace_id, LOAD.uid)
    assert found is not None
    assert found.text("signature") == "load(path)"


def test_an_edge_that_is_gone_from_its_file_is_removed(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    kept = tuple(edge for edge in APP_GRAPH.edges if edge.type is not EdgeType.CALLS)
    write(store, workspace_id, replace(APP_GRAPH, edges=(*kept, calls(MAIN, LOAD))))
    assert [found.entity.uid for found in store.callers(workspace_id, LOAD.uid).items] == [MAIN.uid]
    assert store.counts(workspace_id, project=PROJECT).edges[EdgeType.CALLS] == 2


def test_the_incremental_graph_equals_a_full_rebuild(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    write(store, workspace_id, *FILES)
    lib = without(LIB_GRAPH, PARSE, REQUESTS)
    write(store, workspace_id, lib)
    write(store, other_workspace_id, APP_GRAPH, lib, epoch=5)
    assert store.entity(workspace_id, REQUESTS.uid) is None, "a module that nobody imports is gone"
    assert store.checksum(workspace_id, project=PROJECT) == store.checksum(other_workspace_id, project=PROJECT)


def test_a_removed_symbol_that_memories_mention_stays_as_a_tombstone(
    store: GraphStore, workspace_id: UUID, now: int
) -> None:
    write(store, workspace_id, *FILES)
    mention_load(store, workspace_id)
    lib = without(LIB_GRAPH, LOAD, PARSE)
    buried = replace(lib, nodes=(*lib.nodes, replace(LOAD, deleted_at=now)))
    app = replace(APP_GRAPH, edges=tuple(item for item in APP_GRAPH.edges if item.target != LOAD.uid))
    assert write(store, workspace_id, app, buried) == Written(nodes=6, edges=5, removed=1)
    tombstone = store.entity(workspace_id, LOAD.uid)
    assert tombstone is not None
    assert tombstone.deleted_at == now
    assert tombstone.properties == LOAD.properties
    assert [found.entity.uid for found in store.memories_of(workspace_id, LOAD.uid).items] == [MEMORY.uid]
    assert store.callers(workspace_id, LOAD.uid).items == ()
    assert store.find_entities(workspace_id, query="load").items == ()

    write(store, workspace_id, LIB_GRAPH)
    revived = store.entity(workspace_id, LOAD.uid)
    assert revived is not None
    assert revived.deleted_at is None
    assert [found.entity.uid for found in store.memories_of(workspace_id, LOAD.uid).items] == [MEMORY.uid]


def test_deleted_files_take_all_they_own_with_them(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    buried = FileGraph("src/lib.py", [replace(LOAD, deleted_at=1)])
    assert write(store, workspace_id, buried, FileGraph("never.py")) == Written(nodes=1, removed=2)
    counts = store.counts(workspace_id, project=PROJECT)
    assert counts.nodes == {NodeLabel.FILE: 1, NodeLabel.FUNCTION: 3, NodeLabel.PROJECT: 1}
    assert counts.edges == {EdgeType.CALLS: 2, EdgeType.DEFINES: 2}, "app.py still calls what is buried"


def test_an_edge_from_the_project_belongs_to_its_file(store: GraphStore, workspace_id: UUID) -> None:
    project = Node(NodeLabel.PROJECT, PROJECT, {"name": "demo"})
    one = file_node("one.py")
    contains = replace(calls(project, one), type=EdgeType.CONTAINS, properties={})
    file = FileGraph("one.py", (project, one), (contains,))
    assert write(store, workspace_id, file) == Written(nodes=2, edges=1)
    write(store, workspace_id, replace(file, edges=()))
    assert store.counts(workspace_id, project=PROJECT).edges == {}
    found = store.entity(workspace_id, PROJECT)
    assert found is not None
    assert found.text("name") == "demo"


def test_a_stale_writer_is_told_and_changes_nothing(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES, epoch=2)
    before = store.checksum(workspace_id, project=PROJECT)
    assert write(store, workspace_id, without(LIB_GRAPH, LOAD), epoch=1) == StaleEpoch(1)
    assert store.write_files(
        workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/app.py")]
    ) == StaleEpoch(1)
    assert store.sweep(workspace_id, project=PROJECT, epoch=1) == StaleEpoch(1)
    assert store.delete_entities(workspace_id, project=PROJECT, epoch=1, uids=[LOAD.uid]) == StaleEpoch(1)
    scope = LinkScope(sources=[MEMORY.uid], types=[EdgeType.MENTIONS])
    stale_links = store.write_links(
        workspace_id, project=PROJECT, epoch=1, nodes=[MEMORY], edges=[MENTION], scope=scope
    )
    assert stale_links == StaleEpoch(1)
    assert store.checksum(workspace_id, project=PROJECT) == before


def test_the_fence_of_one_project_does_not_hold_up_another(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES, epoch=9)
    other = FileGraph("x.py", (file_node("x.py"),))
    assert store.write_files(workspace_id, project="project1", epoch=1, files=[other]) == Written(nodes=1)


def test_one_project_cannot_remove_what_is_of_another(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    outcome = store.delete_entities(workspace_id, project="project1", epoch=1, uids=[LOAD.uid])
    assert outcome == Written(removed=0)
    assert store.entity(workspace_id, LOAD.uid) is not None


def test_a_sweep_removes_what_the_rebuild_did_not_write(
    store: GraphStore, workspace_id: UUID, other_workspace_id: UUID
) -> None:
    write(store, workspace_id, *FILES, epoch=1)
    mention_load(store, workspace_id)
    fewer = without(APP_GRAPH, MAIN)
    write(store, workspace_id, fewer, epoch=2)
    buried = FileGraph("src/lib.py", [replace(LOAD, deleted_at=1)])
    store.upsert_nodes(workspace_id, project=PROJECT, epoch=2, files=[buried])
    assert store.sweep(workspace_id, project=PROJECT, epoch=2) == Written(removed=3)
    assert [found.entity.uid for found in store.memories_of(workspace_id, LOAD.uid).items] == [MEMORY.uid]

    assert store.sweep(workspace_id, project=PROJECT, epoch=3) == Written(removed=3)
    store.delete_entities(workspace_id, project=PROJECT, epoch=3, uids=[MEMORY.uid])
    write(store, other_workspace_id, FileGraph("none.py"), epoch=1)
    assert store.checksum(workspace_id, project=PROJECT) == store.checksum(other_workspace_id, project=PROJECT)


def test_a_project_is_deleted_alone(store: GraphStore, workspace_id: UUID) -> None:
    write(store, workspace_id, *FILES)
    other = function("x.py", "kept")
    store.write_files(workspace_id, project="project1", epoch=1, files=[FileGraph("x.py", (other,))])
    assert store.delete_project(workspace_id, project=PROJECT) == 8
    assert store.delete_project(workspace_id, project=PROJECT) == 0
    assert store.counts(workspace_id, project=PROJECT).nodes == {}
    assert store.entity(workspace_id, other.uid) is not None


def test_five_thousand_nodes_are_written_in_batches(store: GraphStore, workspace_id: UUID) -> None:
    nodes = tuple(function("big.py", f"f{index}") for index in range(5_000))
    edges = tuple(calls(nodes[index], nodes[index + 1]) for index in range(4_999))
    assert write(store, workspace_id, FileGraph("big.py", nodes, edges)) == Written(nodes=5_000, edges=4_999)
    assert write(store, workspace_id, FileGraph("big.py", nodes[:10], edges[:9])) == Written(
        nodes=10, edges=9, removed=4_990
    )
