"""Chooses among functions of one name that take the same number of arguments, by what the arguments are.

Types from outside the project are compared by name alone: equal is sure, `StringReader` for `Reader` likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graph.facts import FUNCTION_ARGUMENT, MODULE_SCOPE, UNKNOWN, Argument, Expression, Parameter
from graph.languages.language import words
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.classes import OUTSIDE
from graph.resolver.index import ProjectIndex
from graph.resolver.steps import StepEvaluator

_SAME, _DERIVED, _OPEN, _UNLIKELY, _NEVER = 4, 2, 0, -1, -20
_PLAIN = words("String string boolean Boolean bool char Character")
_NUMBERS = words("byte short int long float double decimal uint ulong Integer Long Short Byte Float Double Number")
_WIDER = ("byte", "short", "int", "long", "float", "double", "Number")
"""A number is widened as little as possible."""
_SHORT = {"Integer": "int", "Character": "char", "bool": "boolean", "Boolean": "boolean"}
_ANYTHING = words("Object object dynamic")


class _Kind(NamedTuple):
    """What is known of a type: a class of the project, or else a name, or nothing."""

    definition: int
    name: str


_FOREIGN = "?"
"""The name of a type from outside the project of which nothing else is known."""
_UNKNOWN_KIND = _Kind(NO_DEFINITION, "")


class OverloadChooser:
    """Compares arguments with parameters."""

    def __init__(self, index: ProjectIndex, evaluator: StepEvaluator) -> None:
        self._index = index
        self._evaluator = evaluator

    def best(self, file: int, scope: int, given: Sequence[Argument], overloads: Sequence[int]) -> list[int]:
        """Return the overloads that fit the given arguments best: several, if nothing tells them apart."""
        kinds = [self._kind_given(file, scope, argument.values[0]) for argument in given]
        scores = {number: self._score(number, kinds) for number in overloads}
        highest = max(scores.values())
        return [number for number, score in scores.items() if score == highest]

    def may_take(self, file: int, scope: int, given: Sequence[Argument], overloads: Sequence[int]) -> bool:
        """Whether one of the overloads takes the given arguments, as far as can be seen."""
        kinds = [self._kind_given(file, scope, argument.values[0]) for argument in given]
        return any(self._score(number, kinds) > _NEVER // 2 for number in overloads)

    def _score(self, number: int, kinds: Sequence[_Kind]) -> int:
        definition = self._index.definitions[number]
        skipped = 1 if "extension" in definition.modifiers and len(kinds) < len(definition.parameters) else 0
        wanted = [self._kind_declared(number, parameter) for parameter in definition.parameters[skipped:]]
        return sum(self._fit(kind, kind_wanted) for kind, kind_wanted in zip(kinds, wanted, strict=False))

    def _fit(self, given: _Kind, wanted: _Kind) -> int:
        if not given.name or not wanted.name or wanted.name in _ANYTHING or _is_type_parameter(wanted.name):
            return _OPEN
        if given.name.startswith(FUNCTION_ARGUMENT):
            return _fit_functions(given.name, wanted)
        if given.name == _FOREIGN:
            return _OPEN if wanted.definition == NO_DEFINITION else _UNLIKELY
        if given.definition != NO_DEFINITION:
            return self._fit_class(given.definition, wanted)
        if wanted.definition != NO_DEFINITION:
            return _NEVER
        return _fit_names(given.name, wanted.name)

    def _fit_class(self, given: int, wanted: _Kind) -> int:
        order = self._evaluator.classes.order(given)
        if wanted.definition in order:
            return _SAME if wanted.definition == given else _DERIVED
        plain = wanted.name in _PLAIN | _NUMBERS or wanted.name.startswith(FUNCTION_ARGUMENT)
        unknown = OUTSIDE in order and wanted.definition == NO_DEFINITION and not plain
        return _UNLIKELY if unknown else _NEVER

    def _kind_given(self, file: int, scope: int, expression: Expression) -> _Kind:
        if expression == UNKNOWN or expression.startswith(FUNCTION_ARGUMENT):
            return _Kind(NO_DEFINITION, expression.removeprefix(UNKNOWN))
        values = self._evaluator.evaluate(file, scope, expression)
        for value in values:
            if value.kind in {"instance", "self"}:
                return _Kind(value.key, self._index.definitions[value.key].name)
        foreign = _FOREIGN if values and all(value.kind == "external" for value in values) else ""
        name = _type_name(expression) or self._declared_name(file, scope, expression)
        return _Kind(NO_DEFINITION, name or foreign)

    def _declared_name(self, file: int, scope: int, name: Expression) -> str:
        """Return the type's name that a variable in sight is declared with."""
        while True:
            for binding in self._index.scope(file, scope).get(name, ()):
                facts = self._index.facts[file]
                if binding.kind == "assignment":
                    return next(map(_type_name, facts.assignments[binding.number].values), "")
                if binding.kind == "parameter":
                    values = facts.definitions[scope].parameters[binding.number].values
                    return next(map(_type_name, values), "")
            if scope == MODULE_SCOPE:
                return ""
            scope = self._index.facts[file].definitions[scope].parent

    def _kind_declared(self, number: int, parameter: Parameter) -> _Kind:
        file, local = self._index.definition_files[number], self._index.local_number(number)
        parent = self._index.definitions[number].parent
        is_variadic = "variadic" in self._index.definitions[number].modifiers
        for declared in parameter.values:
            expression = declared.removesuffix(".{}") if is_variadic else declared
            for value in self._evaluator.evaluate(file, parent, expression):
                if value.kind == "instance":
                    return _Kind(value.key, self._index.definitions[value.key].name)
            name = _type_name(expression)
            bound = name and self._index.scope(file, local).get(name)
            return _UNKNOWN_KIND if bound else _Kind(NO_DEFINITION, name)
        return _UNKNOWN_KIND


def _fit_functions(given: str, wanted: _Kind) -> int:
    """Compare a function written in place with a parameter; both may say how many arguments it takes."""
    if wanted.name.startswith(FUNCTION_ARGUMENT) and given != FUNCTION_ARGUMENT:
        return _SAME if given == wanted.name else _NEVER
    return _NEVER if wanted.name in _PLAIN | _NUMBERS else _OPEN


def _fit_names(given: str, wanted: str) -> int:
    if given == wanted:
        return _SAME + 1
    if (given, wanted) == ("Class", "Type"):
        return _DERIVED
    given, wanted = _SHORT.get(given, given), _SHORT.get(wanted, wanted)
    if given == wanted or given.lower() == wanted.lower():
        return _SAME
    if given in _WIDER and wanted in _WIDER[_WIDER.index(given) :]:
        return _WIDER.index(given) - _WIDER.index(wanted)
    if given in _NUMBERS and wanted in _NUMBERS:
        return -len(_WIDER)
    if wanted == "Number" and given not in _PLAIN:
        return _UNLIKELY
    if not {given, wanted}.isdisjoint(_PLAIN | _NUMBERS):
        return _NEVER
    return _DERIVED if given.endswith(wanted) else _UNLIKELY


def _type_name(expression: Expression) -> str:
    """Return the last name of a type whose instance this is, empty for anything else."""
    path, _, step = expression.rpartition(".")
    name = path.rpartition(".")[2]
    return name if step == "@" or (step == "()" and name[:1].isupper() and "()" not in path) else ""


def _is_type_parameter(name: str) -> bool:
    return len(name) <= 2 or (name[0] == "T" and name[1].isupper())
