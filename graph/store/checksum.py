"""Hashes of a project's graph: equal for the same nodes, edges and properties, in either store.

One hash tells two graphs apart; a fingerprint for each node and edge also tells how many of them differ, and
is made as well of a graph that is in no store yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from graph import cypher
from graph.elements import Edge, EdgeType, Node, NodeLabel
from graph.store import rows
from graph.store.backend import Backend, Row
from graph.store.model import CODE_LABELS, FileGraph, Fingerprints, Layer

PAGE_NODES = 2_000
EXPORT_PROJECT = cypher.read_statement("export_project")
_PASSING = frozenset({"workspace", "epoch", "deletedAt"})


def read_checksum(backend: Backend, workspace_id: UUID, *, project: str) -> str:
    """Return the hash, 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for page in _read_pages(backend, workspace_id, project):
        for line in _lines(page):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def read_fingerprints(backend: Backend, workspace_id: UUID, *, project: str) -> Fingerprints:
    """Return the fingerprints of the project's code as the store holds it, tombstones too."""
    nodes: set[bytes] = set()
    edges: set[bytes] = set()
    for page in _read_pages(backend, workspace_id, project):
        for row in page:
            label = rows.read_label(row["labels"])
            if label in CODE_LABELS:
                nodes.add(_fingerprint(label, "deletedAt" in row["properties"], _lasting(row["properties"])))
            edges |= {
                _fingerprint(kind, row["uid"], target, _lasting(found))
                for kind, target, found in row["edges"]
                if kind in Layer.CODE.types
            }
    return Fingerprints(frozenset(nodes), frozenset(edges))


def make_fingerprints(files: Iterable[FileGraph], workspace_id: UUID, *, project: str) -> Fingerprints:
    """Return the fingerprints that a store has after it was given exactly these files."""
    nodes: dict[str, bytes] = {}
    edges: dict[tuple[EdgeType, str, str], tuple[Edge, bytes]] = {}
    for file in files:
        nodes |= {node.uid: _fingerprint_node(node, workspace_id, project) for node in file.nodes}
        edges |= {
            (edge.type, edge.source, edge.target): (edge, _fingerprint_edge(edge)) for edge in rows.own_edges(file)
        }
    ends = {project, *nodes}
    whole = (found for edge, found in edges.values() if {edge.source, edge.target} <= ends)
    return Fingerprints(frozenset(nodes.values()), frozenset(whole))


def _fingerprint_node(node: Node, workspace_id: UUID, project: str) -> bytes:
    row = rows.node_row(node, workspace_id=workspace_id, project=project, epoch=0)
    return _fingerprint(node.label, node.deleted_at is not None, _lasting(row["properties"]))


def _fingerprint_edge(edge: Edge) -> bytes:
    row = rows.edge_row(edge, epoch=0)
    return _fingerprint(edge.type, edge.source, edge.target, _lasting(row["properties"]))


def _fingerprint(kind: NodeLabel | EdgeType | str, *parts: object) -> bytes:
    return hashlib.blake2b(json.dumps([str(kind), *parts]).encode(), digest_size=16).digest()


def _read_pages(backend: Backend, workspace_id: UUID, project: str) -> Iterator[list[Row]]:
    after = ""
    while page := backend.read(workspace_id, EXPORT_PROJECT, project=project, after=after, limit=PAGE_NODES):
        yield page
        after = page[-1]["uid"]


def _lines(page: list[Row]) -> Iterator[str]:
    for row in page:
        label = rows.read_label(row["labels"])
        is_buried = "deletedAt" in row["properties"]
        yield json.dumps([label, is_buried, _lasting(row["properties"])])
        edges = [edge for edge in row["edges"] if edge[0] is not None]
        yield from sorted(json.dumps([kind, target, _lasting(found)]) for kind, target, found in edges)


def _lasting(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a rebuild makes again, floats to the 12 digits that both stores keep."""
    return {
        key: format(value, ".12g") if isinstance(value, float) else value
        for key, value in sorted(properties.items())
        if key not in _PASSING
    }
