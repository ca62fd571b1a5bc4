"""Typed reads, the same for both stores. Every one has a cap on its rows; the backend sets the time-out.

A walk of several steps goes level by level, one statement a level: a variable-length path would visit every
way through a dense call graph before its limit is applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from graph import cypher
from graph.elements import EdgeType, NodeLabel
from graph.store import rows
from graph.store.backend import Backend, Row
from graph.store.model import CODE_LABELS, EntityPage, GraphCounts, GraphEntity, GraphNeighbour, Neighbourhood
from supastate.api.pagination import broken_cursor, decode_cursor, encode_cursor

MAX_ROWS = 5_000
MAX_DEPTH = 10
ENTITY = cypher.read_statement("entity")
FIND_ENTITIES = cypher.read_statement("find_entities")
COUNT_NODES = cypher.read_statement("count_nodes")
COUNT_EDGES = cypher.read_statement("count_edges")
INCOMING = cypher.read_for_types("incoming")
OUTGOING = cypher.read_for_types("outgoing")
_FIRST_PAGE = (-1, "", "")
_RANKS = range(3)


def read_entity(backend: Backend, workspace_id: UUID, uid: str) -> GraphEntity | None:
    """Return one node."""
    found = backend.read(workspace_id, ENTITY, uid=uid)
    return rows.read_entity(found[0]) if found else None


def find_entities(
    backend: Backend,
    workspace_id: UUID,
    *,
    projects: Sequence[str] | None,
    query: str,
    kind: str | None,
    path: str | None,
    limit: int,
    cursor: str | None,
) -> EntityPage:
    """Return a page of living code entities, best match first."""
    rank, name, uid = read_place(cursor or "")
    limit = min(max(limit, 1), MAX_ROWS)
    found = backend.read(
        workspace_id,
        FIND_ENTITIES,
        projects=None if projects is None else list(projects),
        labels=sorted(CODE_LABELS),
        query=query.lower(),
        kind=kind,
        path=path.rstrip("/") if path else None,
        limit=limit + 1,
        afterRank=rank,
        afterName=name,
        afterUid=uid,
    )
    items = tuple(rows.read_entity(row) for row in found[:limit])
    return EntityPage(items, _cursor_of(found[limit - 1]) if len(found) > limit else None)


def _cursor_of(row: Row) -> str:
    return encode_cursor(row["rank"], row["sortName"], row["properties"]["uid"])


def read_place(cursor: str) -> tuple[int, str, str]:
    """Return the place in the order of results that a cursor names."""
    place = decode_cursor(cursor, int, str, str)
    if place is None:
        return _FIRST_PAGE
    if place[0] not in _RANKS or any(rows.storable_text(text) != text for text in place[1:]):
        raise broken_cursor()
    return place[0], place[1], place[2]


def walk(
    backend: Backend, workspace_id: UUID, uid: str, *, statement: str, depth: int, limit: int
) -> Neighbourhood:
    """Follow edges of one type from `uid`, breadth first; each node appears once, at its least depth."""
    limit = min(max(limit, 1), MAX_ROWS)
    found: list[GraphNeighbour] = []
    frontier = [uid]
    for level in range(1, min(max(depth, 1), MAX_DEPTH) + 1):
        seen = [uid, *(neighbour.entity.uid for neighbour in found)]
        room = limit - len(found) + 1
        step = backend.read(workspace_id, statement, uids=frontier, seen=seen, limit=room)
        found += [_read_neighbour(row, depth=level) for row in step]
        if len(found) > limit:
            return Neighbourhood(tuple(found[:limit]), truncated=True)
        frontier = [neighbour.entity.uid for neighbour in found if neighbour.depth == level]
        if not frontier:
            break
    return Neighbourhood(tuple(found))


def _read_neighbour(row: Row, *, depth: int) -> GraphNeighbour:
    """Of several edges to the same node the most confident one tells the way."""
    via, edge = min(row["ways"], key=lambda way: (-(way[1].get("confidence") or 0.0), way[0]))
    return GraphNeighbour(
        entity=rows.read_entity(row),
        depth=depth,
        via=via,
        confidence=edge.get("confidence"),
        method=edge.get("method") or edge.get("how"),
        lines=rows.read_lines(edge),
    )


def read_counts(backend: Backend, workspace_id: UUID, *, project: str) -> GraphCounts:
    """Count nodes by label and edges by type."""
    nodes: dict[NodeLabel, int] = {}
    for row in backend.read(workspace_id, COUNT_NODES, project=project):
        label = rows.read_label(row["labels"])
        nodes[label] = nodes.get(label, 0) + row["total"]
    edges = backend.read(workspace_id, COUNT_EDGES, project=project)
    return GraphCounts(
        nodes=dict(sorted(nodes.items())),
        edges={EdgeType(row["type"]): row["total"] for row in sorted(edges, key=lambda row: row["type"])},
    )
