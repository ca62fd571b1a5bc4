"""Names that hold in the whole project, for languages whose namespaces and classes any file may reopen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from graph.facts import Definition
from graph.naming import CLASS_KINDS

PRIVATE = "internal"
"""The modifier of what only its own file sees."""


class SharedNames:
    """Definitions by language family and qualified name; a class's first part stands for all of them."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._named: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._files: dict[int, int] = {}
        self._parts: dict[int, list[int]] = {}

    def add(self, number: int, definition: Definition, file: int, family: str) -> None:
        """Take a definition in; numbers come in ascending order."""
        if PRIVATE in definition.modifiers:
            return
        self._files[number] = file
        named = self._named[family, definition.qualified_name]
        if definition.kind in CLASS_KINDS:
            parts = next((self._parts[other] for other in named if other in self._parts), [])
            parts.insert(0 if definition.bases else len(parts), number)
            self._parts[number] = parts
        named.append(number)

    def parts(self, definition: int) -> Sequence[int]:
        """Return all parts of a class, the one that stands for it first."""
        return self._parts.get(definition) or (definition,)

    def first_part(self, definition: int) -> int:
        """Return the part that stands for a class; any other definition stands for itself."""
        return self.parts(definition)[0]

    def own_parts(self, definition: int) -> Sequence[int]:
        """Return all parts for the one that stands for its class, any other part alone."""
        return self.parts(definition) if self.first_part(definition) == definition else (definition,)

    def find(self, family: str, name: str, file: int) -> list[int]:
        """Return what a qualified name means in a file: of several, those nearest in the tree of folders."""
        found = self._named.get((family, name), [])
        if len(found) < 2 or found[0] in self._parts:
            return found[:1]
        depths = {number: self._shared_depth(self._files[number], file) for number in found}
        nearest = max(depths.values())
        return [number for number in found if depths[number] == nearest]

    def find_class(self, family: str, name: str) -> int | None:
        """Return the class or namespace of a qualified name."""
        return next((self.first_part(n) for n in self._named.get((family, name), ()) if n in self._parts), None)

    def _shared_depth(self, one: int, other: int) -> int:
        return 1_000 if one == other else count_shared(self._paths[one].split("/"), self._paths[other].split("/"))


def count_shared(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many parts two paths have in common from the root on."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared
