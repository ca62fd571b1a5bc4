"""The graph stage: brings a project's facts into the graph store, writing only the files whose rows changed.

The whole project is resolved, since a new name in one file can change what another's calls mean; the hash of
each file's nodes and edges, kept beside its facts, says which files the store must be told about. An edge in
the store never needs a node that is written later: the store writes all nodes first.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from graph.connection import graph_store
from graph.elements import Edge, Node
from graph.facts import FileFacts
from graph.models import GraphFile, GraphQueue
from graph.resolver import resolve_project
from graph.store.model import FileGraph, StaleEpoch, WriteOutcome, Written
from graph.writers import Writer, acquire_writer, release_writer
from supastate.errors import TransientError
from supastate.queueing.claims import Claim, complete_rows
from supastate.queueing.runner import fail_rows, run_claim
from supastate.workspaces.scope import workspace_scope

OnSynced = Callable[[UUID, UUID, Sequence[str]], None]
WAIT_FOR_WRITER_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the store must be told: whole graphs of changed files with their hashes, and paths that are gone."""

    files: list[FileGraph]
    hashes: dict[str, str]
    gone: list[str]


def sync_due(*, workspace_id: UUID, on_synced: OnSynced) -> int:
    """Bring one claim of changed paths into the store; return how many rows were claimed.

    `on_synced(workspace, project, paths)` runs in the transaction that completes a project's rows.
    """

    def work(claim: Claim[GraphQueue]) -> None:
        _sync(claim, on_synced)

    return run_claim(GraphQueue, workspace_id=workspace_id, work=work)


def sync_project(writer: Writer) -> list[str]:
    """Make the store hold what the project's facts say; return the paths that it was told about.

    Raises TransientError when the store is away or another writer took over.
    """
    with workspace_scope(writer.workspace_id):
        rows = list(GraphFile.objects.filter(project_id=writer.project_id))
    plan = _plan(str(writer.project_id), rows)
    store, project = graph_store(), str(writer.project_id)
    if plan.files:
        require_written(
            store.write_files(writer.workspace_id, project=project, epoch=writer.epoch, files=plan.files)
        )
    if plan.gone:
        require_written(
            store.delete_files(writer.workspace_id, project=project, epoch=writer.epoch, paths=plan.gone)
        )
    record_written(writer, hashes=plan.hashes, gone=plan.gone)
    return [*plan.hashes, *plan.gone]


def _sync(claim: Claim[GraphQueue], on_synced: OnSynced) -> None:
    workspace_id = claim.rows[0].workspace_id
    by_project: dict[UUID, list[GraphQueue]] = defaultdict(list)
    for row in claim.rows:
        by_project[row.project_id].append(row)
    for project_id, rows in by_project.items():
        writer = acquire_writer(workspace_id=workspace_id, project_id=project_id)
        if writer is None:
            busy = _busy("Another worker writes this project's graph.")
            fail_rows(claim, rows, busy, workspace_id=workspace_id)
            continue
        try:
            sync_project(writer)
        finally:
            release_writer(writer)
        with workspace_scope(workspace_id):
            on_synced(workspace_id, project_id, sorted({row.path for row in rows}))
            complete_rows(claim, rows)


def _plan(project_uid: str, rows: Sequence[GraphFile]) -> _Plan:
    facts = {row.path: FileFacts.from_json(row.facts) for row in rows if row.facts is not None}
    written = {row.path: row.written_hash for row in rows}
    graphs = resolve_files(project_uid, facts)
    hashes = {path: hash_file(graph) for path, graph in graphs.items()}
    changed = {path: value for path, value in hashes.items() if written[path] != value}
    return _Plan(
        files=[graphs[path] for path in sorted(changed)],
        hashes=changed,
        gone=sorted(row.path for row in rows if row.facts is None),
    )


def resolve_files(project_uid: str, facts: Mapping[str, FileFacts]) -> dict[str, FileGraph]:
    """Return by path what the store must hold of a project with these facts."""
    resolved = resolve_project(project_uid, facts)
    nodes: dict[str, list[Node]] = defaultdict(list)
    edges: dict[str, list[Edge]] = defaultdict(list)
    shared: dict[str, Node] = {}
    for node in resolved.nodes:
        if node.src_file is None:
            shared[node.uid] = node
        else:
            nodes[node.src_file].append(node)
    for edge in resolved.edges:
        path = str(edge.src_file)
        edges[path].append(edge)
        if edge.target in shared:
            nodes[path].append(shared[edge.target])
    unique = {path: list({node.uid: node for node in found}.values()) for path, found in nodes.items()}
    return {path: FileGraph(path=path, nodes=unique[path], edges=edges[path]) for path in facts}


def hash_file(graph: FileGraph) -> str:
    """Return the hash by which a change of what the store must hold is seen."""
    rows = [
        *([node.label, node.uid, dict(node.properties)] for node in graph.nodes),
        *([edge.type, edge.source, edge.target, dict(edge.properties)] for edge in graph.edges),
    ]
    return hashlib.sha256(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)).hexdigest()


def record_written(writer: Writer, *, hashes: Mapping[str, str], gone: Sequence[str]) -> None:
    """Note what the store holds now. A path whose facts came back meanwhile keeps its row for the next sync."""
    with workspace_scope(writer.workspace_id):
        mine = GraphFile.objects.filter(project_id=writer.project_id)
        rows = list(mine.filter(path__in=hashes).only("path"))
        for row in rows:
            row.written_hash = hashes[row.path]
        GraphFile.objects.bulk_update(rows, ["written_hash"], batch_size=1_000)
        mine.filter(path__in=gone, facts__isnull=True).delete()
        mine.filter(path__in=gone).update(written_hash="")


def require_written(outcome: WriteOutcome) -> Written:
    """Return what was written; raise TransientError when a newer writer of the project was in the way."""
    if isinstance(outcome, StaleEpoch):
        raise _busy("A newer writer took over this project's graph.")
    return outcome


def _busy(detail: str) -> TransientError:
    return TransientError(detail, code="graph_busy", retry_after=WAIT_FOR_WRITER_SECONDS, counts_as_attempt=False)
