"""The one interface to a code graph. Both stores keep the same promises: see `tests/graph/store/`.

Every method names its workspace and sees or changes nothing outside it. `project` is a Project node's uid.

Writes are fenced: the project's node remembers the highest `epoch` that wrote to it; a writer with a lower
one changes nothing and gets `StaleEpoch`. All of them are idempotent, and one that was cut off half-way is
finished by running it again. There is one writer per (workspace, project).

Of a node's properties the store reads `name`, `qualifiedName`, `kind` and `path` (to search), of an edge's
`confidence`, `method` or `how`, and `lines` ("12,40"); all others pass through.

Errors: `TransientError` with code `graph_unavailable` (no attempt of the item) when the store is away, with
code `graph_timeout` when an answer took too long; `PermanentError` for what the store refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from graph.elements import Edge, Node
from graph.store.asking import Answer, Limits, Question
from graph.store.backend import Dialect
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


class GraphStore(Protocol):
    """A code graph of many workspaces. Safe to share between threads, and across a fork."""

    questions: GraphQuestions
    """What is asked of whole projects, and of ways through them."""
    dialect: Dialect

    def prepare(self) -> None:
        """Make the constraints and indexes that all workspaces share; running it again does no harm."""

    def prepare_workspace(self, workspace_id: UUID) -> None:
        """Make the constraints and indexes of one workspace. Every write sees to it by itself."""

    def ping(self) -> None:
        """Return if the store answers, else raise `TransientError`, after a few seconds at most."""

    def close(self) -> None:
        """Close this process's connections; the next call opens new ones."""

    def write_files(
        self,
        workspace_id: UUID,
        *,
        project: str,
        epoch: int,
        files: Sequence[FileGraph],
    ) -> WriteOutcome:
        """Make the graph of these files exactly this; a path without nodes is removed.

        Nodes are updated in place, so that edges into them live on; those that are gone are removed. What
        memories mention is given on as a tombstone. All nodes are written before the first edge.
        """

    def upsert_nodes(
        self, workspace_id: UUID, *, project: str, epoch: int, files: Sequence[FileGraph]
    ) -> WriteOutcome:
        """Write the nodes that files own over what is there and remove nothing, so that readers miss nothing.

        What is too much for one write goes in parts: the nodes of all parts, then their edges. A `sweep` of the
        same epoch removes what these files do not say.
        """

    def upsert_edges(
        self, workspace_id: UUID, *, project: str, epoch: int, files: Sequence[FileGraph]
    ) -> WriteOutcome:
        """Write the edges of files over what is there, and the external modules that they lead to."""

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
        """Upsert sessions, memories and patterns, and make their links within `scope` exactly `edges`."""

    def delete_entities(
        self, workspace_id: UUID, *, project: str, epoch: int, uids: Collection[str]
    ) -> WriteOutcome:
        """Remove nodes of the project with all their edges: what was erased."""

    def sweep(
        self,
        workspace_id: UUID,
        *,
        project: str,
        epoch: int,
        layer: Layer = Layer.CODE,
    ) -> WriteOutcome:
        """After a rebuild under `epoch`, remove what it did not write."""

    def delete_project(self, workspace_id: UUID, *, project: str) -> int:
        """Remove a project with all its nodes, its fence too; return how many nodes there were."""

    def delete_workspace(self, workspace_id: UUID) -> None:
        """Remove everything of a workspace."""

    def entity(self, workspace_id: UUID, uid: str) -> GraphEntity | None:
        """Return one node, tombstones too."""

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
        """Return living code entities by part of their name, of one `kind`, in one file or folder `path`.

        The best match comes first. A cursor that this method did not make is an `InvalidInputError`.
        """

    def callers(self, workspace_id: UUID, uid: str, *, depth: int = 1, limit: int = 100) -> Neighbourhood:
        """Return what calls this, up to `depth` calls away."""

    def callees(self, workspace_id: UUID, uid: str, *, depth: int = 1, limit: int = 100) -> Neighbourhood:
        """Return what this calls, up to `depth` calls away."""

    def imports(self, workspace_id: UUID, uid: str, *, limit: int = 100) -> FileImports:
        """Return the files and modules that a file imports, and the files that import it."""

    def memories_of(self, workspace_id: UUID, uid: str, *, limit: int = 100) -> Neighbourhood:
        """Return the memories that mention this."""

    def impact(self, workspace_id: UUID, uid: str, *, depth: int = 5, limit: int = 500) -> Impact:
        """Return every caller up to `depth` calls away, with the path of calls by which it is hit."""

    def ask(self, workspace_id: UUID, question: Question, limits: Limits) -> Answer:
        """Run a query that `graph.query` guarded; nothing else may be given. No graph yet is no rows.

        Raises QueryTimeoutError, QueryFailedError, AnswerTooLargeError; writes are refused by the store too.
        """

    def counts(self, workspace_id: UUID, *, project: str) -> GraphCounts:
        """Count the project's nodes and the edges that leave them."""

    def checksum(self, workspace_id: UUID, *, project: str) -> str:
        """Return a hash of the project's nodes and edges with their properties.

        It leaves out epochs and times of deletion, and is the same for both stores.
        """

    def fingerprints(self, workspace_id: UUID, *, project: str) -> Fingerprints:
        """Return a hash of each code node and each code edge; `make_fingerprints` makes them of a resolve."""
