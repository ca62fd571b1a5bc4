"""Questions about whole projects and about ways through them: positions, degrees, steps, what nothing refers to.

Every statement names its workspace and projects and has a cap on its rows, as in `reading`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from graph import cypher
from graph.elements import EdgeType, NodeLabel
from graph.store import rows
from graph.store.backend import Backend, Row
from graph.store.model import GraphEntity, Neighbourhood
from graph.store.reading import INCOMING, OUTGOING, walk

POSITION = cypher.read_statement("position")
ENTITIES = cypher.read_statement("entities")
EDGES_BETWEEN = cypher.read_statement("edges_between")
LANGUAGES = cypher.read_statement("languages")
UNREFERENCED = cypher.read_statement("unreferenced")
DEGREES = {True: cypher.read_for_types("incoming_degree"), False: cypher.read_for_types("outgoing_degree")}
STEPS = {True: cypher.read_for_types("incoming_steps"), False: cypher.read_for_types("outgoing_steps")}
LINKS_BETWEEN = cypher.read_for_types("links_between")
DEEPEST_NESTING = 50

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity and how many edges of one type it has in one direction."""

    entity: GraphEntity
    degree: int


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """Files and lines of one language; None for files in none that is known."""

    language: str | None
    files: int
    lines: int


@dataclass(frozen=True, slots=True)
class Way:
    """One edge of a path: its type, and how sure it is."""

    source: str
    target: str
    type: EdgeType
    confidence: float | None
    lines: tuple[int, ...]


class GraphQuestions:
    """Reads of one store. `projects` are uids of Project nodes; `offset` skips rows of the stated order."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def find_position(
        self, workspace_id: UUID, *, projects: Sequence[str], path: str, line: int
    ) -> list[GraphEntity]:
        """Return the definitions around a line, innermost first, and the file at last."""
        found = self._backend.read(
            workspace_id,
            POSITION,
            projects=list(projects),
            owner=rows.owner_key(path),
            line=line,
            limit=DEEPEST_NESTING,
        )
        return [rows.read_entity(row) for row in found]

    def lineage(
        self, workspace_id: UUID, entity: GraphEntity, *, depth: int, limit: int
    ) -> tuple[Neighbourhood, Neighbourhood]:
        """Return a class's ancestors and descendants; of a method, what it overrides and what overrides it."""
        kind = EdgeType.INHERITS if entity.label == NodeLabel.CLASS else EdgeType.OVERRIDES
        up, down = (
            walk(self._backend, workspace_id, entity.uid, statement=ways[kind], depth=depth, limit=limit)
            for ways in (OUTGOING, INCOMING)
        )
        return up, down

    def rank(
        self,
        workspace_id: UUID,
        *,
        projects: Sequence[str],
        type: EdgeType,  # noqa: A002  (the field's own name)
        incoming: bool,
        labels: Collection[NodeLabel],
        offset: int = 0,
        limit: int,
    ) -> list[Ranked]:
        """Return the entities with the most edges of a type, by uid where they have as many."""
        found = self._backend.read(
            workspace_id,
            DEGREES[incoming][type],
            projects=list(projects),
            labels=sorted(labels),
            offset=offset,
            limit=limit,
        )
        return [Ranked(rows.read_entity(row), row["degree"]) for row in found]

    def find_unreferenced(
        self,
        workspace_id: UUID,
        *,
        projects: Sequence[str],
        kind: str | None = None,
        path: str | None = None,
        offset: int = 0,
        limit: int,
    ) -> list[GraphEntity]:
        """Return definitions that nothing in their project refers to, by path and line."""
        found = self._backend.read(
            workspace_id,
            UNREFERENCED,
            projects=list(projects),
            kind=kind,
            path=path.rstrip("/") if path else None,
            offset=offset,
            limit=limit,
        )
        return [rows.read_entity(row) for row in found]

    def list_pairs(
        self,
        workspace_id: UUID,
        *,
        projects: Sequence[str],
        type: EdgeType,  # noqa: A002
        limit: int,
    ) -> list[Pair]:
        """Return (source, target) of every edge of a type inside the projects, `limit` of them at most."""
        statement = LINKS_BETWEEN[type]
        return _pairs(self._backend.read(workspace_id, statement, projects=list(projects), limit=limit))

    def step(
        self, workspace_id: UUID, uids: Collection[str], *, types: Iterable[EdgeType], incoming: bool, limit: int
    ) -> list[Pair]:
        """Return the edges into or out of any of `uids`, as (source, target) in the edge's own direction."""
        found: list[Pair] = []
        for kind in types:
            statement = STEPS[incoming][kind]
            found += _pairs(self._backend.read(workspace_id, statement, uids=sorted(uids), limit=limit))
        return found

    def entities(self, workspace_id: UUID, uids: Iterable[str]) -> dict[str, GraphEntity]:
        """Return those of the uids that exist."""
        found = self._backend.read(workspace_id, ENTITIES, uids=sorted(set(uids)))
        entities = (rows.read_entity(row) for row in found)
        return {entity.uid: entity for entity in entities}

    def ways(self, workspace_id: UUID, pairs: Sequence[Pair], *, types: Iterable[EdgeType]) -> dict[Pair, Way]:
        """Return an edge for each pair, the surest if there are several."""
        found = self._backend.read(
            workspace_id, EDGES_BETWEEN, pairs=[list(pair) for pair in pairs], types=list(types)
        )
        ways = sorted(map(_read_way, found), key=lambda way: (way.confidence or 0.0, way.type))
        return {(way.source, way.target): way for way in ways}

    def languages(self, workspace_id: UUID, *, projects: Sequence[str]) -> list[LanguageShare]:
        """Return what the files are written in, the most files first."""
        found = self._backend.read(workspace_id, LANGUAGES, projects=list(projects))
        return [LanguageShare(row["language"] or None, row["files"], int(row["lines"] or 0)) for row in found]


def _pairs(found: Iterable[Row]) -> list[Pair]:
    return [(row["source"], row["target"]) for row in found]


def _read_way(row: Row) -> Way:
    properties = row["properties"]
    return Way(
        source=row["source"],
        target=row["target"],
        type=EdgeType(row["type"]),
        confidence=properties.get("confidence"),
        lines=rows.read_lines(properties),
    )
