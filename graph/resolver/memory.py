"""Remembers what was found out, so that an answer depends on the facts alone and never on the order of questions.

Every step through a binding, an import or a return costs one of `DEPTH`, which also ends every circle. An answer
found without reaching the end is remembered for all depths that suffice, any other for its own depth only. An
answer that rests on what calls pass to parameters belongs to a level (see `flow`), any other to all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from graph.resolver.values import Values

MOST_REMEMBERED = 200_000
"""So many answers are kept, some 400 bytes each: those of about 1,000 files."""
DEPTH = 8
LEVELS = 2
_ALL_LEVELS = LEVELS + 1


class Memory:
    """The answers, by question and level."""

    def __init__(self) -> None:
        self._exact: list[dict[Hashable, tuple[Values, int]]] = [{} for _ in range(LEVELS + 2)]
        self._cut: list[dict[tuple[Hashable, int], Values]] = [{} for _ in range(LEVELS + 2)]
        self._count = 0
        self._lowest = DEPTH
        self._level = LEVELS
        self._has_level = False

    def remember(self, key: Hashable, depth: int, compute: Callable[[], Values]) -> Values:
        """Return the value of `compute`, from memory if it was found at this depth or without reaching the end."""
        known = self._exact[_ALL_LEVELS].get(key)
        if known is None or depth <= known[1]:
            known = self._exact[self._level].get(key)
            if known is not None and depth > known[1]:
                self._has_level = True
        if known is not None and depth > known[1]:
            self._lowest = min(self._lowest, depth - known[1])
            return known[0]
        if depth <= 0:
            self._lowest = -1
            return ()
        for level in (_ALL_LEVELS, self._level):
            cut = self._cut[level].get((key, depth))
            if cut is not None:
                self._lowest = -1
                self._has_level = self._has_level or level != _ALL_LEVELS
                return cut
        return self._find_out(key, depth, compute)

    def _find_out(self, key: Hashable, depth: int, compute: Callable[[], Values]) -> Values:
        lowest, self._lowest = self._lowest, depth
        has_level, self._has_level = self._has_level, False
        values = compute()
        self._count += 1
        if self._count > MOST_REMEMBERED:
            self.forget()
        level = self._level if self._has_level else _ALL_LEVELS
        if self._lowest >= 1:
            self._exact[level][key] = (values, depth - self._lowest)
        else:
            self._cut[level][key, depth] = values
        self._lowest = min(lowest, self._lowest)
        self._has_level = self._has_level or has_level
        return values

    def forget(self) -> None:
        """Drop all answers: the facts they rest on have changed, or they are too many."""
        self._count = 0
        for exact, cut in zip(self._exact, self._cut, strict=True):
            exact.clear()
            cut.clear()

    @contextmanager
    def apart(self, *, level: int) -> Iterator[None]:
        """Answer questions of another level: they start at full depth, and what they rest on is their own."""
        state = self._lowest, self._has_level, self._level
        self._level = level
        yield
        self._lowest, self._has_level, self._level = state
