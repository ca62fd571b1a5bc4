"""Rebuilds a project's graph from its facts while it is read: everything is written again under a new epoch,
over what is there, and only then what is older is swept. So a wiped store is filled, a damaged one mended,
and an intact one stays as it is.

The writer's lease is held to the end, links included: a sync between the writing and the sweep would take a
newer epoch, and what the rebuild wrote would be old.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from graph.connection import graph_store
from graph.delivering import require_written, rewrite_files
from graph.file_graphs import hash_file, load_tombstones, resolve_files
from graph.file_states import record_synced, record_written
from graph.flows import save_flow
from graph.models import GraphFile
from graph.project_facts import load_facts
from graph.store.model import FileGraph, Layer
from graph.writers import ANOTHER_WRITES, BUSY, Writer, acquire_writer, keep_writer, release_writer
from supastate.errors import TransientError
from supastate.queueing.heartbeat import heartbeat
from supastate.workspaces.scope import workspace_scope


@dataclass(frozen=True, slots=True)
class RebuiltCode:
    """What a rebuild wrote, what it swept, and whether the store had lost the project."""

    files: int
    nodes: int
    edges: int
    swept: int
    was_lost: bool


@dataclass(slots=True)
class _Seen:
    """What went by on its way to the store: hashes of files, and nodes (many files give an external one)."""

    hashes: dict[str, str] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)

    def watch(self, graphs: Iterable[FileGraph]) -> Iterator[FileGraph]:
        for graph in graphs:
            self.hashes[graph.path] = hash_file(graph)
            self.nodes.update(node.uid for node in graph.nodes)
            yield graph


@contextmanager
def open_rebuild(*, workspace_id: UUID, project_id: UUID) -> Iterator[Writer]:
    """Hold the right to write the project's graph. Raises TransientError while another writer holds it."""
    writer = acquire_writer(workspace_id=workspace_id, project_id=project_id)
    if writer is None:
        raise TransientError(ANOTHER_WRITES, code=BUSY)
    try:
        with heartbeat(partial(keep_writer, writer)):
            yield writer
    finally:
        release_writer(writer)


def rebuild_code(writer: Writer) -> RebuiltCode:
    """Write the whole project again and sweep what is older."""
    store, project = graph_store(), str(writer.project_id)
    _forget_written(writer)
    was_lost = not store.counts(writer.workspace_id, project=project).nodes
    facts = load_facts(workspace_id=writer.workspace_id, project_id=writer.project_id)
    with workspace_scope(writer.workspace_id):
        tombstones = load_tombstones(writer.project_id)
    seen = _Seen()
    written = rewrite_files(writer, seen.watch(resolve_files(project, facts, tombstones, learn=facts.learn)))
    swept = _sweep(writer, Layer.CODE)
    place = {"workspace_id": writer.workspace_id, "project_id": writer.project_id}
    record_written(seen.hashes, **place)
    record_synced(facts.hashes, seen.hashes, **place)
    if facts.flow is not None:
        save_flow(writer, facts.flow, found_in=facts.flow_of)
    return RebuiltCode(len(facts), len(seen.nodes), written.edges, swept, was_lost)


def sweep_links(writer: Writer) -> int:
    """Remove memories, sessions and links that were not written again; return how many nodes went."""
    return _sweep(writer, Layer.LINKS)


def _forget_written(writer: Writer) -> None:
    """A rebuild that is cut off leaves the rest to the next sync."""
    with workspace_scope(writer.workspace_id):
        GraphFile.objects.filter(project_id=writer.project_id).update(written_hash="", synced_hash="")


def _sweep(writer: Writer, layer: Layer) -> int:
    outcome = graph_store().sweep(
        writer.workspace_id, project=str(writer.project_id), epoch=writer.epoch, layer=layer
    )
    return require_written(outcome).removed
