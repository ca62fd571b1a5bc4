"""Names that hold in the whole project, for languages whose namespaces and classes any file may reopen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from graph.facts import Definition
from graph.naming import CLASS_KINDS
from graph.resolver.parts import Parts

MAX_RIVALS = 2
PRIVATE = "internal"
"""The modifier of what only its own file sees."""
ListIncluded = Callable[[int], Collection[int]]


class SharedNames:
    """Definitions by language family and qualified name; a class's first part stands for all of them."""

    def __init__(self, paths: Sequence[str], parts: Parts) -> None:
        self._paths = paths
        self._parts = parts
        self._named: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._classes: set[int] = set()
        self._files: dict[int, int] = {}

    def add(self, number: int, definition: Definition, file: int, family: str, *, reopens: bool) -> None:
        """Take a definition in; numbers come in ascending order."""
        if PRIVATE in definition.modifiers:
            return
        self._files[number] = file
        named = self._named[family, definition.qualified_name]
        if definition.kind in CLASS_KINDS:
            self._classes.add(number)
        if reopens:
            self._parts.add((family, definition.qualified_name), number, definition)
        named.append(number)

    def find(self, family: str, name: str, file: int, list_included: ListIncluded) -> list[int]:
        """Return what a qualified name means in a file: of several its own, else those that it includes, else
        those nearest in the tree of folders.

        `list_included` returns the files that a file includes, also by way of others. More than `MAX_RIVALS` files
        that are as near as each other leave it open.
        """
        found = self._named.get((family, name), [])
        if len(found) < 2:
            return found
        if found[0] in self._parts:
            return [self._parts.first(found[0])]
        included = set(list_included(file))
        depths = {number: self._nearness(self._files[number], file, included) for number in found}
        nearest = [number for number in found if depths[number] == max(depths.values())]
        return nearest if len({self._files[number] for number in nearest}) <= MAX_RIVALS else []

    def find_class(self, family: str, name: str, file: int, list_included: ListIncluded) -> int | None:
        """Return the class or namespace that a qualified name means in a file."""
        found = self.find(family, name, file, list_included)
        return next((number for number in found if number in self._classes), None)

    def _nearness(self, other: int, file: int, included: Collection[int]) -> tuple[bool, bool, int]:
        depth = count_shared(self._paths[other].split("/"), self._paths[file].split("/"))
        return other == file, other in included, depth


def count_shared(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many parts two paths have in common from the root on."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared
