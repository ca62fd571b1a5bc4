"""Keeps a lease alive beside work that says nothing for minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, connections

from supastate.queueing.claims import LeaseLostError

BEATS_IN_A_LEASE = 3
log = structlog.get_logger(__name__)


@contextmanager
def heartbeat(renew: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Call `renew` three times a lease, in a thread with connections of its own, until the block ends.

    Yields a check that raises LeaseLostError once `renew` has. What the database refuses is tried again.
    """
    ended, lost = Event(), Event()

    def beat() -> None:
        try:
            while not ended.wait(settings.QUEUE_LEASE_SECONDS / BEATS_IN_A_LEASE):
                try:
                    renew()
                except DatabaseError as exc:
                    log.warning("heartbeat_missed", exc_info=exc)
        except LeaseLostError:
            lost.set()
        finally:
            connections.close_all()

    def check() -> None:
        if lost.is_set():
            raise LeaseLostError

    thread = Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield check
    finally:
        ended.set()
        thread.join()
