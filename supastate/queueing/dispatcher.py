"""The only publisher: looks for due rows and sends hints, a hint being one claim of one stage and workspace.

It is given `send` and `count_waiting`, so the room does not know Celery. It stores no mark of what it sent: a
lost hint is sent again while rows are due, a doubled one finds nothing to claim.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
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


@dataclass(frozen=True, slots=True)
class _Due:
    """A workspace's due rows in one stage: see due.sql."""

    workspace_id: UUID
    due: int
    expired: int
    is_urgent: bool


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
        lanes = [lane for stage in self.stages for lane in (stage, stage.express) if lane is not None]
        room = {lane.queue: 0 for lane in lanes}
        for queue in room:
            room[queue] = max(self.most_waiting - self.count_waiting(queue), 0)
        for stage in self.stages:
            due = self._find_due(connection, stage) if any(room.values()) else []
            if stage.express is not None:
                urgent = [(item.workspace_id, 1) for item in due if item.is_urgent]
                sent += self._send_hints(stage.express, urgent, room)
            wanted = [(item.workspace_id, item.expired + ceil(item.due / stage.claim_size)) for item in due]
            sent += self._send_hints(stage, wanted, room)
        return sent

    def _find_due(self, connection: psycopg.Connection, stage: Stage) -> list[_Due]:
        most = stage.claim_size * self.most_waiting
        statement = render_statement("due", stage.table)
        return [_Due(*row) for row in connection.execute(statement.encode(), {"most": most})]

    def _send_hints(self, stage: Stage, wanted: list[tuple[UUID, int]], room: dict[str, int]) -> int:
        """Send hints while the queue has room, which they take; return how many."""
        chosen = list(islice(take_turns(wanted), room[stage.queue]))
        for workspace_id in chosen:
            self.send(stage, workspace_id)
        room[stage.queue] -= len(chosen)
        return len(chosen)


def take_turns(wanted: list[tuple[UUID, int]]) -> Iterator[UUID]:
    """Yield each workspace once, then again those that want more: one tenant's backfill starves nobody."""
    for turn in zip_longest(*([workspace] * count for workspace, count in wanted)):
        yield from (workspace for workspace in turn if workspace is not None)
