"""Method resolution order: Python's own C3 linearization, also where a base is outside the project. In a circle,
where there is none, and of very many ancestors it is the order in which they are met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

OUTSIDE = -2
"""Stands in an order for any class that is not in the project."""
MOST_ANCESTORS = 100
"""Members of further ones are not found. Django's deepest class has 12."""


class ClassOrder:
    """The order in which each class's members are looked up, and who inherits from whom."""

    def __init__(self, classes: Sequence[int], read_bases: Callable[[int], tuple[int, ...]]) -> None:
        """`read_bases` returns the direct bases of a class, `OUTSIDE` for each that is not in the project."""
        self._read_bases = read_bases
        self._bases: dict[int, tuple[int, ...]] = {}
        self._orders: dict[int, tuple[int, ...]] = {}
        self._classes = classes
        self._subclasses: dict[int, list[int]] | None = None

    def bases(self, definition: int) -> tuple[int, ...]:
        """Return the direct bases."""
        if definition not in self._bases:
            self._bases[definition] = ()
            self._bases[definition] = self._read_bases(definition)
        return self._bases[definition]

    def order(self, definition: int) -> tuple[int, ...]:
        """Return the class and all its ancestors, nearest first."""
        if definition == OUTSIDE:
            return (OUTSIDE,)
        if definition not in self._orders:
            ancestors = self._meet_ancestors(definition)
            if definition in ancestors or len(ancestors) == MOST_ANCESTORS:
                found = [ancestor for ancestor in ancestors if ancestor != definition]
            else:
                bases = self._other_bases(definition)
                found = _linearize([list(self.order(base)) for base in bases], bases)
            self._orders[definition] = (definition, *found)
        return self._orders[definition]

    def _meet_ancestors(self, definition: int) -> dict[int, None]:
        """Return the ancestors, the class itself among them if it is in a circle, each base before the next."""
        found: dict[int, None] = {}
        waiting = self._other_bases(definition)[::-1]
        while waiting and len(found) < MOST_ANCESTORS:
            ancestor = waiting.pop()
            if ancestor not in found:
                found[ancestor] = None
                waiting += self._other_bases(ancestor)[::-1]
        return found

    def _other_bases(self, definition: int) -> list[int]:
        return [] if definition == OUTSIDE else [base for base in self.bases(definition) if base != definition]

    def subclasses(self, definition: int) -> list[int]:
        """Return every class that has this one among its ancestors."""
        if self._subclasses is None:
            found: dict[int, list[int]] = defaultdict(list)
            for number in self._classes:
                for ancestor in self.order(number)[1:]:
                    found[ancestor].append(number)
            self._subclasses = found
        return self._subclasses.get(definition, [])


def _linearize(orders: list[list[int]], bases: list[int]) -> list[int]:
    """Merge by C3; where that fails (the code would not run, or a circle) keep the first seen."""
    pending = [order for order in [*orders, list(bases)] if order]
    merged: list[int] = []
    while pending:
        head = _find_head(pending)
        merged.append(head)
        pending = [rest for order in pending if (rest := [item for item in order if item != head])]
    return merged


def _find_head(pending: list[list[int]]) -> int:
    for order in pending:
        if order[0] == OUTSIDE or not any(order[0] in other[1:] for other in pending):
            return order[0]
    return pending[0][0]
