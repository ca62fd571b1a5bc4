"""Wakes the dispatcher: a NOTIFY that Postgres delivers when the transaction commits."""

from __future__ import annotations

from django.db import connection

CHANNEL = "supastate_due"


def announce_work() -> None:
    """Tell the dispatcher, at commit, that rows may be due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
