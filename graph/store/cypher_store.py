"""The graph store over any backend that speaks Cypher."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from graph import cypher
from graph.collecting import paused_collector
from graph.elements import Edge, EdgeType, Node
from graph.store import checksum, reading, rows
from graph.store.backend import Backend, Run
from graph.store.impact import trace_impact
from graph.store.model import (
    EntityPage,
    FileGraph,
    FileImports,
    Fingerprints,
    GraphCounts,
    GraphEntity,
    Impact,
    Layer,
    LinkScope,
    Neighbourhood,
    WriteOutcome,
)
from graph.store.questions import GraphQuestions
from graph.store.writing import FencedWriter

DELETE_PROJECT = cypher.read_statement("delete_project")


class CypherStore:
    """See `GraphStore` for what each method promises."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.questions = GraphQuestions(backend)
        self.prepare = backend.prepare
        self.prepare_workspace = backend.prepare_workspace
        self.ping = backend.ping
        self.close = backend.close
        self.delete_workspace = backend.drop_workspace
        self.dialect = backend.dialect
        self.ask = backend.ask

    def write_files(
        self,
        workspace_id: UUID,
        *,
        project: str,
        epoch: int,
        files: Sequence[FileGraph],
    ) -> WriteOutcome:
        return self._write(workspace_id, project, epoch, lambda writer: writer.replace_files(files))

    def upsert_nodes(
        self, workspace_id: UUID, *, project: str, epoch: int, files: Sequence[FileGraph]
    ) -> WriteOutcome:
        return self._write(workspace_id, project, epoch, lambda writer: writer.upsert_nodes(files))

    def upsert_edges(
        self, workspace_id: UUID, *, project: str, epoch: int, files: Sequence[FileGraph]
    ) -> WriteOutcome:
        return self._write(workspace_id, project, epoch, lambda writer: writer.upsert_edges(files))

    def write_links(
        self,
        workspace_id: UUID,
        *,
        project: str,
        epoch: int,
        nodes: Sequence[Node],
        edges: Sequence[Edge],
        scope: LinkScope,
    ) -> WriteOutcome:
        return self._write(
            workspace_id, project, epoch, lambda writer: writer.replace_links(nodes, edges, scope=scope)
        )

    def delete_entities(
        self, workspace_id: UUID, *, project: str, epoch: int, uids: Collection[str]
    ) -> WriteOutcome:
        return self._write(workspace_id, project, epoch, lambda writer: writer.delete_entities(uids))

    def sweep(
        self,
        workspace_id: UUID,
        *,
        project: str,
        epoch: int,
        layer: Layer = Layer.CODE,
    ) -> WriteOutcome:
        return self._write(workspace_id, project, epoch, lambda writer: writer.sweep(layer))

    def delete_project(self, workspace_id: UUID, *, project: str) -> int:
        removed = 0
        while gone := self._backend.write(workspace_id, lambda run: _remove_batch(run, project)):
            removed += gone
        return removed

    def entity(self, workspace_id: UUID, uid: str) -> GraphEntity | None:
        return reading.read_entity(self._backend, workspace_id, uid)

    def find_entities(
        self,
        workspace_id: UUID,
        *,
        projects: Sequence[str] | None = None,
        query: str = "",
        kind: str | None = None,
        path: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> EntityPage:
        return reading.find_entities(
            self._backend,
            workspace_id,
            projects=projects,
            query=query,
            kind=kind,
            path=path,
            limit=limit,
            cursor=cursor,
        )

    def callers(self, workspace_id: UUID, uid: str, *, depth: int = 1, limit: int = 100) -> Neighbourhood:
        return self._walk(workspace_id, uid, reading.INCOMING[EdgeType.CALLS], depth=depth, limit=limit)

    def callees(self, workspace_id: UUID, uid: str, *, depth: int = 1, limit: int = 100) -> Neighbourhood:
        return self._walk(workspace_id, uid, reading.OUTGOING[EdgeType.CALLS], depth=depth, limit=limit)

    def imports(self, workspace_id: UUID, uid: str, *, limit: int = 100) -> FileImports:
        return FileImports(
            imports=self._walk(workspace_id, uid, reading.OUTGOING[EdgeType.IMPORTS], depth=1, limit=limit),
            imported_by=self._walk(workspace_id, uid, reading.INCOMING[EdgeType.IMPORTS], depth=1, limit=limit),
        )

    def memories_of(self, workspace_id: UUID, uid: str, *, limit: int = 100) -> Neighbourhood:
        return self._walk(workspace_id, uid, reading.INCOMING[EdgeType.MENTIONS], depth=1, limit=limit)

    def impact(self, workspace_id: UUID, uid: str, *, depth: int = 5, limit: int = 500) -> Impact:
        return trace_impact(uid, self.callers(workspace_id, uid, depth=depth, limit=limit))

    def counts(self, workspace_id: UUID, *, project: str) -> GraphCounts:
        return reading.read_counts(self._backend, workspace_id, project=project)

    def checksum(self, workspace_id: UUID, *, project: str) -> str:
        return checksum.read_checksum(self._backend, workspace_id, project=project)

    def fingerprints(self, workspace_id: UUID, *, project: str) -> Fingerprints:
        return checksum.read_fingerprints(self._backend, workspace_id, project=project)

    def _walk(self, workspace_id: UUID, uid: str, statement: str, *, depth: int, limit: int) -> Neighbourhood:
        return reading.walk(self._backend, workspace_id, uid, statement=statement, depth=depth, limit=limit)

    def _write(
        self, workspace_id: UUID, project: str, epoch: int, work: Callable[[FencedWriter], WriteOutcome]
    ) -> WriteOutcome:
        dialect = self._backend.dialect
        with paused_collector():
            return self._backend.write(
                workspace_id, lambda run: work(FencedWriter(run, dialect, workspace_id, project, epoch))
            )


def _remove_batch(run: Run, project: str) -> int:
    removed: int = run(DELETE_PROJECT, project=project, limit=rows.BATCH_ROWS)[0]["removed"]
    return removed
