"""What both stores answer about whole projects, and about the ways between entities."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import pytest

from graph.elements import Edge, EdgeType, Node, NodeLabel, make_uid
from graph.paths import find_path
from graph.store import GraphStore
from graph.store.model import CODE_LABELS, FileGraph
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

OTHER = "project1"


def klass(path: str, name: str) -> Node:
    properties = {"name": name, "qualifiedName": name, "kind": "class", "path": path, "startLine": 1, "endLine": 9}
    return Node(NodeLabel.CLASS, make_uid(PROJECT, path, "class", name), properties, path)


@pytest.fixture
def filled_id(store: GraphStore, workspace_id: UUID) -> UUID:
    """A workspace that holds the small project."""
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=FILES)
    return workspace_id


def test_entities_are_ranked_by_their_edges(store: GraphStore, workspace_id: UUID) -> None:
    hub = function("src/hub.py", "hub")
    users = [function("src/hub.py", f"user{number}") for number in range(3)]
    edges = [*(calls(user, hub) for user in users), calls(users[0], users[1])]
    store.write_files(
        workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/hub.py", (hub, *users), tuple(edges))]
    )

    def rank(incoming: bool, **page: int) -> list[tuple[str, int]]:
        found = store.questions.rank(
            workspace_id,
            projects=[PROJECT],
            type=EdgeType.CALLS,
            incoming=incoming,
            labels=CODE_LABELS,
            **{"limit": 10, **page},
        )
        return [(item.entity.text("name"), item.degree) for item in found]

    assert rank(True) == [("hub", 3), ("user1", 1)]
    assert rank(True, offset=1) == [("user1", 1)]
    assert rank(False, limit=1) == [("user0", 2)]
    assert (
        store.questions.rank(
            workspace_id, projects=[OTHER], type=EdgeType.CALLS, incoming=True, labels=CODE_LABELS, limit=5
        )
        == []
    )


def test_another_workspace_and_project_are_not_asked(
    store: GraphStore, filled_id: UUID, other_workspace_id: UUID
) -> None:
    questions = store.questions
    for workspace_id, project in ((other_workspace_id, PROJECT), (filled_id, OTHER)):
        asked = {"projects": [project], "limit": 10}
        assert questions.find_unreferenced(workspace_id, **asked) == []
        assert questions.list_pairs(workspace_id, type=EdgeType.CALLS, **asked) == []
        assert questions.languages(workspace_id, projects=[project]) == []
        assert questions.find_position(workspace_id, projects=[project], path="src/app.py", line=3) == []
    assert questions.entities(other_workspace_id, [MAIN.uid]) == {}
    assert questions.step(other_workspace_id, [MAIN.uid], types=[EdgeType.CALLS], incoming=False, limit=9) == []
    path = find_path(store, other_workspace_id, source=MAIN.uid, target=PARSE.uid, types=[EdgeType.CALLS])
    assert (path.entities, path.gave_up) == ((), False)


def test_a_line_is_inside_its_definitions(store: GraphStore, workspace_id: UUID) -> None:
    outer = function("src/a.py", "outer", startLine=3, endLine=20)
    inner = function("src/a.py", "inner", startLine=5, endLine=8)
    later = function("src/a.py", "later", startLine=30, endLine=31)
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/a.py", (outer, inner, later))])

    def at(line: int) -> list[str]:
        found = store.questions.find_position(workspace_id, projects=[PROJECT], path="src/a.py", line=line)
        return [entity.text("name") for entity in found]

    assert at(6) == ["inner", "outer"]
    assert at(9) == ["outer"]
    assert at(25) == []


def test_what_nothing_refers_to_is_listed(store: GraphStore, workspace_id: UUID) -> None:
    used, unused, recursive = (function("src/a.py", name) for name in ("used", "unused", "recursive"))
    main, dunder, case = (function("src/a.py", name) for name in ("main", "__init__", "test_it"))
    base, derived, lonely, helped = (klass("src/a.py", name) for name in ("Base", "Derived", "Lonely", "Helped"))
    over, under, help_ = (function("src/a.py", f"{name}.run") for name in ("Base", "Derived", "Helped"))
    edges: tuple[Edge, ...] = (
        calls(main, used),
        calls(recursive, recursive),
        edge(EdgeType.INHERITS, derived, base),
        edge(EdgeType.OVERRIDES, under, over),
        edge(EdgeType.DEFINES, helped, help_),
        calls(main, help_),
        calls(main, derived),
    )
    nodes = (used, unused, recursive, main, dunder, case, base, derived, lonely, helped, over, under, help_)
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/a.py", nodes, edges)])

    def unreferenced(**filters: str) -> set[str]:
        found = store.questions.find_unreferenced(workspace_id, projects=[PROJECT], limit=50, **filters)
        return {entity.text("name") for entity in found}

    assert unreferenced() == {"unused", "recursive", "Lonely"}
    assert unreferenced(kind="class") == {"Lonely"}
    assert unreferenced(path="src") == {"unused", "recursive", "Lonely"}
    assert unreferenced(path="sr") == set()


def test_pairs_leave_out_what_is_outside_or_gone(store: GraphStore, filled_id: UUID) -> None:
    def imports() -> list[tuple[str, str]]:
        return sorted(store.questions.list_pairs(filled_id, projects=[PROJECT], type=EdgeType.IMPORTS, limit=9))

    assert imports() == sorted([(APP.uid, LIB.uid), (LIB.uid, REQUESTS.uid)])
    app, lib = FILES
    buried = FileGraph(lib.path, [replace(LIB, deleted_at=1)])
    store.write_files(filled_id, project=PROJECT, epoch=2, files=[app, buried])
    assert imports() == []


def test_a_class_knows_those_above_and_below(store: GraphStore, workspace_id: UUID) -> None:
    a, b, c = (klass("src/a.py", name) for name in "ABC")
    edges = (edge(EdgeType.INHERITS, b, a), edge(EdgeType.INHERITS, c, b))
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=[FileGraph("src/a.py", (a, b, c), edges)])
    middle = store.entity(workspace_id, b.uid)
    assert middle is not None
    up, down = store.questions.lineage(workspace_id, middle, depth=5, limit=9)
    assert ([item.entity.uid for item in up.items], [item.entity.uid for item in down.items]) == ([a.uid], [c.uid])


def test_the_shortest_path_is_found_with_its_edges(store: GraphStore, filled_id: UUID) -> None:
    path = find_path(store, filled_id, source=MAIN.uid, target=PARSE.uid, types=[EdgeType.CALLS])
    assert [entity.uid for entity in path.entities] == [MAIN.uid, SERVE.uid, LOAD.uid, PARSE.uid]
    assert [(way.source, way.confidence, way.lines) for way in path.ways] == [
        (MAIN.uid, 1.0, (4, 9)),
        (SERVE.uid, 0.8, (12,)),
        (LOAD.uid, 0.5, (1,)),
    ]


def test_a_path_follows_edges_in_their_direction_and_of_the_named_types(
    store: GraphStore, filled_id: UUID
) -> None:
    back = find_path(store, filled_id, source=PARSE.uid, target=MAIN.uid, types=[EdgeType.CALLS])
    assert (back.entities, back.gave_up) == ((), False)
    types = [EdgeType.IMPORTS, EdgeType.DEFINES]
    mixed = find_path(store, filled_id, source=APP.uid, target=PARSE.uid, types=types)
    assert [way.type for way in mixed.ways] == types
    same = find_path(store, filled_id, source=APP.uid, target=APP.uid, types=types)
    assert ([entity.uid for entity in same.entities], same.ways) == ([APP.uid], ())


def test_a_longer_way_round_is_not_the_answer(store: GraphStore, workspace_id: UUID) -> None:
    ring = [function("src/a.py", f"f{number}") for number in range(9)]
    edges = [calls(one, two) for one, two in pairwise(ring)]
    store.write_files(
        workspace_id,
        project=PROJECT,
        epoch=1,
        files=[FileGraph("src/a.py", tuple(ring), (*edges, calls(ring[2], ring[7])))],
    )
    path = find_path(store, workspace_id, source=ring[0].uid, target=ring[8].uid, types=[EdgeType.CALLS])
    assert [entity.text("name") for entity in path.entities] == ["f0", "f1", "f2", "f7", "f8"]


def test_languages_are_counted_by_file(store: GraphStore, workspace_id: UUID) -> None:
    def file(path: str, language: str, lines: int) -> FileGraph:
        properties = {"name": path, "kind": "file", "path": path, "language": language, "endLine": lines}
        return FileGraph(path, (Node(NodeLabel.FILE, make_uid(PROJECT, path, "file", ""), properties, path),))

    files = [file("a.py", "python", 10), file("b.py", "python", 5), file("c.go", "go", 7)]
    store.write_files(workspace_id, project=PROJECT, epoch=1, files=files)
    shares = store.questions.languages(workspace_id, projects=[PROJECT])
    assert [(share.language, share.files, share.lines) for share in shares] == [("python", 2, 15), ("go", 1, 7)]
