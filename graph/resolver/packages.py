"""Names that several files share: packages, and classes that are written in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.facts import Definition, Expression, FileFacts

Package = tuple[str, str]
"""A language family and a package's name."""


class Packages:
    """Which files make a package, and which definitions make one class."""

    def __init__(self) -> None:
        self._files: dict[str, dict[Package, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._parts: dict[tuple[Package, str], list[int]] = defaultdict(list)
        self._part_keys: dict[int, tuple[Package, str]] = {}

    def add_names(self, package: Package, file: int, names: Iterable[str]) -> None:
        """Keep that a file binds these names in its package."""
        for name in names:
            self._files[name][package].append(file)

    def add_part(self, package: Package, number: int, definition: Definition) -> None:
        """Keep a definition that may be only a part of its class."""
        key = (package, definition.qualified_name)
        self._parts[key].append(number)
        self._part_keys[number] = key

    def find_files(self, package: Package, name: str) -> Sequence[int]:
        """Return the files that bind a name in a package."""
        return self._files[name].get(package, ()) if name in self._files else ()

    def list_parts(self, number: int) -> Sequence[int]:
        """Return all parts of a class, the one that stands for it first."""
        key = self._part_keys.get(number)
        return self._parts[key] if key else (number,)


def list_mentions(facts: FileFacts) -> Mapping[str, set[str]]:
    """Return every root of a file's expressions, each with the attributes first asked of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for expression in _list_expressions(facts):
        root, _, rest = expression.partition(".")
        found[root.removesuffix("()")].add(rest.partition(".")[0])
    return found


def _list_expressions(facts: FileFacts) -> Iterator[Expression]:
    for call in facts.calls:
        yield call.callee
    for assignment in facts.assignments:
        yield from assignment.values
    for extension in facts.extensions:
        yield from extension.bases
    for item in facts.definitions:
        yield from (*item.decorators, *item.bases, *item.returns, *item.returned)
        for parameter in item.parameters:
            yield from parameter.values
