"""Two workspaces, and in one of them a private project: whatever the reader may not see is called CANARY.

`ALONE` holds exactly what the reader may see of `MINE`, so that every answer must be the same in both: a count, an
order or an error that differs has told of what is hidden.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from graph.elements import Edge, EdgeType, Node, NodeLabel, Scalar
from graph.file_graphs import resolve_files
from graph.parsing import parse_source
from graph.project_facts import KeptFile, ProjectFacts
from graph.store import GraphStore
from graph.store.model import FileGraph, LinkScope

CANARY = "CANARY"
_NAMESPACE = UUID("5b6f0f0e-54b5-4f0e-9a1c-0d7c5b1f7a10")
MINE, THEIRS, ALONE, EMPTY = (uuid5(_NAMESPACE, name) for name in ("mine", "theirs", "alone", "empty"))
PROJECT = "00000000-0000-7000-8000-000000000001"
PRIVATE = "00000000-0000-7000-8000-000000000002"
SOURCES = {
    "src/app/lib.py": """
import json
import os

class Base:
    def read(self, name: str) -> str:
        return load(name)

    def close(self):
        return None

class Reader(Base):
    def read(self, name: str) -> str:
        self.close()
        return super().read(name)

def parse(text):
    return json.loads(text)

def load(path):
    parse("a")
    return parse(path)
""",
    "src/app/main.py": """
from app.lib import Reader, load

def main():
    reader = Reader()
    reader.read("x")
    return helper(load("a"))

def helper(value):
    return value

def unused():
    return helper(1)
""",
    "src/app/util/text.py": """
from app.main import helper

class Text:
    def shorten(self, value):
        return helper(value)

def again(depth):
    return again(depth - 1) if depth else helper(depth)
""",
}
HIDDEN_SOURCES = {
    f"src/{CANARY}/{path.rpartition('/')[2]}": text.replace("load", f"{CANARY}_load").replace(
        "Reader", f"{CANARY}R"
    )
    for path, text in SOURCES.items()
}


def files_of(project: str, sources: dict[str, str]) -> list[FileGraph]:
    facts = {path: parse_source(path, text) for path, text in sources.items()}
    kept = ProjectFacts({path: KeptFile("", found) for path, found in facts.items()})
    return list(resolve_files(project, kept, {}))


VISIBLE = files_of(PROJECT, SOURCES)
HIDDEN = files_of(PRIVATE, HIDDEN_SOURCES)
THEIR_OWN = files_of(PROJECT, {**SOURCES, **HIDDEN_SOURCES})


def memory(uid: str, name: str, session: str) -> Node:
    properties: dict[str, Scalar] = {"name": name, "kind": "assistant", "occurredAt": 1, "session": session}
    return Node(NodeLabel.MEMORY, uid, properties)


MEMORY = memory("memory-1", "load is slow", "session-1")
HIDDEN_MEMORY = memory("memory-2", CANARY, CANARY)
SESSION = Node(NodeLabel.SESSION, "session-1", {"name": "Tuesday", "kind": "session"})


def find(files: list[FileGraph], label: NodeLabel, name: str) -> Node:
    return next(
        node for file in files for node in file.nodes if (node.label, node.properties["name"]) == (label, name)
    )


def link(kind: EdgeType, source: Node, target: Node) -> Edge:
    return Edge(kind, source.label, source.uid, target.label, target.uid, {"how": "identifier", "confidence": 0.6})


LOAD = find(VISIBLE, NodeLabel.FUNCTION, "load")
LIB = find(VISIBLE, NodeLabel.FILE, "lib.py")
SEEN_LINKS = [link(EdgeType.MENTIONS, MEMORY, LOAD), link(EdgeType.TOUCHED, SESSION, LIB)]
HIDDEN_LINKS = [
    link(EdgeType.MENTIONS, HIDDEN_MEMORY, LOAD),
    # One session may touch files of two projects: such an edge leads out of what the reader may see.
    link(EdgeType.TOUCHED, SESSION, find(HIDDEN, NodeLabel.FILE, "lib.py")),
    link(EdgeType.NEXT, MEMORY, HIDDEN_MEMORY),
]


def fill(store: GraphStore) -> None:
    """Make the workspaces anew."""
    empty(store)
    for workspace_id, files in ((MINE, VISIBLE), (ALONE, VISIBLE), (THEIRS, THEIR_OWN)):
        store.write_files(workspace_id, project=PROJECT, epoch=1, files=files)
    store.write_files(MINE, project=PRIVATE, epoch=1, files=HIDDEN)
    write_links(store, MINE, PRIVATE, [HIDDEN_MEMORY], [])
    write_links(store, MINE, PROJECT, [MEMORY, SESSION], [*SEEN_LINKS, *HIDDEN_LINKS])
    for workspace_id in (ALONE, THEIRS):
        write_links(store, workspace_id, PROJECT, [MEMORY, SESSION], SEEN_LINKS)


def write_links(store: GraphStore, workspace_id: UUID, project: str, nodes: list[Node], edges: list[Edge]) -> None:
    scope = LinkScope(sources=[node.uid for node in nodes], types=[])
    store.write_links(workspace_id, project=project, epoch=1, nodes=nodes, edges=edges, scope=scope)


def empty(store: GraphStore) -> None:
    for workspace_id in (MINE, ALONE, THEIRS, EMPTY):
        store.delete_workspace(workspace_id)


def checksums(store: GraphStore) -> list[str]:
    """Hashes of all that there is."""
    places = [(MINE, PROJECT), (MINE, PRIVATE), (ALONE, PROJECT), (THEIRS, PROJECT)]
    return [store.checksum(workspace_id, project=project) for workspace_id, project in places]
