"""What calls were found to pass, kept in terms that outlive an index.

Who calls a function is asked of all files, and costs most of resolving a single one. So what a whole project's
resolving found is kept, and answers for the next change of a file, until the whole is resolved again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.languages.language import Located
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.index import ProjectIndex
from graph.resolver.values import Value, Values

FLOW_VERSION = 1
"""Of what a flow says and how: kept ones of another version are not read."""
Place = tuple[str, str, str, int]
"""A definition's path, kind, qualified name and ordinal: the same in every index."""
Passed = Mapping[int, Values]
"""What the parameters of one function are given, by position."""
_OUTSIDE = frozenset({"literal", "external"})


@dataclass(frozen=True, slots=True)
class Flow:
    """What is passed to functions; the numbers of definitions and modules are those of the two lists."""

    places: Sequence[Place]
    modules: Sequence[Located]
    passed: Mapping[int, Passed]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready object, in which only the places that something is passed at, or that are passed,
        have numbers."""
        numbers = _Numbers()
        passed = [
            [
                numbers.give(function),
                *([position, *_list_rows(values, numbers)] for position, values in found.items()),
            ]
            for function, found in self.passed.items()
        ]
        modules = [[item.path, item.folder, item.package] for item in self.modules]
        return {"places": [self.places[number] for number in numbers.given], "modules": modules, "passed": passed}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Flow:
        """Rebuild the flow that `to_json` wrote."""
        values: dict[Value, Value] = {}
        passed = {
            function: {position: _read_rows(rows, values) for position, *rows in found}
            for function, *found in value["passed"]
        }
        places = [(path, kind, name, ordinal) for path, kind, name, ordinal in value["places"]]
        return cls(places, [Located(*item) for item in value["modules"]], passed)


class KnownFlow:
    """An earlier index's flow in the numbers of another; what has gone is left out, what is new has nothing."""

    def __init__(self, flow: Flow, index: ProjectIndex, module_value: Callable[[Located], Value]) -> None:
        self._flow = flow
        self._places = list_places(index)
        self._paths = index.file_numbers
        self._before = {place: number for number, place in enumerate(flow.places)}
        self._now = {place: number for number, place in enumerate(self._places)}
        self._module_value = module_value
        self._found: dict[int, Passed] = {}

    def find(self, function: int) -> Passed:
        """Return what was passed to a function."""
        if function not in self._found:
            self._found[function] = self._look_up(function)
        return self._found[function]

    def _look_up(self, function: int) -> Passed:
        before = self._before.get(self._places[function], NO_DEFINITION)
        found = self._flow.passed.get(before, {})
        return {position: self._renumber_all(values) for position, values in found.items()}

    def _renumber_all(self, values: Values) -> Values:
        renumbered = (self._renumber(value) for value in values)
        return tuple(value for value in renumbered if value is not None)

    def _renumber(self, value: Value) -> Value | None:
        if value.kind == "module":
            located = self._flow.modules[value.key]
            is_gone = located.path is not None and located.path not in self._paths
            return None if is_gone else self._module_value(located)._replace(rank=value.rank)
        if value.element is not None:
            element = self._renumber(value.element)
            return None if element is None else value._replace(element=element)
        if value.kind in _OUTSIDE:
            return value
        key, owner = self._find(value.key), self._find(value.owner)
        is_gone = key == NO_DEFINITION or (owner == NO_DEFINITION and value.owner != NO_DEFINITION)
        return None if is_gone else value._replace(key=key, owner=owner)

    def _find(self, number: int) -> int:
        return (
            NO_DEFINITION if number == NO_DEFINITION else self._now.get(self._flow.places[number], NO_DEFINITION)
        )


class _Numbers:
    """Numbers for those of a flow's places that it speaks of, in the order in which it does."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self._numbers = {NO_DEFINITION: NO_DEFINITION}

    def give(self, place: int) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self.given)
            self.given.append(place)
        return self._numbers[place]


def _list_rows(values: Values, numbers: _Numbers) -> list[list[Any]]:
    return [_make_row(value, numbers) for value in values]


def _make_row(value: Value, numbers: _Numbers) -> list[Any]:
    key, owner, element = value.key, value.owner, None
    if value.element is not None:
        element = _make_row(value.element, numbers)
    elif value.kind not in _OUTSIDE and value.kind != "module":
        key, owner = numbers.give(key), numbers.give(owner)
    return [value.kind, key, value.rank, owner, element, value.at, value.bound]


def _read_rows(rows: Sequence[list[Any]], known: dict[Value, Value]) -> Values:
    found = map(_read_row, rows)
    return tuple(known.setdefault(value, value) for value in found)


def _read_row(row: list[Any]) -> Value:
    kind, key, rank, owner, element, at, bound = row
    return Value(kind, key, rank, owner, None if element is None else _read_row(element), at, bound)


def list_places(index: ProjectIndex) -> list[Place]:
    """Return the place of each definition by its number."""
    return [
        (index.paths[file], item.kind, item.qualified_name, item.ordinal)
        for item, file in zip(index.definitions, index.definition_files, strict=True)
    ]
