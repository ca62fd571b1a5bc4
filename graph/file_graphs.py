"""What the store must hold of each file: resolved, with the file's tombstones, and a hash to see a change by."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from uuid import UUID

import orjson

from graph import naming
from graph.elements import Edge, Node, Scalar
from graph.models import Tombstone
from graph.project_facts import ProjectFacts
from graph.resolver import Flow, ProjectResolver, ResolvedProject
from graph.store.model import FileGraph

# Of a larger project so many files are resolved at a time, so that not all of its rows are held at once.
PART_FILES = 1_000

Tombstones = Mapping[str, Sequence[Node]]


def load_tombstones(project_id: UUID) -> Tombstones:
    """Return by path the nodes of what is gone and mentioned. Runs inside a workspace scope."""
    found: dict[str, list[Node]] = defaultdict(list)
    for row in Tombstone.objects.filter(project_id=project_id, deleted_at__isnull=False).order_by("uid"):
        found[row.path].append(_bury(row))
    return found


def resolve_files(
    project_uid: str,
    facts: ProjectFacts,
    tombstones: Tombstones,
    *,
    only: Collection[str] | None = None,
    known: Flow | None = None,
    learn: Callable[[Flow], None] | None = None,
) -> Iterator[FileGraph]:
    """Yield the graphs of a project's files, or of `only` these paths; a path without facts has its tombstones.

    `known` is the flow to start from (see `ProjectResolver`); without one, `learn` is told what was found.
    """
    paths = sorted({*facts, *tombstones} if only is None else only)
    resolver = ProjectResolver(project_uid, facts, known, facts)
    for start in range(0, len(paths), PART_FILES):
        part = paths[start : start + PART_FILES]
        yield from _split(resolver.resolve(set(part)), tombstones, part)
        resolver.forget()
    if known is None and learn is not None:
        learn(resolver.flow())


def hash_file(graph: FileGraph) -> str:
    """Return the hash by which a change of what the store must hold is seen."""
    rows = [
        *([node.label, node.uid, node.deleted_at, dict(node.properties)] for node in graph.nodes),
        *([edge.type, edge.source, edge.target, dict(edge.properties)] for edge in graph.edges),
    ]
    return hashlib.sha256(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _split(resolved: ResolvedProject, tombstones: Tombstones, part: Sequence[str]) -> Iterator[FileGraph]:
    nodes: dict[str, dict[str, Node]] = defaultdict(dict)
    edges: dict[str, list[Edge]] = defaultdict(list)
    shared: dict[str, Node] = {}
    for node in resolved.nodes:
        if node.src_file is None:
            shared[node.uid] = node
        else:
            nodes[node.src_file][node.uid] = node
    for edge in resolved.edges:
        path = str(edge.src_file)
        edges[path].append(edge)
        if edge.target in shared:
            nodes[path][edge.target] = shared[edge.target]
    for path in part:
        own = nodes.pop(path, {})
        buried = [node for node in tombstones.get(path, ()) if node.uid not in own]
        yield FileGraph(path, [*own.values(), *buried], edges.pop(path, []))


def _bury(row: Tombstone) -> Node:
    properties: dict[str, Scalar] = {
        "name": row.name,
        "qualifiedName": row.qualified_name,
        "kind": row.kind,
        "path": row.path,
        "startLine": row.start_line,
        "endLine": row.end_line,
        "signature": row.signature,
        "language": row.language,
    }
    deleted_at = int(row.deleted_at.timestamp() * 1000) if row.deleted_at else None
    return Node(naming.label_of_kind(row.kind), row.uid, properties, row.path, deleted_at)
