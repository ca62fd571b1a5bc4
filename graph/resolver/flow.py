"""What calls pass to parameters that no annotation describes, whoever passes it: flow by call, without context.

To know it, calls must be resolved, for which parameters must be known. Levels break this circle: at level n a
parameter may be what is passed by calls that were resolved at level n - 1, and at level 0 it is what its
annotation and its default say. The calls of a function are looked for among those that use its name, and those
that use a name or a container to which something was assigned or passed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.facts import Call, Parameter
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.index import ProjectIndex
from graph.resolver.known_flow import Flow, KnownFlow, Passed, list_places
from graph.resolver.memory import DEPTH, LEVELS
from graph.resolver.steps import StepEvaluator
from graph.resolver.values import ARGUMENT, CONSTRUCTOR, Value, Values, merge, weaken

MAX_PASSED = 16
NO_PLACE = -1
_BY_VALUE = ""
"""The group of calls whose last name may stand for any function."""
_PASSED_KINDS = frozenset({"class", "cls", "instance", "self", "function", "module", "sequence", "mapping"})


class Entered(NamedTuple):
    """A definition that a call runs; the first `skipped` parameters are filled by the receiver."""

    definition: int
    rank: int
    skipped: int


ReadCalls = Callable[[str], Sequence[Call]]
_Given = dict[tuple[str, int], Values]
"""What one function is given, by the name that it is called by and the position of the parameter."""


class FlowEvaluator(StepEvaluator):
    """Adds to names and steps what parameters are given: as `known` says, else as all files' calls do."""

    def __init__(self, index: ProjectIndex, read_calls: ReadCalls, known: Flow | None = None) -> None:
        """`read_calls` gives the calls of a path."""
        super().__init__(index)
        self._read_calls = read_calls
        self._known = KnownFlow(known, index, self.module_value) if known else None
        self._passed: dict[int, Mapping[int, Passed]] = {}
        self._names = {definition.name for definition in index.definitions}
        self.attach_distant()

    def enter(self, file: int, value: Value) -> Iterator[Entered]:
        """Yield what runs when a value is called: functions, and the class that is made an instance of."""
        rules = self.index.language(file).rules
        if value.kind == "function":
            yield Entered(value.key, value.rank, int(value.bound))
            if value.rank < ARGUMENT:
                yield from self._find_wrappers(value)
        elif value.kind in {"class", "cls"} and rules.constructor:
            yield Entered(value.key, max(value.rank, CONSTRUCTOR), 0)
            yield from self._methods(value, rules.constructor, max(value.rank, CONSTRUCTOR))
        elif value.kind in {"instance", "self"} and rules.explicit_self:
            yield from self._methods(value, "__call__", value.rank)
        elif value.kind == "super" and not rules.explicit_self:
            yield from self._methods(value, rules.constructor, value.rank)
        elif value.kind == "module":
            for own in self.module_itself(value, DEPTH):
                if own.kind != "module":
                    yield from self.enter(file, own._replace(rank=max(own.rank, value.rank)))

    def passed(self, function: int, position: int) -> Values:
        """Return what calls pass as a parameter of a function, found one level down."""
        self._has_level = True
        if self._level == 0:
            return ()
        if self._known is not None:
            return self._known.find(function).get(position, ())
        return self._passed_at(self._level).get(function, {}).get(position, ())

    def flow(self) -> Flow:
        """Return what is passed to functions."""
        return Flow(list_places(self.index), self._modules, self._passed_at(LEVELS))

    def _passed_at(self, level: int) -> Mapping[int, Passed]:
        if level not in self._passed:
            with self.apart(level=level - 1):
                self._passed[level] = self._find_passed()
            self._passed.pop(level - 1, None)  # only the level above asks for it
        return self._passed[level]

    def _find_wrappers(self, value: Value) -> Iterator[Entered]:
        """Yield the functions that the nearest decorator of this project puts before a function.

        A function that was passed is most often passed to its decorator, and then is the bare one. Of a decorator
        that may be used with and without parentheses, the innermost function is the one.
        """
        definition = self.index.definitions[value.key]
        file = self.index.definition_files[value.key]
        for decorator in definition.decorators:
            made = self.evaluate(file, definition.parent, f"{decorator}.()")
            wrappers = {item.key: item.rank for item in made if item.kind == "function" and item.rank < ARGUMENT}
            around = {self._find_parent(key) for key in wrappers}
            for key in sorted(wrappers.keys() - around):
                yield Entered(key, max(wrappers[key], value.rank), 0)
            if wrappers:
                return

    def _find_parent(self, definition: int) -> int:
        parent = self.index.definitions[definition].parent
        return self.index.first_definitions[self.index.definition_files[definition]] + parent

    def _methods(self, value: Value, name: str, rank: int) -> Iterator[Entered]:
        after = value.key if value.kind == "super" else NO_DEFINITION
        for member in self.find_member(value.key, name, DEPTH, after=after):
            if member.kind == "function":
                yield Entered(member.key, rank, 1)

    def _find_passed(self) -> dict[int, Passed]:
        """Return what all calls pass, one file after the other: of no more than one the calls are in memory."""
        found: dict[int, _Given] = defaultdict(dict)
        for file, path in enumerate(self.index.paths):
            for call in self._read_calls(path):
                groups = self._groups_of(call)
                for function, position, values in self._pass(file, call) if groups else ():
                    given = found[function]
                    for group in groups:
                        given[group, position] = merge((*given.get((group, position), ()), *values))
        passed = ((function, self._join(function, given)) for function, given in found.items())
        return {function: values for function, values in passed if values}

    def _groups_of(self, call: Call) -> Sequence[str]:
        """Return the names of functions that this may be a call of, if it says what it passes."""
        name = call.callee.rpartition(".")[2]
        if not call.arguments or call.count >= 0:
            return ()
        if not name.isidentifier() or name in self.index.variable_names:
            return name, _BY_VALUE
        return (name,) if name in self._names else ()

    def _pass(self, file: int, call: Call) -> Iterator[tuple[int, int, Values]]:
        """Yield functions that a call runs, each with the position of a parameter and its values."""
        arguments = self._evaluate_arguments(file, call)
        for value in self.evaluate(file, call.scope, call.callee) if arguments else ():
            for entered in self.enter(file, value):
                places = _Places(self.index.definitions[entered.definition].parameters)
                for name, values in arguments:
                    position, step = places.find(name, entered.skipped)
                    if position != NO_PLACE:
                        yield (
                            entered.definition,
                            position,
                            self.apply(file, values, step, DEPTH) if step else values,
                        )

    def _evaluate_arguments(self, file: int, call: Call) -> list[tuple[str, Values]]:
        """Return by name or position what is worth passing on, which often is nothing."""
        found: list[tuple[str, Values]] = []
        for argument in call.arguments:
            values = self.evaluate_all(file, call.scope, argument.values, DEPTH)
            known = weaken((value for value in values if value.kind in _PASSED_KINDS), ARGUMENT)
            if known:
                found.append((argument.name, known))
        return found

    def _join(self, function: int, given: _Given) -> Passed:
        """Return what the calls of the names that may be the function's pass, unless it is too much to mean
        anything."""
        found: dict[int, list[Value]] = defaultdict(list)
        for name in self._names_of(function):
            for (group, position), values in given.items():
                if group == name:
                    found[position] += values
        merged = {position: merge(values) for position, values in found.items()}
        return {position: values for position, values in merged.items() if len(values) <= MAX_PASSED}

    def _names_of(self, function: int) -> Iterator[str]:
        definition = self.index.definitions[function]
        file = self.index.definition_files[function]
        yield from dict.fromkeys((definition.name, _BY_VALUE))
        if definition.name == self.index.language(file).rules.constructor and definition.kind == "method":
            owner = self.index.owner(function)
            classes = (owner, *self.classes.subclasses(owner))
            yield from dict.fromkeys(self.index.definitions[number].name for number in classes)


class _Places:
    """Which parameter an argument reaches, and how: as itself, or as an element of what `*` and `**` take."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self._positional = [at for at, item in enumerate(parameters) if not item.kind]
        self._named = {item.name: at for at, item in enumerate(parameters) if item.kind in {"", "="}}
        self._rest = {item.kind: at for at, item in enumerate(parameters) if item.kind in {"*", "**"}}

    def find(self, argument: str, skipped: int) -> tuple[int, str]:
        """Return the parameter's position, or `NO_PLACE`, and the step from the argument to it."""
        if not argument.isdigit():
            at = self._named.get(argument, NO_PLACE)
            return (at, "") if at != NO_PLACE else (self._rest.get("**", NO_PLACE), f"{{'{argument}':}}")
        position = int(argument) + skipped
        if position < len(self._positional):
            return self._positional[position], ""
        return self._rest.get("*", NO_PLACE), f"{{{position - len(self._positional)}}}"
