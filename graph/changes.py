"""Which files' rows in the graph store are not what the facts say, and the way there.

What differs is found first, and waits in a file on disk: a large project's would not fit into memory. Facts may
change meanwhile, and where no lease was held (see `settling`) others may write. Such files are left to whoever
brings their change in.

A file whose rows are as they were told is not written again. So it must be known where the store lost edges of
such a file: with a node that was removed, be it for a minute, and where a node was not there yet.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from graph import naming
from graph.delivering import replace_files
from graph.file_graphs import hash_file, load_tombstones, resolve_files
from graph.file_states import (
    BROKEN,
    UNSETTLED,
    FileState,
    forget_written,
    mark_synced,
    read_states,
    record_written,
)
from graph.flows import save_flow
from graph.project_facts import ProjectFacts
from graph.resolver import Flow
from graph.store.model import FileGraph
from graph.writers import Writer
from supastate.workspaces.scope import workspace_scope

Check = Callable[[], None]


@dataclass(slots=True)
class Changes:
    """Graphs of files that differ from what the store was told; `states` are from before these were looked for."""

    facts: ProjectFacts
    states: Mapping[str, FileState]
    broken: Collection[str]
    """Nodes that edges may have been lost of."""
    graphs: IO[bytes]
    hashes: dict[str, str] = field(default_factory=dict)
    learned: bool = False

    def add(self, graph: FileGraph) -> None:
        """Take a graph in if it differs."""
        digest = hash_file(graph)
        if digest != _written(self.states, graph.path) or self._is_broken(graph):
            self.hashes[graph.path] = digest
            pickle.dump(graph, self.graphs)

    def read(self) -> Iterator[FileGraph]:
        """Yield the graphs."""
        self.graphs.seek(0)
        for _ in self.hashes:
            yield pickle.load(self.graphs)  # noqa: S301 - this process has just written it

    def learn(self, flow: Flow) -> None:
        """Keep what resolving all facts has found out."""
        self.facts.learn(flow)
        self.learned = True

    def _is_broken(self, graph: FileGraph) -> bool:
        return bool(self.broken) and any(
            edge.target in self.broken or edge.source in self.broken for edge in graph.edges
        )


@contextmanager
def find_changes(
    facts: ProjectFacts,
    states: Mapping[str, FileState],
    *,
    workspace_id: UUID,
    project_id: UUID,
    only: Collection[str],
    known: Flow | None,
    check: Check,
) -> Iterator[Changes]:
    """Resolve `only` these paths and yield what differs; `check` is called for each, and may end it by raising."""
    with workspace_scope(workspace_id):
        tombstones = load_tombstones(project_id)
    project = str(project_id)
    broken = frozenset(_list_uids(project, facts, states))
    with TemporaryFile() as graphs:
        changes = Changes(facts, states, broken, graphs)
        for graph in resolve_files(project, facts, tombstones, only=only, known=known, learn=changes.learn):
            check()
            changes.add(graph)
        yield changes


def write_changes(changes: Changes, writer: Writer) -> bool:
    """Bring the changes into the store; False if some are left, as other files have changed meanwhile.

    A worker that ends on the way leaves all of them to be written again. Raises TransientError when the store is
    away or another writer took over.
    """
    place = {"workspace_id": writer.workspace_id, "project_id": writer.project_id}
    states, now = changes.states, read_states(**place)
    moved = _list_moved(changes, now)
    written = {
        path: digest
        for path, digest in changes.hashes.items()
        if path not in moved and _written(states, path) == _written(now, path)
    }
    at_risk = [path for path in written if now[path].is_due and now[path].written_hash]
    unbroken = [path for path in at_risk if now[path].synced_hash != BROKEN]
    mark_synced([path for path in moved & now.keys() if now[path].synced_hash != BROKEN], UNSETTLED, **place)
    mark_synced(unbroken, BROKEN, **place)
    forget_written(written, **place)
    outcome = replace_files(writer, (graph for graph in changes.read() if graph.path in written))
    if not outcome.removed:
        mark_synced(unbroken, UNSETTLED, **place)
    record_written(dict.fromkeys(written, "") if outcome.missing_ends else written, **place)
    if changes.learned and changes.facts.flow is not None:
        save_flow(writer, changes.facts.flow, found_in=changes.facts.flow_of)
    return not moved and len(written) == len(changes.hashes)


def _list_moved(changes: Changes, now: Mapping[str, FileState]) -> set[str]:
    """Return the paths whose facts are not those that were resolved, or were brought in by another writer.

    A file that is new since is none of them: nothing that was resolved knows it, and it is due.
    """
    known, states = changes.facts.hashes, changes.states
    return {
        path
        for path in known.keys() | states.keys()
        if path not in now
        or now[path].facts_hash != known.get(path)
        or now[path].synced_hash != (states[path].synced_hash if path in states else UNSETTLED)
    }


def _list_uids(project_uid: str, facts: ProjectFacts, states: Mapping[str, FileState]) -> Iterator[str]:
    for path, state in states.items():
        if state.synced_hash == BROKEN and path in facts:
            yield naming.file_uid(project_uid, path)
            for definition in facts[path].definitions:
                yield naming.definition_uid(project_uid, path, definition)


def _written(states: Mapping[str, FileState], path: str) -> str:
    return states[path].written_hash if path in states else ""
