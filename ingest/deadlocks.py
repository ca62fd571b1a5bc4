"""Second tries of a whole transaction that Postgres ended for another's sake.

Rows are written in the order of their keys, so requests do not deadlock with each other; whatever else locks
the same rows (an erasure, a migration) must not cost a client its request.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

from supastate.errors import TransientError

T = TypeVar("T")
TRIES = 5
LONGEST_PAUSE_SECONDS = 0.05
_DEADLOCK, _SERIALIZATION_FAILURE = "40P01", "40001"


def run_through_deadlocks(transaction: Callable[[], T]) -> T:
    """Return what `transaction` returns, run again when Postgres chose it as a deadlock's victim."""
    for attempt in range(1, TRIES + 1):
        try:
            return transaction()
        except OperationalError as exc:
            if not _is_victim(exc):
                raise
            time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS) * attempt)  # noqa: S311  (spreads load)
    raise TransientError("Too many requests write the same rows: send it again.", code="busy", retry_after=1)


def _is_victim(exc: OperationalError) -> bool:
    return getattr(exc.__cause__, "sqlstate", None) in {_DEADLOCK, _SERIALIZATION_FAILURE}
