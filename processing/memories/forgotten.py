"""Shows what is forgotten to the few who need it: a memory asked for by its id, a resend, restoring and erasing.

Everybody else is kept from it by a policy of the table (`sql/hide_forgotten.sql`), and not by a condition in each
statement, one of which would lack it some day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def forgotten_shown() -> Iterator[None]:
    """Show forgotten memories too, inside a workspace scope. An error must end that: it takes the setting back."""
    if _is_shown():
        yield
        return
    _set("shown")
    yield
    _set("")


def show_forgotten() -> None:
    """Show forgotten memories until the transaction ends."""
    _set("shown")


def _is_shown() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.forgotten', true) = 'shown'")
        return bool(cursor.fetchone()[0])


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.forgotten', %s, true)", [value])
