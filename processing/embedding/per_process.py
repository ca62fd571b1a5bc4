"""A value that each process builds for itself: models and connections must not be shared across a fork."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """Builds its value on first use in each process, once, however many threads ask for it."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._lock = Lock()
        self._value: T | None = None
        _instances.add(self)

    def get(self) -> T:
        """Return this process's value."""
        value = self._value
        if value is not None:
            return value
        with self._lock:
            if self._value is None:
                self._value = self._build()
            return self._value

    def take(self) -> T | None:
        """Hand over the value, if there is one, for closing; the next `get` builds another."""
        with self._lock:
            value, self._value = self._value, None
            return value

    def forget_inherited(self) -> None:
        """Start afresh in a forked child."""
        # Kept alive on purpose: an ONNX session's destructor joins threads that did not survive the fork.
        _inherited.append(self._value)
        self._lock = Lock()
        self._value = None


_instances: weakref.WeakSet[PerProcess[Any]] = weakref.WeakSet()
_inherited: list[object] = []


def _forget_all_inherited() -> None:
    for instance in list(_instances):
        instance.forget_inherited()


os.register_at_fork(after_in_child=_forget_all_inherited)
