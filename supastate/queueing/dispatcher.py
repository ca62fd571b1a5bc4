"""The only publisher: looks for due rows and sends hints, a hint being one claim of one stage and workspace.

It is given `send` and `count_waiting`, so the room does not know Celery. It stores no mark of what it sent: a
lost hint is sent again while rows are due, a doubled one finds nothing to claim.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from math import ceil
from types import FrameType
from uuid import UUID

import psycopg
import structlog
from psycopg import sql

from supastate.errors import TransientError
from supastate.queueing.notices import CHANNEL
from supastate.queueing.stages import Stage
from supastate.queueing.statements import render_statement

Send = Callable[[Stage, UUID], None]
CountWaiting = Callable[[str], int]
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Dispatcher:
    """Sends hints until told to stop. `most_waiting` is the length of a broker list past which it holds back."""

    stages: Iterable[Stage]
    connect: Callable[[], psycopg.Connection]
    send: Send
    count_waiting: CountWaiting
    poll_seconds: float = 1.0
    most_waiting: int = 8
    stopped: bool = field(default=False, init=False)

    def stop_on_signals(self) -> None:
        """End after the pass in work on SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopped = True

    def run(self) -> None:
        """Dispatch until stopped; an unreachable Postgres or broker is waited for, never fatal."""
        while not self.stopped:
            try:
                with self.connect() as connection:
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self._serve(connection)
            except psycopg.OperationalError as exc:
                log.warning("dispatcher_database_away", reason=type(exc).__name__)
                signal.sigtimedwait([], self.poll_seconds)

    def _serve(self, connection: psycopg.Connection) -> None:
        while not self.stopped:
            try:
                self.dispatch_due(connection)
            except TransientError as exc:
                log.warning("dispatcher_broker_away", reason=exc.detail)
            for _ in connection.notifies(timeout=self.poll_seconds, stop_after=1):
                pass

    def dispatch_due(self, connection: psycopg.Connection) -> int:
        """Make one pass over all stages; return how many hints were sent."""
        sent = 0
        room = {stage.queue: 0 for stage in self.stages}
        for queue in room:
            room[queue] = max(self.most_waiting - self.count_waiting(queue), 0)
        for stage in self.stages:
            if not room[stage.queue]:
                continue
            for workspace_id in take_turns(self._hints_wanted(connection, stage)):
                if not room[stage.queue]:
                    break
                self.send(stage, workspace_id)
                room[stage.queue] -= 1
                sent += 1
        return sent

    def _hints_wanted(self, connection: psycopg.Connection, stage: Stage) -> list[tuple[UUID, int]]:
        most = stage.claim_size * self.most_waiting
        statement = render_statement("due", stage.table)
        rows = connection.execute(statement.encode(), {"most": most}).fetchall()
        return [(workspace, expired + ceil(due / stage.claim_size)) for workspace, due, expired in rows]


def take_turns(wanted: list[tuple[UUID, int]]) -> Iterator[UUID]:
    """Yield each workspace once, then again those that want more: one tenant's backfill starves nobody."""
    for turn in zip_longest(*([workspace] * count for workspace, count in wanted)):
        yield from (workspace for workspace in turn if workspace is not None)
