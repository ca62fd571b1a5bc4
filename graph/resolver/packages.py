"""Names that several files share by declaring that they make one package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.facts import Expression, FileFacts

Package = tuple[str, str]
"""A language family and a package's name."""


class Packages:
    """Which files bind a name in a package."""

    def __init__(self) -> None:
        self._files: dict[str, dict[Package, list[int]]] = defaultdict(lambda: defaultdict(list))

    def add_names(self, package: Package, file: int, names: Iterable[str]) -> None:
        """Keep that a file binds these names in its package."""
        for name in names:
            self._files[name][package].append(file)

    def find_files(self, package: Package, name: str) -> Sequence[int]:
        """Return the files that bind a name in a package."""
        return self._files[name].get(package, ()) if name in self._files else ()


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
