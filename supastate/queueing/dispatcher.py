"""The only publisher: looks for due rows and sends hints, a hint being one claim of one stage and workspace.

It is given `send` and `count_waiting`, so the room does not know Celery. It stores no mark of what it sent: a
lost hint is sent again while rows are due, a doubled one finds nothing to claim. It remembers whose turn was last
in each queue; forgetting it costs nobody more than a turn.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
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
Turn = tuple[str, UUID]
"""A stage's name and a workspace."""
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
    _last_turns: dict[str, Turn] = field(default_factory=dict, init=False)

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
        """Make one pass over all queues; return how many hints were sent."""
        lanes = [lane for stage in self.stages for lane in (stage, stage.express) if lane is not None]
        room = {lane.queue: 0 for lane in lanes}
        for queue in room:
            room[queue] = max(self.most_waiting - self.count_waiting(queue), 0)
        wanted: dict[str, list[tuple[Turn, int]]] = {queue: [] for queue in room}
        for stage in self.stages:
            if room[stage.queue] or (stage.express and room[stage.express.queue]):
                for lane, workspace_id, hints in self._hints_wanted(connection, stage):
                    wanted[lane.queue].append(((lane.name, workspace_id), hints))
        sent = 0
        for queue, turns in wanted.items():
            by_name = {lane.name: lane for lane in lanes if lane.queue == queue}
            sent += self._fill(queue, by_name, turns, room=room[queue])
        return sent

    def _hints_wanted(self, connection: psycopg.Connection, stage: Stage) -> Iterator[tuple[Stage, UUID, int]]:
        """Yield how many hints of a lane would serve a workspace: one for whatever is interactive."""
        most = stage.claim_size * self.most_waiting
        statement = render_statement("due", stage.table)
        for row in connection.execute(statement.encode(), {"most": most}):
            item = _Due(*row)
            if stage.express is not None and item.is_urgent:
                yield stage.express, item.workspace_id, 1
            yield stage, item.workspace_id, item.expired + ceil(item.due / stage.claim_size)

    def _fill(self, queue: str, lanes: Mapping[str, Stage], wanted: list[tuple[Turn, int]], *, room: int) -> int:
        """Send hints while the queue has room; return how many."""
        chosen = list(islice(take_turns(wanted, after=self._last_turns.get(queue)), room))
        for name, workspace_id in chosen:
            self.send(lanes[name], workspace_id)
            self._last_turns[queue] = name, workspace_id
        return len(chosen)


def take_turns(wanted: list[tuple[Turn, int]], *, after: Turn | None = None) -> Iterator[Turn]:
    """Yield each stage and workspace once, then again those that want more: one backfill starves nobody.

    It goes on behind the last turn, `after`: while a backlog drains there is mostly room for a single hint.
    """
    ordered = sorted(wanted)
    if after is not None:
        ordered.sort(key=lambda item: item[0] <= after)
    for turn in zip_longest(*([who] * count for who, count in ordered)):
        yield from (who for who in turn if who is not None)
