"""Rebuilds a project's graph from its facts while it is read: everything is written again under a new epoch,
over what is there, and only then what is older is swept. So a wiped store is filled, a damaged one mended,
and an intact one stays as it is.

The writer's lease is held to the end, links included: a sync between the writing and the sweep would take a
newer epoch, and what the rebuild wrote would be old.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from graph.comparing import load_facts
from graph.connection import graph_store
from graph.models import GraphFile
from graph.store.model import Layer
from graph.syncing import hash_file, record_written, require_written, resolve_files
from graph.writers import Writer, acquire_writer, release_writer
from supastate.errors import TransientError
from supastate.workspaces.scope import workspace_scope


@dataclass(frozen=True, slots=True)
class RebuiltCode:
    """What a rebuild wrote, what it swept, and whether the store had lost the project."""

    files: int
    nodes: int
    edges: int
    swept: int
    was_lost: bool


@contextmanager
def open_rebuild(*, workspace_id: UUID, project_id: UUID) -> Iterator[Writer]:
    """Hold the right to write the project's graph. Raises TransientError while another writer holds it."""
    writer = acquire_writer(workspace_id=workspace_id, project_id=project_id)
    if writer is None:
        raise TransientError("Another worker writes this project's graph: try again.", code="graph_busy")
    try:
        yield writer
    finally:
        release_writer(writer)


def rebuild_code(writer: Writer) -> RebuiltCode:
    """Write the whole project again and sweep what is older."""
    store, project = graph_store(), str(writer.project_id)
    _forget_written(writer)
    was_lost = not store.counts(writer.workspace_id, project=project).nodes
    facts = load_facts(workspace_id=writer.workspace_id, project_id=writer.project_id)
    files = resolve_files(project, facts)
    written = require_written(
        store.rewrite_files(writer.workspace_id, project=project, epoch=writer.epoch, files=list(files.values()))
    )
    swept = _sweep(writer, Layer.CODE)
    record_written(writer, hashes={path: hash_file(graph) for path, graph in files.items()}, gone=[])
    nodes = {node.uid for graph in files.values() for node in graph.nodes}  # an external module is given by many
    return RebuiltCode(len(files), len(nodes), written.edges, swept, was_lost)


def sweep_links(writer: Writer) -> int:
    """Remove memories, sessions and links that were not written again; return how many nodes went."""
    return _sweep(writer, Layer.LINKS)


def _forget_written(writer: Writer) -> None:
    """A rebuild that is cut off leaves the rest to the next sync."""
    with workspace_scope(writer.workspace_id):
        GraphFile.objects.filter(project_id=writer.project_id).update(written_hash="")


def _sweep(writer: Writer, layer: Layer) -> int:
    outcome = graph_store().sweep(
        writer.workspace_id, project=str(writer.project_id), epoch=writer.epoch, layer=layer
    )
    return require_written(outcome).removed
