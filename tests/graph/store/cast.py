"""A small project that tests share: `app.py` calls `lib.py`, which imports an external module."""

from __future__ import annotations

from dataclasses import replace

from graph.elements import Edge, EdgeType, Node, NodeLabel, Scalar, make_uid
from graph.store.model import FileGraph

PROJECT = "project0"


def file_uid(path: str) -> str:
    return make_uid(PROJECT, path, "file", "")


def file_node(path: str) -> Node:
    name = path.rpartition("/")[2]
    return Node(NodeLabel.FILE, file_uid(path), {"name": name, "kind": "file", "path": path}, path)


def function(path: str, name: str, **properties: Scalar) -> Node:
    shown: dict[str, Scalar] = {"name": name, "qualifiedName": name, "kind": "function", "path": path}
    return Node(NodeLabel.FUNCTION, make_uid(PROJECT, path, "function", name), shown | properties, path)


def edge(kind: EdgeType, source: Node, target: Node, **properties: Scalar) -> Edge:
    return Edge(kind, source.label, source.uid, target.label, target.uid, properties)


def calls(source: Node, target: Node, confidence: float = 1.0, lines: str = "1") -> Edge:
    return edge(EdgeType.CALLS, source, target, confidence=confidence, method="scope", lines=lines)


APP = file_node("src/app.py")
MAIN = function("src/app.py", "main", signature="main()", startLine=3)
SERVE = function("src/app.py", "serve")
LIB = file_node("src/lib.py")
LOAD = function("src/lib.py", "load")
PARSE = function("src/lib.py", "parse_text")
REQUESTS = Node(NodeLabel.MODULE, "module-requests", {"name": "requests", "kind": "module"})

APP_GRAPH = FileGraph(
    "src/app.py",
    (APP, MAIN, SERVE),
    (
        edge(EdgeType.IMPORTS, APP, LIB),
        edge(EdgeType.DEFINES, APP, MAIN),
        edge(EdgeType.DEFINES, APP, SERVE),
        calls(MAIN, SERVE, lines="4,9"),
        calls(SERVE, LOAD, confidence=0.8, lines="12"),
    ),
)
LIB_GRAPH = FileGraph(
    "src/lib.py",
    (LIB, LOAD, PARSE, REQUESTS),
    (
        edge(EdgeType.IMPORTS, LIB, REQUESTS),
        edge(EdgeType.DEFINES, LIB, LOAD),
        edge(EdgeType.DEFINES, LIB, PARSE),
        calls(LOAD, PARSE, confidence=0.5),
    ),
)
FILES = (APP_GRAPH, LIB_GRAPH)

SESSION = Node(NodeLabel.SESSION, "session-1", {"name": "Tuesday"})
MEMORY = Node(NodeLabel.MEMORY, "memory-1", {"name": "load is slow"})
LATER_MEMORY = Node(NodeLabel.MEMORY, "memory-2", {"name": "load is fast"})
MENTION = edge(EdgeType.MENTIONS, MEMORY, LOAD, how="name", confidence=0.9)


def without(file: FileGraph, *gone: Node) -> FileGraph:
    """The file after these definitions were deleted from it."""
    uids = {node.uid for node in gone}
    return replace(
        file,
        nodes=tuple(node for node in file.nodes if node.uid not in uids),
        edges=tuple(item for item in file.edges if not uids & {item.source, item.target}),
    )
