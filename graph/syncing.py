"""The graph stage: brings a project's facts into the graph store, writing only the files whose rows changed.

What one file says may change what any other's calls mean, and no list of dependents is sure to be complete: types
flow through imports, returns, attributes and method names. So the changed files are resolved and written first,
and are live within the second; then the whole project is resolved, and the hash of each file's nodes and edges,
kept beside its facts, says what else the store must be told. That second turn is left out when the facts say the
same as before but for positions and texts, which no other file can see. The first turn starts from what the last
whole one found to be passed to functions; where nothing was kept of that, the first turn finds it for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db.models import Q

from graph.delivering import replace_files
from graph.file_graphs import Tombstones, hash_file, load_tombstones, resolve_files
from graph.files import is_seen_alike
from graph.flows import save_flow
from graph.models import GraphFile, GraphQueue
from graph.project_facts import OutdatedFactsError, ProjectFacts, load_facts
from graph.resolver import Flow
from graph.store.model import FileGraph
from graph.writers import Writer, acquire_writer, keep_writer, release_writer, wait_for_writer
from supastate.queueing.claims import Claim, LeaseLostError, complete_rows, renew_lease
from supastate.queueing.heartbeat import heartbeat
from supastate.queueing.runner import run_claim
from supastate.workspaces.scope import workspace_scope

OnSynced = Callable[[UUID, UUID, Sequence[str]], None]
OnOutdated = Callable[[UUID], object]
Check = Callable[[], None]
# More are not written ahead of the rest: resolving them takes about as long as resolving everything.
MOST_WRITTEN_FIRST = 50


@dataclass(frozen=True, slots=True)
class _FileState:
    """What of a file the store was told last; `facts_hash` is None when the file is gone."""

    facts_hash: str | None
    synced_hash: str
    written_hash: str

    @property
    def is_due(self) -> bool:
        return self.facts_hash != self.synced_hash or not self.written_hash

    @property
    def is_seen_by_others(self) -> bool:
        return self.facts_hash is None or not is_seen_alike(self.facts_hash, self.synced_hash)


@dataclass(slots=True)
class _Sync:
    """One sync of one project: what there is to write, and the hashes of what was written."""

    writer: Writer
    facts: ProjectFacts
    tombstones: Tombstones
    written: dict[str, str]
    check: Check
    told: dict[str, str] = field(default_factory=dict)

    def write(self, paths: Collection[str], known: Flow | None = None) -> None:
        """Bring what differs of these files into the store; `known` is the flow to start from."""
        project, learn = str(self.writer.project_id), partial(keep_flow, self.writer, self.facts)
        graphs = resolve_files(project, self.facts, self.tombstones, only=paths, known=known, learn=learn)
        hashes: dict[str, str] = {}
        replace_files(self.writer, self._keep_changed(graphs, hashes))
        self.written |= hashes
        self.told |= hashes
        record_written(self.writer, hashes)

    def _keep_changed(self, graphs: Iterable[FileGraph], hashes: dict[str, str]) -> Iterator[FileGraph]:
        for graph in graphs:
            self.check()
            found = hash_file(graph)
            if self.written.get(graph.path) != found:
                hashes[graph.path] = found
                yield graph


def sync_due(*, workspace_id: UUID, on_synced: OnSynced, on_outdated: OnOutdated) -> int:
    """Bring one claim of changed paths into the store; return how many rows were claimed.

    `on_synced(workspace, project, paths)` runs in the transaction that completes a project's rows.
    `on_outdated(workspace)` asks for new facts where an earlier parser made them; the rows wait for these.
    """

    def work(claim: Claim[GraphQueue]) -> None:
        try:
            _sync(claim, on_synced)
        except OutdatedFactsError:
            on_outdated(workspace_id)
            raise

    return run_claim(GraphQueue, workspace_id=workspace_id, work=work)


def sync_project(writer: Writer, check: Check) -> list[str]:
    """Make the store hold what the project's facts say; return the paths that it was told about.

    Every changed file of the project is brought in, whoever's claim it is of: the rest of the claims then find
    nothing to do; `check` is called for each file, and ends the sync by what it raises. Raises TransientError when
    the store is away or another writer took over.
    """
    states = _read_states(writer)
    due = {path: state for path, state in states.items() if state.is_due}
    if not due:
        return []
    facts = load_facts(workspace_id=writer.workspace_id, project_id=writer.project_id)
    with workspace_scope(writer.workspace_id):
        tombstones = load_tombstones(writer.project_id)
    sync = _Sync(writer, facts, tombstones, {path: state.written_hash for path, state in states.items()}, check)
    is_whole = any(state.is_seen_by_others for state in due.values())
    if not is_whole:
        sync.write(due, facts.sure_flow())
    elif len(due) <= MOST_WRITTEN_FIRST:
        sync.write(due, facts.flow)
    if is_whole:
        sync.write({*facts, *due}, facts.sure_flow())
    record_synced(writer, facts.hashes, due)
    return sorted({*sync.told, *due})


def keep_flow(writer: Writer, facts: ProjectFacts, flow: Flow) -> None:
    """Keep what resolving all of a project's facts has found out, for this process and for all others."""
    facts.learn(flow)
    save_flow(writer, flow, found_in=facts.flow_of)


def record_synced(writer: Writer, hashes: Mapping[str, str], paths: Collection[str]) -> None:
    """Note that the project was resolved with these hashes of its facts; forget the paths that are gone.

    A path whose facts changed meanwhile keeps its row, and is due again.
    """
    with workspace_scope(writer.workspace_id):
        mine = GraphFile.objects.filter(project_id=writer.project_id)
        rows = list(mine.filter(path__in=hashes.keys() & set(paths)).only("path"))
        for row in rows:
            row.synced_hash = hashes[row.path]
        GraphFile.objects.bulk_update(rows, ["synced_hash"], batch_size=1_000)
        gone = set(paths) - hashes.keys()
        mine.filter(path__in=gone, facts__isnull=True).delete()
        mine.filter(path__in=gone).update(synced_hash="", written_hash="")


def _sync(claim: Claim[GraphQueue], on_synced: OnSynced) -> None:
    workspace_id = claim.rows[0].workspace_id
    by_project: dict[UUID, list[GraphQueue]] = defaultdict(list)
    for row in claim.rows:
        by_project[row.project_id].append(row)
    left = {row.id for row in claim.rows}
    for project_id, rows in by_project.items():
        writer = acquire_writer(workspace_id=workspace_id, project_id=project_id)
        if writer is None:
            wait_for_writer(claim, workspace_id=workspace_id, project_id=project_id)
        else:
            _sync_alive(writer, partial(_renew, claim, frozenset(left), writer))
            with workspace_scope(workspace_id):
                on_synced(workspace_id, project_id, sorted({row.path for row in rows}))
                complete_rows(claim, rows)
        left -= {row.id for row in rows}


def _sync_alive(writer: Writer, renew: Callable[[], None]) -> None:
    try:
        with heartbeat(renew) as check:
            sync_project(writer, check)
    finally:
        release_writer(writer)


def _renew(claim: Claim[GraphQueue], left: Collection[UUID], writer: Writer) -> None:
    with workspace_scope(writer.workspace_id):
        if not renew_lease(claim, left):
            raise LeaseLostError
    keep_writer(writer)


def _read_states(writer: Writer) -> dict[str, _FileState]:
    with workspace_scope(writer.workspace_id):
        mine = GraphFile.objects.filter(project_id=writer.project_id).annotate(is_gone=Q(facts__isnull=True))
        rows = mine.values_list("path", "is_gone", "facts_hash", "synced_hash", "written_hash")
        return {
            path: _FileState(None if is_gone else found, synced, written)
            for path, is_gone, found, synced, written in rows
        }


def record_written(writer: Writer, hashes: Mapping[str, str]) -> None:
    """Note what the store holds of files."""
    with workspace_scope(writer.workspace_id):
        rows = list(GraphFile.objects.filter(project_id=writer.project_id, path__in=hashes.keys()).only("path"))
        for row in rows:
            row.written_hash = hashes[row.path]
        GraphFile.objects.bulk_update(rows, ["written_hash"], batch_size=1_000)
