"""Fenced writes, the same for both stores: the order of statements that makes a half-done write finishable.

A write takes the fence, does its statements, each of which checks the fence again, and asks at the end
whether it still holds. Edges go before nodes and come back after them, so that a second run starts anew.
"""

from __future__ import annotations

import time
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
BURY_NODES = cypher.read_statement("bury_nodes")
REMOVE_ORPHAN_MODULES = cypher.read_statement("remove_orphan_modules")
DELETE_LINKS = cypher.read_statement("delete_links")
STALE_NODES = cypher.read_statement("stale_nodes")
DELETE_STALE_EDGES = cypher.read_statement("delete_stale_edges")
CODE_TYPES = sorted(Layer.CODE.types)


@dataclass(frozen=True, slots=True)
class FencedWriter:
    """Runs the statements of one write under one fence."""

    run: Run
    dialect: Dialect
    workspace_id: UUID
    project: str
    epoch: int

    def replace_files(self, files: Sequence[FileGraph], *, keep_uids: Collection[str]) -> WriteOutcome:
        """Make the graph of these files exactly this."""
        nodes = [node for file in files for node in rows.own_nodes(file)]
        edges = [edge for file in files for edge in rows.own_edges(file)]
        owners = sorted({rows.owner_key(file.path) for file in files})
        if not self._claim():
            return StaleEpoch(self.epoch)
        for batch in rows.batches(owners):
            self._fenced(DELETE_FILE_EDGES, owners=batch)
        gone = self._owned_by(owners) - {node.uid for node in nodes}
        removed, buried = self._retire(gone, keep_uids=keep_uids)
        written = self._upsert(nodes, edges)
        self._fenced(REMOVE_ORPHAN_MODULES)
        return self._outcome(Written(len(nodes), written, len(unique_edges(edges)) - written, removed, buried))

    def rewrite_files(self, files: Sequence[FileGraph]) -> WriteOutcome:
        """Write the files over what is there, removing nothing: a sweep of this epoch does that."""
        nodes = [node for file in files for node in rows.own_nodes(file)]
        edges = [edge for file in files for edge in rows.own_edges(file)]
        if not self._claim():
            return StaleEpoch(self.epoch)
        written = self._upsert(nodes, edges)
        return self._outcome(Written(len(nodes), written, len(unique_edges(edges)) - written))

    def replace_links(self, nodes: Sequence[Node], edges: Sequence[Edge], *, scope: LinkScope) -> WriteOutcome:
        """Upsert the nodes and make the links within `scope` exactly `edges`."""
        if not self._claim():
            return StaleEpoch(self.epoch)
        for batch in rows.batches(sorted(set(scope.sources))):
            self._fenced(DELETE_LINKS, uids=batch, types=sorted(scope.types))
        written = self._upsert(nodes, edges)
        return self._outcome(Written(len(nodes), written, len(unique_edges(edges)) - written))

    def delete_entities(self, uids: Collection[str]) -> WriteOutcome:
        """Remove nodes and all their edges."""
        if not self._claim():
            return StaleEpoch(self.epoch)
        removed, _ = self._retire(set(uids), keep_uids=())
        return self._outcome(Written(removed=removed))

    def sweep(self, layer: Layer, *, keep_uids: Collection[str]) -> WriteOutcome:
        """Remove what older epochs wrote. Every turn makes the next one's share smaller, or is the last."""
        if not self._claim():
            return StaleEpoch(self.epoch)
        while self._fenced(DELETE_STALE_EDGES, types=sorted(layer.types), limit=rows.BATCH_ROWS)[0]["deleted"]:
            pass
        removed = buried = 0
        while stale := self._stale_uids(layer):
            gone, kept = self._retire(stale, keep_uids=keep_uids)
            if not gone + kept:
                break
            removed, buried = removed + gone, buried + kept
        return self._outcome(Written(removed=removed, buried=buried))

    def _upsert(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> int:
        """Write all nodes, then all edges; return how many edges found both ends."""
        for label, found in rows.group_sorted((node.label, (node.uid,), self._node_row(node)) for node in nodes):
            for batch in rows.batches(found):
                self._fenced(WRITE_NODES[self.dialect][label], rows=batch)
        written = 0
        for kind, found in rows.group_sorted(
            (edge.type, (edge.source, edge.target), rows.edge_row(edge, epoch=self.epoch)) for edge in edges
        ):
            for batch in rows.batches(found):
                written += self._fenced(WRITE_EDGES[kind], rows=batch)[0]["written"]
        return written

    def _retire(self, uids: set[str], *, keep_uids: Collection[str]) -> tuple[int, int]:
        """Remove nodes, or bury those to be kept; return how many of each."""
        keep = uids.intersection(keep_uids)
        removed = buried = 0
        for batch in rows.batches(sorted(uids - keep)):
            removed += self._fenced(REMOVE_NODES, uids=batch)[0]["removed"]
        now = time.time_ns() // 1_000_000
        for batch in rows.batches(sorted(keep)):
            buried += self._fenced(BURY_NODES, uids=batch, now=now, types=CODE_TYPES)[0]["buried"]
        return removed, buried

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

    def _fenced(self, statement: str, **parameters: object) -> list[Row]:
        return self.run(statement, project=rows.checked_uid(self.project), epoch=self.epoch, **parameters)

    def _node_row(self, node: Node) -> dict[str, object]:
        return rows.node_row(node, workspace_id=self.workspace_id, project=self.project, epoch=self.epoch)


def unique_edges(edges: Sequence[Edge]) -> set[tuple[str, str, str]]:
    """Return the identities of edges: there is at most one per (type, source, target)."""
    return {(edge.type, edge.source, edge.target) for edge in edges}
