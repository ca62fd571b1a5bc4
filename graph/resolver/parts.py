"""Classes and namespaces that are written in parts, whatever makes the parts one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from graph.facts import Definition


class Parts:
    """Which definitions make one class: the first part, one with bases if there is one, stands for all."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, list[int]] = defaultdict(list)
        self._by_part: dict[int, list[int]] = {}

    def add(self, key: Hashable, number: int, definition: Definition) -> None:
        """Make a definition a part of what the key stands for; numbers come in ascending order."""
        parts = self._by_key[key]
        parts.insert(0 if definition.bases else len(parts), number)
        self._by_part[number] = parts

    def __contains__(self, definition: int) -> bool:
        """Whether a definition is of a kind that may have other parts."""
        return definition in self._by_part

    def all(self, definition: int) -> Sequence[int]:
        """Return all parts of a class, the one that stands for it first."""
        return self._by_part.get(definition) or (definition,)

    def first(self, definition: int) -> int:
        """Return the part that stands for a class; any other definition stands for itself."""
        return self.all(definition)[0]
