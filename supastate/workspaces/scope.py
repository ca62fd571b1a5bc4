"""The one way into a workspace's rows: a transaction in which row-level security knows who reads what.

Requests, tasks and commands all use `workspace_scope`. The database forgets the settings with the
transaction. Provider and graph calls refuse to run inside a scope (`require_outside_scope`), because a slow
service must not hold a transaction open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True)
class _Scope:
    workspace: str
    reader: str


_current: ContextVar[_Scope | None] = ContextVar("workspace_scope", default=None)


class ScopeError(RuntimeError):
    """The program crossed workspaces, or called a service inside a transaction: a defect, never an input."""


@contextmanager
def workspace_scope(workspace_id: UUID, *, reader: UUID | str = PIPELINE) -> Iterator[None]:
    """Open a transaction that sees one workspace, as `reader` (a user's id, or PIPELINE for workers).

    Nested scopes of the same workspace and reader join the outer transaction; any other is refused.
    """
    wanted = _Scope(str(workspace_id), str(reader))
    outer = _current.get()
    if outer is not None and outer != wanted:
        raise ScopeError("A scope of another workspace or reader is open.")
    with transaction.atomic():
        if outer is not None:
            yield
            return
        joined = len(connection.savepoint_ids) > 0
        _set_local(wanted)
        mark = _current.set(wanted)
        try:
            yield
        finally:
            _current.reset(mark)
        if joined:
            _set_local(_Scope("", ""))


def require_outside_scope(service: str) -> None:
    """Raise ScopeError if a transaction of a workspace is open; `service` names what was about to be called."""
    if _current.get() is not None:
        raise ScopeError(f"{service} was called inside a workspace's transaction.")


def _set_local(scope: _Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.workspace_id', %s, true), set_config('app.reader', %s, true)",
            [scope.workspace, scope.reader],
        )
