"""The second turn of the graph stage: what a change means for all other files of its project.

Resolving a whole project takes seconds, of thousands of files minutes. The writer's lease is not held meanwhile,
so that the next edit is live as soon as the first; what such an edit changes is left to the next second turn, for
which it asks. There is one at a time, and so the last has seen all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Least, Now

from graph.changes import Check, find_changes, write_changes
from graph.delivering import busy
from graph.file_states import read_states, record_synced
from graph.models import WHOLE_PROJECT, GraphFile, GraphQueue
from graph.project_facts import load_facts
from graph.writers import ANOTHER_WRITES, Writer, acquire_writer, release_writer
from supastate.queueing.models import Priority, Status

FILES_A_SECOND = 500
MOST_WAITS = 10
PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.1


def ask_to_settle(*, workspace_id: UUID, project_id: UUID) -> None:
    """Ask for a second turn, unless one waits, which will see this change as well.

    It begins when no edit has come for a while (two seconds of a thousand files), and at last after ten whiles.
    Runs inside a workspace scope, after the transaction that changed the facts.
    """
    files = GraphFile.objects.filter(project_id=project_id).count()
    wait = timedelta(seconds=files // FILES_A_SECOND)
    at_last = ExpressionWrapper(F("created_at") + MOST_WAITS * wait, output_field=DateTimeField())
    waiting = GraphQueue.objects.filter(project_id=project_id, path=WHOLE_PROJECT, status=Status.PENDING)
    if not waiting.update(run_after=Least(Now() + wait, at_last)):
        GraphQueue.objects.create(
            workspace_id=workspace_id,
            project_id=project_id,
            path=WHOLE_PROJECT,
            priority=Priority.BACKFILL,
            run_after=Now() + wait,
        )


def is_settling(row: GraphQueue) -> bool:
    """Whether another second turn of the row's project is on. Runs inside a workspace scope."""
    others = GraphQueue.objects.filter(project_id=row.project_id, path=WHOLE_PROJECT, status=Status.PROCESSING)
    return others.exclude(pk=row.pk).filter(lease_until__gt=Now()).exists()


def settle_project(*, workspace_id: UUID, project_id: UUID, renew: Callable[[], None], check: Check) -> bool:
    """Make the store hold what all facts of a project say together; False if some of them changed meanwhile.

    `renew` prolongs the caller's lease, and `check` says for each file whether it was lost: either ends the turn
    by what it raises. Raises TransientError when the store is away or another writer does not come to an end.
    """
    place = {"workspace_id": workspace_id, "project_id": project_id}
    states = read_states(**place)
    due = {path for path, state in states.items() if state.is_due}
    if not due:
        return True
    facts = load_facts(**place)
    only, known = {*facts, *due}, facts.sure_flow()
    with (
        find_changes(facts, states, **place, only=only, known=known, check=check) as changes,
        _wait_to_write(**place, check=check) as writer,
    ):
        renew()
        is_all = write_changes(changes, writer)
        if is_all:
            record_synced(facts.hashes, due, **place)
    return is_all


@contextmanager
def _wait_to_write(*, workspace_id: UUID, project_id: UUID, check: Check) -> Iterator[Writer]:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while (writer := acquire_writer(workspace_id=workspace_id, project_id=project_id)) is None:
        if time.monotonic() > give_up_at:
            raise busy(ANOTHER_WRITES)
        time.sleep(POLL_SECONDS)
        check()
    try:
        yield writer
    finally:
        release_writer(writer)
