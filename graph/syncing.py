"""The graph stage: brings a project's facts into the graph store, writing only the files whose rows changed.

What one file says may change what any other's calls mean, and no list of dependents is sure to be complete: types
flow through imports, returns, attributes and method names. So the changed files are resolved and written first,
and are live within the second; then the whole project is resolved (see `settling`), and the hash of each file's
nodes and edges, kept beside its facts, says what else the store must be told. That second turn is left out when
the facts say the same as before but for positions and texts, which no other file can see. The first turn starts
from what the last whole one found to be passed to functions; where nothing is known of that, or much has changed,
all is resolved in one turn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from graph.changes import Check, find_changes, write_changes
from graph.delivering import busy
from graph.file_states import read_states, record_synced
from graph.models import WHOLE_PROJECT, GraphQueue
from graph.project_facts import OutdatedFactsError, load_facts
from graph.settling import ask_to_settle, is_settling, settle_project
from graph.writers import Writer, acquire_writer, keep_writer, release_writer, wait_for_writer
from supastate.queueing.claims import Claim, LeaseLostError, complete_rows, fail_row, renew_lease
from supastate.queueing.heartbeat import heartbeat
from supastate.queueing.runner import run_claim
from supastate.workspaces.scope import workspace_scope

OnSynced = Callable[[UUID, UUID, Sequence[str]], None]
OnOutdated = Callable[[UUID], object]
MOST_WRITTEN_FIRST = 50
LARGEST_SHARE_FIRST = 0.1
"""More files are not written ahead of the rest: resolving them takes about as long as resolving everything."""


class Synced(NamedTuple):
    """What a first turn brought in, and whether nothing is left for a second."""

    paths: list[str]
    is_settled: bool


def sync_due(*, workspace_id: UUID, on_synced: OnSynced, on_outdated: OnOutdated) -> int:
    """Bring one claim of changed paths into the store; return how many rows were claimed.

    `on_synced(workspace, project, paths)` runs in the transaction that completes a project's rows.
    `on_outdated(workspace)` asks for new facts where an earlier parser made them; the rows wait for these.
    """

    def work(claim: Claim[GraphQueue]) -> None:
        try:
            _work(claim, workspace_id, on_synced)
        except OutdatedFactsError:
            on_outdated(workspace_id)
            raise

    return run_claim(GraphQueue, workspace_id=workspace_id, work=work)


def sync_project(writer: Writer, check: Check) -> Synced:
    """Make the store hold what the project's changed files say.

    Every changed file of the project is brought in, whoever's claim it is of: the rest of the claims then find
    nothing to do; `check` is called for each file, and ends the sync by what it raises. Raises TransientError when
    the store is away or another writer took over.
    """
    place = {"workspace_id": writer.workspace_id, "project_id": writer.project_id}
    states = read_states(**place)
    due = {path: state for path, state in states.items() if state.is_due}
    if not due:
        return Synced([], is_settled=True)
    facts = load_facts(**place)
    only, known, is_settled = set(due), facts.sure_flow(), True
    if any(state.is_seen_by_others for state in due.values()):
        is_settled = facts.flow is None or len(due) > max(MOST_WRITTEN_FIRST, LARGEST_SHARE_FIRST * len(facts))
        if is_settled:
            only |= facts.keys()
        else:
            known = facts.flow
    with find_changes(facts, states, **place, only=only, known=known, check=check) as changes:
        is_settled &= write_changes(changes, writer)
    if is_settled:
        record_synced(facts.hashes, due, **place)
    return Synced(sorted({*changes.hashes, *due}), is_settled)


def _work(claim: Claim[GraphQueue], workspace_id: UUID, on_synced: OnSynced) -> None:
    left = {row.id for row in claim.rows}
    whole = [row for row in claim.rows if row.path == WHOLE_PROJECT]
    for project_id, rows in _group(claim.rows).items():
        writer = acquire_writer(workspace_id=workspace_id, project_id=project_id)
        if writer is None:
            wait_for_writer(claim, workspace_id=workspace_id, project_id=project_id)
            left -= {row.id for row in whole if row.project_id == project_id}
        else:
            synced = _sync_alive(writer, partial(_renew, claim, frozenset(left), writer))
            with workspace_scope(workspace_id):
                on_synced(workspace_id, project_id, sorted({row.path for row in rows}))
                if not synced.is_settled:
                    ask_to_settle(workspace_id=workspace_id, project_id=project_id)
                complete_rows(claim, rows)
        left -= {row.id for row in rows}
    for row in whole:
        if row.id in left:
            _settle(claim, row, left)
            left.remove(row.id)


def _group(rows: Iterable[GraphQueue]) -> Mapping[UUID, list[GraphQueue]]:
    """Return the rows of changed paths by project."""
    by_project: dict[UUID, list[GraphQueue]] = defaultdict(list)
    for row in rows:
        if row.path != WHOLE_PROJECT:
            by_project[row.project_id].append(row)
    return by_project


def _sync_alive(writer: Writer, renew: Callable[[], None]) -> Synced:
    try:
        with heartbeat(renew) as check:
            return sync_project(writer, check)
    finally:
        release_writer(writer)


def _settle(claim: Claim[GraphQueue], row: GraphQueue, left: Collection[UUID]) -> None:
    place = {"workspace_id": row.workspace_id, "project_id": row.project_id}
    with workspace_scope(row.workspace_id):
        if is_settling(row):
            fail_row(claim, row, busy("The project is being resolved as a whole; once more after that."))
            return
    renew = partial(_renew, claim, frozenset(left))
    with heartbeat(renew) as check:
        is_all = settle_project(**place, renew=renew, check=check)
    with workspace_scope(row.workspace_id):
        complete_rows(claim, [row])
        if not is_all:
            ask_to_settle(**place)


def _renew(claim: Claim[GraphQueue], left: Collection[UUID], writer: Writer | None = None) -> None:
    with workspace_scope(claim.rows[0].workspace_id):
        if not renew_lease(claim, left):
            raise LeaseLostError
    if writer is not None:
        keep_writer(writer)
