"""What both stores answer about who calls, imports and mentions what."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from graph.elements import EdgeType
from graph.store import GraphStore, connect
from graph.store.model import FileGraph
from supastate.errors import InvalidInputError
from tests.graph.store.cast import (
    APP,
    FILES,
    LIB,
    LOAD,
    MAIN,
    PARSE,
    PROJECT,
    REQUESTS,
    SERVE,
    calls,
    edge,
    function,
)


@pytest.fixture
def filled_id(store: GraphStore, workspace_id: UUID) -> UUID:
    """A workspace that holds the small project."""
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    return workspace_id


def test_a_uid_that_nobody_has_is_none(store: GraphStore, filled_id: UUID) -> None:
    assert store.entity(filled_id, "nobody") is None
    assert store.callers(filled_id, "nobody").items == ()


def test_callers_are_found_by_depth(store: GraphStore, filled_id: UUID) -> None:
    direct = store.callers(filled_id, PARSE.uid)
    assert [(found.entity.uid, found.depth, found.via) for found in direct.items] == [(LOAD.uid, 1, PARSE.uid)]
    deep = store.callers(filled_id, PARSE.uid, depth=3)
    assert [(found.entity.uid, found.depth, found.via) for found in deep.items] == [
        (LOAD.uid, 1, PARSE.uid),
        (SERVE.uid, 2, LOAD.uid),
        (MAIN.uid, 3, SERVE.uid),
    ]
    assert deep.items[2].lines == (4, 9)
    assert deep.items[2].method == "scope"
    assert not deep.truncated


def test_callees_are_found_by_depth(store: GraphStore, filled_id: UUID) -> None:
    found = store.callees(filled_id, MAIN.uid, depth=2)
    assert [(item.entity.uid, item.depth) for item in found.items] == [(SERVE.uid, 1), (LOAD.uid, 2)]


def test_a_circle_of_calls_ends(store: GraphStore, workspace_id: UUID) -> None:
    one, two = function("c.py", "one"), function("c.py", "two")
    file = FileGraph("c.py", (one, two), (calls(one, two), calls(two, one), calls(one, one)))
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[file])
    assert [found.entity.uid for found in store.callers(workspace_id, one.uid, depth=10).items] == [two.uid]


def test_a_limit_says_that_there_is_more(store: GraphStore, workspace_id: UUID) -> None:
    callee = function("c.py", "callee")
    callers = tuple(function("c.py", f"caller{index}") for index in range(5))
    file = FileGraph("c.py", (callee, *callers), tuple(calls(caller, callee) for caller in callers))
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[file])
    some = store.callers(workspace_id, callee.uid, limit=3)
    assert [found.entity.text("name") for found in some.items] == ["caller0", "caller1", "caller2"]
    assert some.truncated
    assert not store.callers(workspace_id, callee.uid, limit=5).truncated


def test_imports_are_read_in_both_directions(store: GraphStore, filled_id: UUID) -> None:
    imports = store.imports(filled_id, LIB.uid)
    assert [found.entity.uid for found in imports.imports.items] == [REQUESTS.uid]
    assert [found.entity.uid for found in imports.imported_by.items] == [APP.uid]


def test_impact_names_the_path_of_each_caller(store: GraphStore, filled_id: UUID) -> None:
    impact = store.impact(filled_id, PARSE.uid)
    assert [(item.entity.uid, item.path, round(item.confidence, 6)) for item in impact.items] == [
        (LOAD.uid, (LOAD.uid, PARSE.uid), 0.5),
        (SERVE.uid, (SERVE.uid, LOAD.uid, PARSE.uid), 0.4),
        (MAIN.uid, (MAIN.uid, SERVE.uid, LOAD.uid, PARSE.uid), 0.4),
    ]
    assert [item.entity.uid for item in store.impact(filled_id, PARSE.uid, depth=1).items] == [LOAD.uid]


def test_of_two_ways_the_surer_one_is_told(store: GraphStore, workspace_id: UUID) -> None:
    top, left, right, end = (function("d.py", name) for name in ("top", "left", "right", "end"))
    edges = (calls(left, end), calls(right, end), calls(top, left, 0.3), calls(top, right, 0.7))
    file = FileGraph("d.py", (top, left, right, end), edges)
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[file])
    last = store.impact(workspace_id, end.uid).items[-1]
    assert (last.path, last.confidence) == ((top.uid, right.uid, end.uid), 0.7)


def test_entities_are_found_by_part_of_a_name_best_first(store: GraphStore, workspace_id: UUID) -> None:
    names = ["reload", "load", "loader", "other", "Load_all"]
    nodes = tuple(function("n.py", name) for name in names)
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[FileGraph("n.py", nodes)])
    page = store.find_entities(workspace_id, query="LOAD")
    assert [found.text("name") for found in page.items] == ["load", "Load_all", "loader", "reload"]
    assert page.next_cursor is None


def test_pages_neither_repeat_nor_skip(store: GraphStore, workspace_id: UUID) -> None:
    nodes = tuple(function("n.py", f"load{index:02}") for index in range(7))
    twins = tuple(function(f"twin{index}.py", "load03") for index in range(3))
    files = [FileGraph("n.py", nodes), *(FileGraph(f"twin{i}.py", (twin,)) for i, twin in enumerate(twins))]
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=files)
    found: list[str] = []
    cursor = None
    while True:
        page = store.find_entities(workspace_id, query="load", limit=2, cursor=cursor)
        found += [item.uid for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(found) == 10
    assert set(found) == {node.uid for node in nodes + twins}


def test_search_is_narrowed_by_kind_path_and_project(store: GraphStore, filled_id: UUID) -> None:
    elsewhere = function("src/app.py/x.py", "main")
    other = FileGraph("src/app.py/x.py", (elsewhere,))
    store.write_files(filled_id, project="project1", epoch=1, files=[other])

    def uids(**filters: object) -> set[str]:
        return {found.uid for found in store.find_entities(filled_id, **filters).items}  # type: ignore[arg-type]

    assert uids(kind="file") == {APP.uid, LIB.uid}
    assert uids(path="src/app.py", projects=[PROJECT]) == {APP.uid, MAIN.uid, SERVE.uid}
    assert uids(path="src/", query="main") == {MAIN.uid, elsewhere.uid}
    assert uids(projects=["project1"]) == {elsewhere.uid}
    assert uids(projects=[]) == set()
    assert uids(query="' OR 1=1 //") == set()


@pytest.mark.parametrize("cursor", ["x", "é", "bnVsbA==", "WzEsIDIsIDNd", "WzEsICJhIl0="])
def test_a_made_up_cursor_is_refused(store: GraphStore, filled_id: UUID, cursor: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        store.find_entities(filled_id, cursor=cursor)
    assert refused.value.error_code == "invalid_cursor"


def test_an_empty_workspace_answers_with_nothing(store: GraphStore, workspace_id: UUID) -> None:
    assert store.entity(workspace_id, MAIN.uid) is None
    assert store.find_entities(workspace_id).items == ()
    assert store.counts(workspace_id, project=PROJECT).nodes == {}
    assert store.impact(workspace_id, MAIN.uid).items == ()
    assert len(store.checksum(workspace_id, project=PROJECT)) == 32


def test_the_checksum_sees_every_change(store: GraphStore, workspace_id: UUID) -> None:
    one, two = function("c.py", "one"), function("c.py", "two")
    states = [
        FileGraph("c.py", (one,)),
        FileGraph("c.py", (one, two)),
        FileGraph("c.py", (one, function("c.py", "two", line=1))),
        FileGraph("c.py", (one, function("c.py", "two", line=1.5))),
        FileGraph("c.py", (one, two), (calls(one, two),)),
        FileGraph("c.py", (one, two), (calls(two, one),)),
        FileGraph("c.py", (one, two), (calls(one, two, 0.5),)),
        FileGraph("c.py", (one, two), (edge(EdgeType.OVERRIDES, one, two),)),
    ]
    sums = []
    for state in states:
        store.write_files(workspace_id, project=PROJECT, epoch=1, files=[state])
        sums.append(store.checksum(workspace_id, project=PROJECT))
    assert len(set(sums)) == len(states)


def test_both_stores_give_one_graph_one_checksum(neo4j_url: str, falkordb_url: str) -> None:
    floats = function("f.py", "floats", third=1 / 3, tiny=1e-7, whole=2.0, large=1e300)
    files = [*FILES, FileGraph("f.py", (floats,), (calls(floats, LOAD, 0.1 + 0.2),))]
    workspace_id, sums = uuid4(), set()
    for url in (neo4j_url, falkordb_url):
        store = connect(url)
        store.write_files(workspace_id, project=PROJECT, epoch=1, files=files)
        sums.add(store.checksum(workspace_id, project=PROJECT))
        store.delete_workspace(workspace_id)
        store.close()
    assert len(sums) == 1
