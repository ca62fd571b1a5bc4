"""Fenced writes, the same for both stores: the order of statements that makes a half-done write finishable.

A write takes the fence, does its statements, each of which checks the fence again, and asks at the end
whether it still holds. Edges go before nodes and come back after them, so that a second run starts anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from graph import cypher
from graph.elements import Edge, Node
from graph.store import rows
from graph.store.backend import Dialect, Row, Run
from graph.store.model import FileGraph, Layer, LinkScope, StaleEpoch, WriteOutcome, Written

CLAIM_EPOCH = {dialect: cypher.read_statement(f"{dialect}/claim_epoch") for dialect in Dialect}
WRITE_NODES = {dialect: cypher.read_for_labels(f"{dialect}/write_nodes") for dialect in Dialect}
WRITE_EDGES = cypher.read_for_types("write_edges")
CONFIRM_EPOCH = cypher.read_statement("confirm_epoch")
FILE_NODES = cypher.read_statement("file_nodes")
DELETE_FILE_EDGES = cypher.read_statement("delete_file_edges")
REMOVE_NODES = cypher.read_statement("remove_nodes")
REMOVE_ORPHAN_MODULES = cypher.read_statement("remove_orphan_modules")
DELETE_LINKS = cypher.read_statement("delete_links")
STALE_NODES = cypher.read_statement("stale_nodes")
DELETE_STALE_EDGES = cypher.read_statement("delete_stale_edges")


@dataclass(frozen=True, slots=True)
class FencedWriter:
    """Runs the statements of one write under one fence."""

    run: Run
    dialect: Dialect
    workspace_id: UUID
    project: str
    epoch: int

    def replace_files(self, files: Sequence[FileGraph]) -> WriteOutcome:
        """Make the graph of these files exactly this."""
        nodes = [node for file in files for node in rows.own_nodes(file)]
        edges = [edge for file in files for edge in rows.own_edges(file)]
        owners = sorted({rows.owner_key(file.path) for file in files})
        if not self._claim():
            return StaleEpoch(self.epoch)
        for batch in rows.batches(owners):
            self._fenced(DELETE_FILE_EDGES, owners=batch)
        gone = self._owned_by(owners) - {node.uid for node in nodes}
        removed = self._remove(gone)
        self._upsert_nodes(nodes)
        written, missing = self._upsert_edges(edges)
        self._fenced(REMOVE_ORPHAN_MODULES)
        return self._outcome(Written(len(nodes), written, missing, removed))

    def upsert_nodes(self, files: Sequence[FileGraph]) -> WriteOutcome:
        """Write the nodes that files own over what is there."""
        nodes = [node for file in files for node in rows.own_nodes(file) if node.src_file is not None]
        if not self._claim():
            return StaleEpoch(self.epoch)
        self._upsert_nodes(nodes)
        return self._outcome(Written(len(nodes)))

    def upsert_edges(self, files: Sequence[FileGraph]) -> WriteOutcome:
        """Write the edges of files over what is there, and the external modules that they lead to."""
        edges = [edge for file in files for edge in rows.own_edges(file)]
        modules = [node for file in files for node in file.nodes if node.src_file is None]
        if not self._claim():
            return StaleEpoch(self.epoch)
        self._upsert_nodes(modules)
        written, missing = self._upsert_edges(edges)
        return self._outcome(Written(len(modules), written, missing))

    def replace_links(self, nodes: Sequence[Node], edges: Sequence[Edge], *, scope: LinkScope) -> WriteOutcome:
        """Upsert the nodes and make the links within `scope` exactly `edges`."""
        if not self._claim():
            return StaleEpoch(self.epoch)
        for batch in rows.batches(sorted(set(scope.sources))):
            self._fenced(DELETE_LINKS, uids=batch, types=sorted(scope.types))
        self._upsert_nodes(nodes)
        written, missing = self._upsert_edges(edges)
        return self._outcome(Written(len(nodes), written, missing))

    def delete_entities(self, uids: Collection[str]) -> WriteOutcome:
        """Remove nodes and all their edges."""
        if not self._claim():
            return StaleEpoch(self.epoch)
        return self._outcome(Written(removed=self._remove(set(uids))))

    def sweep(self, layer: Layer) -> WriteOutcome:
        """Remove what older epochs wrote. Every turn makes the next one's share smaller, or is the last."""
        if not self._claim():
            return StaleEpoch(self.epoch)
        while self._fenced(DELETE_STALE_EDGES, types=sorted(layer.types), limit=rows.BATCH_ROWS)[0]["deleted"]:
            pass
        removed = 0
        while (stale := self._stale_uids(layer)) and (gone := self._remove(stale)):
            removed += gone
        return self._outcome(Written(removed=removed))

    def _upsert_nodes(self, nodes: Sequence[Node]) -> None:
        grouped = rows.group_sorted((node.label, (node.uid,), self._node_row(node)) for node in nodes)
        statements = WRITE_NODES[self.dialect]
        self._fenced_all([(statements[label], batch) for label, found in grouped for batch in rows.batches(found)])

    def _upsert_edges(self, edges: Sequence[Edge]) -> tuple[int, int]:
        """Return how many edges found both ends, and how many did not."""
        grouped = rows.group_sorted(
            (edge.type, (edge.source, edge.target), rows.edge_row(edge, epoch=self.epoch)) for edge in edges
        )
        jobs = [(WRITE_EDGES[kind], batch) for kind, found in grouped for batch in rows.batches(found)]
        written = self._fenced_all(jobs)
        return written, sum(len(batch) for _, batch in jobs) - written

    def _remove(self, uids: Collection[str]) -> int:
        batches = rows.batches(sorted(uids))
        return sum(self._fenced(REMOVE_NODES, uids=batch)[0]["removed"] for batch in batches)

    def _owned_by(self, owners: Sequence[str]) -> set[str]:
        found = (self._fenced(FILE_NODES, owners=batch) for batch in rows.batches(owners))
        return {row["uid"] for batch in found for row in batch}

    def _stale_uids(self, layer: Layer) -> set[str]:
        found = self._fenced(STALE_NODES, labels=sorted(layer.labels), limit=rows.BATCH_ROWS)
        return {row["uid"] for row in found}

    def _claim(self) -> bool:
        return bool(self._fenced(CLAIM_EPOCH[self.dialect]))

    def _outcome(self, written: Written) -> WriteOutcome:
        return written if self._fenced(CONFIRM_EPOCH) else StaleEpoch(self.epoch)

    def _fenced_all(self, jobs: Sequence[tuple[str, list[Row]]]) -> int:
        """Run statements one after the other; return how many rows they wrote."""
        return sum(self._fenced(statement, rows=batch)[0]["written"] for statement, batch in jobs)

    def _fenced(self, statement: str, **parameters: object) -> list[Row]:
        return self.run(statement, project=rows.checked_uid(self.project), epoch=self.epoch, **parameters)

    def _node_row(self, node: Node) -> dict[str, object]:
        return rows.node_row(node, workspace_id=self.workspace_id, project=self.project, epoch=self.epoch)
