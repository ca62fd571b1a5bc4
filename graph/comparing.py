"""Compares what the graph store holds of a project's code with a fresh resolve of the project's facts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from graph.connection import graph_store
from graph.file_graphs import load_tombstones, resolve_files
from graph.project_facts import load_facts
from graph.store.checksum import make_fingerprints
from supastate.workspaces.scope import workspace_scope


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many nodes and edges the facts give, and how many of them the store lacks or has besides.

    One whose properties differ counts as missing and as extra.
    """

    nodes: int
    edges: int
    missing: int
    extra: int

    @property
    def is_equal(self) -> bool:
        """The store holds exactly what the facts say."""
        return self.missing == self.extra == 0


def compare_project(*, workspace_id: UUID, project_id: UUID) -> Comparison:
    """Resolve the project's facts anew and compare. Raises TransientError when the store is away."""
    project = str(project_id)
    facts = load_facts(workspace_id=workspace_id, project_id=project_id)
    with workspace_scope(workspace_id):
        tombstones = load_tombstones(project_id)
    wanted = make_fingerprints(resolve_files(project, facts, tombstones), workspace_id, project=project)
    held = graph_store().fingerprints(workspace_id, project=project)
    return Comparison(
        nodes=len(wanted.nodes),
        edges=len(wanted.edges),
        missing=len(wanted.nodes - held.nodes) + len(wanted.edges - held.edges),
        extra=len(held.nodes - wanted.nodes) + len(held.edges - wanted.edges),
    )
