"""A real backend whose writes meet trouble between two statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graph.store.backend import Backend, Row, Run, T


class CutOffError(Exception):
    """The process died here."""


def cut_off() -> None:
    raise CutOffError


@dataclass
class Interrupted:
    """Calls `trouble` before statement number `at` of a write, counted from 0; all else is the backend's own."""

    backend: Backend
    at: int
    trouble: Callable[[], object]
    statements: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.backend, name)

    def write(self, workspace_id: UUID, work: Callable[[Run], T]) -> T:
        def work_until_trouble(run: Run) -> T:
            def counted(statement: str, **parameters: Any) -> list[Row]:
                if self.statements == self.at:
                    self.trouble()
                self.statements += 1
                return run(statement, **parameters)

            return work(counted)

        return self.backend.write(workspace_id, work_until_trouble)
