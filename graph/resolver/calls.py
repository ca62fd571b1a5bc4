"""Which definitions a call reaches, and how that was found out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from graph.facts import Call
from graph.resolver.flow import FlowEvaluator
from graph.resolver.index import NO_DEFINITION, ProjectIndex
from graph.resolver.memory import DEPTH
from graph.resolver.values import SELF, SUBCLASS, UNIQUE, Value, Values

MAX_SUBCLASS_TARGETS = 3
MAX_IMPLEMENTATIONS = 8
_IMPLYING = frozenset({"instance", "self", "super"})
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
        self._guesses: dict[tuple[str, str], tuple[int, ...]] = {}

    def targets(self, file: int, call: Call) -> list[Target]:
        """Return what a call reaches inside the project; nothing if that is unknown."""
        values = self._evaluator.evaluate(file, call.scope, call.callee)
        found = self._called(file, values)
        receiver, dot, name = call.callee.rpartition(".")
        if found or not dot or any(value.kind == "external" for value in values):
            return found
        return self._guess(file, call, receiver, name)

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
            for number in self._find_implementations(value):
                best.setdefault(number, SUBCLASS)
        return [Target(*item) for item in sorted(best.items())]

    def _find_implementations(self, value: Value) -> set[int]:
        """Return what stands in for an abstract method, if it is clear which."""
        if value.kind != "function" or value.owner == NO_DEFINITION:
            return set()
        definition = self._index.definitions[value.key]
        if "abstract" not in definition.modifiers:
            return set()
        found = self._find_in_subclasses(value.owner, definition.name) - {value.key}
        return found if len(found) <= MAX_IMPLEMENTATIONS else set()

    def _guess(self, file: int, call: Call, receiver: str, name: str) -> list[Target]:
        receivers = self._evaluator.evaluate(file, call.scope, receiver)
        if not receivers:
            return [Target(number, UNIQUE) for number in self._find_unique(file, name)]
        known = [value for value in receivers if value.kind in {"self", "cls", "instance"}]
        if any(self._evaluator.has_member(value.key, name) for value in known):
            return []
        found = {target for value in known for target in self._find_in_subclasses(value.key, name)}
        return [Target(number, SUBCLASS) for number in sorted(found)] if len(found) <= MAX_SUBCLASS_TARGETS else []

    def _find_in_subclasses(self, owner: int, name: str) -> set[int]:
        subclasses = self._evaluator.classes.subclasses(owner)
        members = (item for number in subclasses for item in self._evaluator.find_member(number, name, DEPTH))
        return {member.key for member in members if member.kind == "function"}

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
            owner = self._index.first_definitions[file] + self._index.definitions[number].parent
            found.setdefault(owner, number)
        orders = {owner: self._evaluator.classes.order(owner)[1:] for owner in found}
        roots = [owner for owner in found if not any(ancestor in found for ancestor in orders[owner])]
        return (found[roots[0]],) if len(roots) == 1 else ()


def _is_test(path: str) -> bool:
    return not _TEST_FOLDERS.isdisjoint(path.split("/")[:-1]) or ".test." in path or ".spec." in path
