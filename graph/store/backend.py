"""What a store must do underneath: run Cypher for one workspace, with one client per process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from graph.store.asking import Answer, Limits, Question

Row = dict[str, Any]
T = TypeVar("T")

READ_SECONDS = 10
CONNECT_SECONDS = 5


class Dialect(StrEnum):
    """A store's name, and its folder in `graph/cypher/`."""

    NEO4J = "neo4j"
    FALKORDB = "falkordb"


class Run(Protocol):
    """Runs one statement of a write; the backend adds the workspace's parameters."""

    def __call__(self, statement: str, **parameters: Any) -> list[Row]: ...


class Backend(Protocol):
    """One store. `workspace` is a parameter of every statement, set here and nowhere else."""

    dialect: Dialect

    def read(self, workspace_id: UUID, statement: str, **parameters: Any) -> list[Row]:
        """Run one statement that cannot write, for `READ_SECONDS` at most. No graph yet is no rows."""

    def ask(self, workspace_id: UUID, question: Question, limits: Limits) -> Answer:
        """See `GraphStore.ask`."""

    def write(self, workspace_id: UUID, work: Callable[[Run], T]) -> T:
        """Call `work` with a runner; atomic where the store can do that."""

    def prepare(self) -> None:
        """See `GraphStore.prepare`."""

    def prepare_workspace(self, workspace_id: UUID) -> None:
        """See `GraphStore.prepare_workspace`."""

    def drop_workspace(self, workspace_id: UUID) -> None:
        """See `GraphStore.delete_workspace`."""

    def ping(self) -> None:
        """See `GraphStore.ping`."""

    def close(self) -> None:
        """See `GraphStore.close`."""


def workspace_name(workspace_id: UUID) -> str:
    """Return the name of a workspace's label (Neo4j) or graph (FalkorDB)."""
    return f"ws_{workspace_id.hex}"


class PerProcess(Generic[T]):
    """A client made at its first use, and again in a forked child, which shares no socket with its parent."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[int, T] | None = None

    def get(self) -> T:
        """Return this process's client."""
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                self._made = (os.getpid(), self._make())
            return self._made[1]

    def take(self) -> T | None:
        """Return this process's client, if it has one, and forget it."""
        with self._lock:
            made, self._made = self._made, None
        return made[1] if made and made[0] == os.getpid() else None
