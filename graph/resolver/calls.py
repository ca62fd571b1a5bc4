"""Which definitions a call reaches, and how that was found out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from graph.facts import Call, Definition, Expression
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.flow import FlowEvaluator
from graph.resolver.index import ProjectIndex
from graph.resolver.memory import DEPTH
from graph.resolver.overloads import OverloadChooser
from graph.resolver.values import OVERLOAD, SELF, SUBCLASS, UNIQUE, Value, Values

MAX_SUBCLASS_TARGETS = 3
MAX_IMPLEMENTATIONS = 8
_IMPLYING = frozenset({"instance", "self", "super"})
_OWN_KINDS = frozenset({"class", "cls", "instance", "self", "super", "module"})
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "spec"})


class Target(NamedTuple):
    """A definition that is called; `rank` is how it was found (see `values.METHODS`)."""

    definition: int
    rank: int


class CallResolver:
    """Resolves calls one by one."""

    def __init__(self, index: ProjectIndex, evaluator: FlowEvaluator) -> None:
        self._index = index
        self._evaluator = evaluator
        self._overloads = OverloadChooser(index, evaluator)
        self._guesses: dict[tuple[str, str], tuple[int, ...]] = {}

    def targets(self, file: int, call: Call) -> list[Target]:
        """Return what a call reaches inside the project; nothing if that is unknown."""
        values = self._evaluator.evaluate(file, call.scope, call.callee)
        found = self._choose_overload(file, call, self._called(file, values))
        receiver, dot, name = call.callee.rpartition(".")
        if dot and not found and name in self._index.foreign_extensions:
            found = self._find_foreign_extension(file, call, receiver, name)
        if found or not dot or any(value.kind == "external" for value in values):
            return found
        return self._guess(file, call, receiver, name)

    def _choose_overload(self, file: int, call: Call, found: list[Target]) -> list[Target]:
        """Leave, of functions with one name, those that take these arguments, else those that may."""
        if call.count < 0 and not self._index.language(file).rules.closed:
            return found
        named: dict[str, list[Target]] = defaultdict(list)
        for target in self._without_hidden_extensions(file, call, found):
            named[self._index.definitions[target.definition].qualified_name].append(target)
        return [target for group in named.values() for target in self._best(file, call, group)]

    def _find_foreign_extension(self, file: int, call: Call, receiver: str, name: str) -> list[Target]:
        """Return the extension method that a receiver from outside, or an unknown one, is given in one class."""
        language = self._index.language(file)
        if name in language.rules.common_methods:
            return []
        receivers = self._evaluator.evaluate(file, call.scope, receiver)
        if any(value.kind in _OWN_KINDS for value in receivers):
            return []
        numbers = self._index.foreign_extensions[name]
        found = [number for number in numbers if self._index.language_of(number).family == language.family]
        if len({self._index.owner(number) for number in found}) != 1:
            return []
        return self._choose_overload(file, call, [Target(number, UNIQUE) for number in found])

    def _without_hidden_extensions(self, file: int, call: Call, found: list[Target]) -> list[Target]:
        """Leave extension methods out if a method of the receiver itself takes the arguments, else only those."""
        extensions = [item for item in found if "extension" in self._index.definitions[item.definition].modifiers]
        own = [item for item in found if item not in extensions]
        if not extensions or not own:
            return found
        fitting = [item.definition for item in self._fitting(own, call.count)]
        return own if self._overloads.may_take(file, call.scope, call.arguments, fitting) else extensions

    def _best(self, file: int, call: Call, overloads: list[Target]) -> list[Target]:
        if self._index.is_class(overloads[0].definition):
            return overloads
        fitting = self._fitting(overloads, call.count) if call.count >= 0 else overloads
        if not fitting:
            inherited = self._inherited(overloads[0].definition, max(item.rank for item in overloads))
            return self._best(file, call, inherited) if inherited else []
        if len(fitting) > 1 and call.arguments:
            numbers = [target.definition for target in fitting]
            best = self._overloads.best(file, call.scope, call.arguments, numbers)
            fitting = [target for target in fitting if target.definition in best]
        plain = [target for target in fitting if not self._has(target, "variadic")]
        fitting = plain if plain and call.count >= 0 else fitting
        if len(fitting) == 1:
            return fitting
        is_open = not self._index.language_of(fitting[0].definition).rules.closed
        if is_open and any(self._has(target, "constructor") for target in fitting):
            return []  # the edge to the class says all that is known
        return [item._replace(rank=max(item.rank, OVERLOAD)) for item in fitting]

    def _fitting(self, overloads: list[Target], arguments: int) -> list[Target]:
        """Leave what takes this many arguments, else what may: anything, where parameters are not all known."""
        missing = {target: self._missing(target, arguments) for target in overloads}
        exact = [target for target, count in missing.items() if count == 0]
        if self._index.language_of(overloads[0].definition).rules.closed:
            return exact or [item for item, count in missing.items() if count > 0 and self._has(item, "optional")]
        return exact or [item for item, count in missing.items() if count > 0] or overloads

    def _inherited(self, definition: int, rank: int) -> list[Target]:
        """Return what the ancestors of a method's class have under its name: overloads may be theirs."""
        owner = self._index.owner(definition)
        name = self._index.definitions[definition].name
        if owner == NO_DEFINITION or "constructor" in self._index.definitions[definition].modifiers:
            return []
        members = self._evaluator.find_member(owner, name, DEPTH, after=owner)
        return [Target(item.key, max(item.rank, rank)) for item in members if item.kind == "function"]

    def _missing(self, target: Target, arguments: int) -> int:
        """Return how many parameters get no argument; 0 if the last takes as many as there are."""
        definition = self._index.definitions[target.definition]
        missing = len(definition.parameters) - arguments
        if "extension" in definition.modifiers and missing > 0:
            missing -= 1
        return 0 if missing <= 1 and self._has(target, "variadic") else missing

    def _has(self, target: Target, modifier: str) -> bool:
        return modifier in self._index.definitions[target.definition].modifiers

    def implied_targets(self, file: int, call: Call) -> list[Target]:
        """Return the property or special method that an implied call runs."""
        receiver, _, name = call.callee.rpartition(".")
        if name not in self._index.implied_names:
            return []
        is_special = name.startswith("__")
        best: dict[int, int] = {}
        for value in self._evaluator.evaluate(file, call.scope, receiver):
            if value.kind in _IMPLYING:
                for number in self._find_implied(value, name):
                    if is_special or "getter" in self._index.definitions[number].modifiers:
                        best[number] = min(max(value.rank, SELF), best.get(number, UNIQUE))
        return [Target(*item) for item in sorted(best.items())]

    def _find_implied(self, value: Value, name: str) -> Iterable[int]:
        after = value.key if value.kind == "super" else NO_DEFINITION
        members = self._evaluator.find_member(value.key, name, DEPTH, after=after)
        return (member.key for member in members if member.kind == "function")

    def _called(self, file: int, values: Values) -> list[Target]:
        best: dict[int, int] = {}
        for value in values:
            for entered in self._evaluator.enter(file, value):
                best[entered.definition] = min(entered.rank, best.get(entered.definition, UNIQUE))
            for number in self._find_implementations(file, value):
                best.setdefault(number, SUBCLASS)
        return [Target(*item) for item in sorted(best.items())]

    def _find_implementations(self, file: int, value: Value) -> set[int]:
        """Return what stands in for an abstract method, if it is clear which."""
        if value.kind != "function" or value.owner == NO_DEFINITION:
            return set()
        definition = self._index.definitions[value.key]
        if "abstract" not in definition.modifiers:
            return set()
        found = self._find_in_subclasses(file, value.owner, definition.name) - {value.key}
        if self._index.language_of(value.key).rules.implicit_members:
            types = _types_of(definition)
            same = {number for number in found if _types_of(self._index.definitions[number]) == types}
            found = same or found
        return found if len(found) <= MAX_IMPLEMENTATIONS else set()

    def _guess(self, file: int, call: Call, receiver: str, name: str) -> list[Target]:
        receivers = self._evaluator.evaluate(file, call.scope, receiver)
        if not receivers:
            if not self._index.language(file).rules.guesses:
                return []
            unique = [Target(number, UNIQUE) for number in self._find_unique(file, name)]
            return self._choose_overload(file, call, unique)
        known = [value for value in receivers if value.kind in {"self", "cls", "instance"}]
        if any(self._evaluator.has_member(value.key, name) for value in known):
            return []
        if self._index.language(file).rules.closed:
            return []
        found = {target for value in known for target in self._find_in_subclasses(file, value.key, name)}
        return [Target(number, SUBCLASS) for number in sorted(found)] if len(found) <= MAX_SUBCLASS_TARGETS else []

    def _find_in_subclasses(self, file: int, owner: int, name: str) -> set[int]:
        """Return what subclasses have under a name; those that tests make are for tests alone."""
        subclasses = self._evaluator.classes.subclasses(owner)
        if not _is_test(self._index.paths[file]):
            subclasses = [number for number in subclasses if not self._is_in_tests(number)]
        members = (item for number in subclasses for item in self._evaluator.find_member(number, name, DEPTH))
        return {member.key for member in members if member.kind == "function"}

    def _is_in_tests(self, definition: int) -> bool:
        return _is_test(self._index.paths[self._index.definition_files[definition]])

    def _find_unique(self, file: int, name: str) -> tuple[int, ...]:
        """Return the one method of this name in the project, if there is only one family of them."""
        language = self._index.language(file)
        in_tests = _is_test(self._index.paths[file])
        key = (f"{language.family} {in_tests}", name)
        if key not in self._guesses:
            self._guesses[key] = self._search_unique(language.family, name, in_tests=in_tests)
        return self._guesses[key]

    def _search_unique(self, family: str, name: str, *, in_tests: bool) -> tuple[int, ...]:
        found: dict[int, int] = {}
        for number in self._index.methods_by_name.get(name, ()):
            file = self._index.definition_files[number]
            language = self._index.language(file)
            hidden = name in language.rules.common_methods or name.startswith("__") or len(name) < 3
            if language.family != family or hidden or (not in_tests and _is_test(self._index.paths[file])):
                continue
            owner = self._index.owner(number)
            if owner != NO_DEFINITION:
                found.setdefault(owner, number)
        orders = {owner: self._evaluator.classes.order(owner)[1:] for owner in found}
        roots = [owner for owner in found if not any(ancestor in found for ancestor in orders[owner])]
        return self._overloads_of(found[roots[0]]) if len(roots) == 1 else ()

    def _overloads_of(self, number: int) -> tuple[int, ...]:
        """Return all methods of one name in a class, if the language has overloads."""
        definition, file = self._index.definitions[number], self._index.definition_files[number]
        if not self._index.language(file).rules.implicit_members:
            return (number,)
        siblings = self._index.scope(file, definition.parent).get(definition.name, ())
        return tuple(item.number for item in siblings if item.kind == "definition")


def _types_of(definition: Definition) -> list[tuple[Expression, ...]]:
    """Return the types of a method's parameters, by which overloads override each other."""
    return [parameter.values for parameter in definition.parameters]


def _is_test(path: str) -> bool:
    return (
        not _TEST_FOLDERS.isdisjoint(path.split("/")[:-1])
        or ".test." in path
        or "_test." in path
        or ".spec." in path
    )
