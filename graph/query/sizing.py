"""How large a value can grow: bounds what an expression may take of the store's memory and time.

A value's weight counts property values, roughly. A *big* value has as many as there are rows (`collect`); it may
not be collected again, nor be walked over inside another walk, nor be repeated on every row of a later match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from graph.query.allowed import AGGREGATES
from graph.query.language import (
    Binary,
    Call,
    Case,
    Expression,
    HasLabel,
    ListComprehension,
    ListOf,
    Literal,
    MapOf,
    Parameter,
    PatternList,
    Property,
    Quantifier,
    Slice,
    Subscript,
    Unary,
    Variable,
)
from graph.query.refusing import Place, not_allowed, too_costly, unknown_name

MOST_WEIGHT = 2_000
COLLECTED = 100
ENTITY = 10
PATH = 60
SPLIT = 20
MOST_STEPS = 100_000
BIG_STEPS = 1_000
_TEXT_UNIT = 100
_SMALL_CALLS = frozenset({"labels", "relationships", "nodes"})
_ELEMENT_CALLS = frozenset({"head", "last"})
_SAME_SIZE_CALLS = frozenset(
    {"coalesce", "tail", "reverse", "tolower", "toupper", "trim", "substring", "left", "right"}
)


class Kind(StrEnum):
    NODE = "node"
    EDGE = "edge"
    PATH = "path"
    LIST = "list"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of a value. `spread`: a big list that further rows have multiplied."""

    kind: Kind = Kind.VALUE
    weight: int = 1
    big: bool = False
    spread: bool = False
    length: int = 1

    @property
    def element(self) -> Size:
        """What one of a list's elements is like."""
        return Size(weight=max(1, self.weight // (COLLECTED if self.big else self.length)))


SCALAR = Size()
NODE = Size(Kind.NODE, ENTITY)
EDGE = Size(Kind.EDGE, ENTITY)
WHOLE_PATH = Size(Kind.PATH, PATH)
Scope = Mapping[str, Size]


def size_of_parameter(value: Any) -> Size:
    """Return the size of a JSON value."""
    if isinstance(value, list):
        weight = 1 + sum(size_of_parameter(item).weight for item in value)
        return Size(Kind.LIST, weight, length=max(1, len(value)))
    if isinstance(value, dict):
        return Size(Kind.VALUE, 1 + sum(size_of_parameter(item).weight for item in value.values()))
    return Size(Kind.VALUE, 1 + len(value) // _TEXT_UNIT) if isinstance(value, str) else SCALAR


class Sizer:
    """Measures expressions; raises for unknown names and for what could grow without bound."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters

    def parameter(self, name: str) -> Any:
        """Return a parameter's value."""
        return self._parameters[name]

    def measure(self, expression: Expression, scope: Scope, *, aggregates: bool = False) -> Size:
        """Return the size; `aggregates` says whether they may stand here."""
        return _Measure(self._parameters, scope, aggregates).size(expression)


@dataclass(frozen=True, slots=True)
class _Measure:
    parameters: Mapping[str, Any]
    scope: Scope
    aggregates: bool
    loops: int = 0
    steps: int = 1

    def size(self, tree: Expression) -> Size:
        found = self._size(tree)
        if found.weight > MOST_WEIGHT:
            raise too_costly("This could make a value that is too large.", tree.at)
        return found

    def _size(self, tree: Expression) -> Size:  # noqa: C901  (one branch for each form of the language)
        match tree:
            case Literal(value):
                return size_of_parameter(value)
            case Parameter(name):
                return size_of_parameter(self.parameters[name])
            case Variable():
                return self._variable(tree)
            case HasLabel(variable, _):
                self._variable(variable)
                return SCALAR
            case Property(subject, _):
                found = self.size(subject)
                return SCALAR if found.kind in {Kind.NODE, Kind.EDGE} else replace(found, kind=Kind.VALUE)
            case Subscript(subject, index):
                self._index(index)
                return replace(self.size(subject), kind=Kind.VALUE, big=False, length=1)
            case Slice(subject, start, stop):
                for bound in (start, stop):
                    if bound is not None:
                        self._index(bound)
                return self.size(subject)
            case ListOf(items):
                return replace(self._sum(items), kind=Kind.LIST, length=max(1, len(items)))
            case MapOf(items):
                return replace(self._sum(tuple(value for _, value in items)), kind=Kind.VALUE)
            case Unary(_, operand):
                self.size(operand)
                return SCALAR
            case Binary():
                return self._binary(tree)
            case Case(subject, branches, otherwise):
                return self._case(subject, branches, otherwise)
            case Call():
                return self._call(tree)
            case ListComprehension() | Quantifier():
                return self._loop(tree)
            case PatternList():
                return self._pattern(tree)
            case _:
                raise not_allowed("This is not allowed here.", tree.at)

    def _variable(self, tree: Variable) -> Size:
        found = self._named(tree)
        if found.spread:
            raise too_costly(
                f"The list {tree.name} was collected before another MATCH or UNWIND: collect last, or use IN.",
                tree.at,
            )
        return found

    def _named(self, tree: Variable) -> Size:
        if tree.name not in self.scope:
            raise unknown_name(
                f"There is no variable {tree.name} here; WITH drops what it does not name.", tree.at
            )
        return self.scope[tree.name]

    def _index(self, tree: Expression) -> None:
        """An index that could be a text would read any property."""
        self.size(tree)
        if not self._is_number(tree):
            raise not_allowed("An index is a number; a property's name stands behind a dot.", tree.at)

    def _is_number(self, tree: Expression) -> bool:
        match tree:
            case Literal(value):
                return isinstance(value, int) and not isinstance(value, bool)
            case Parameter(name):
                value = self.parameters[name]
                return isinstance(value, int) and not isinstance(value, bool)
            case Unary("-", operand):
                return self._is_number(operand)
            case Binary("+" | "-", left, right):
                return self._is_number(left) and self._is_number(right)
            case Call(name, _):
                return name in {"size", "length", "count"}
            case _:
                return False

    def _sum(self, parts: tuple[Expression, ...]) -> Size:
        sizes = [self.size(part) for part in parts]
        return Size(weight=1 + sum(size.weight for size in sizes), big=any(size.big for size in sizes))

    def _binary(self, tree: Binary) -> Size:
        if tree.operator == "IN":
            self.size(tree.left)
            found = self._countable(tree.right)
            self._step_through(found, tree.at)
            return SCALAR
        left, right = self.size(tree.left), self.size(tree.right)
        if tree.operator != "+":
            return SCALAR
        kind = Kind.LIST if Kind.LIST in {left.kind, right.kind} else Kind.VALUE
        return Size(kind, left.weight + right.weight, left.big or right.big, length=left.length + right.length)

    def _countable(self, tree: Expression) -> Size:
        """Return the size of what is only looked through: here a spread list does no harm."""
        if isinstance(tree, Variable):
            return replace(self._named(tree), spread=False)
        return self.size(tree)

    def _case(
        self,
        subject: Expression | None,
        branches: tuple[tuple[Expression, Expression], ...],
        otherwise: Expression | None,
    ) -> Size:
        conditions = tuple(condition for condition, _ in branches)
        self._sum(conditions if subject is None else (subject, *conditions))
        values = tuple(value for _, value in branches)
        return self._sum(values if otherwise is None else (*values, otherwise))

    def _call(self, tree: Call) -> Size:
        if tree.name in AGGREGATES:
            return self._aggregate(tree)
        if tree.distinct:
            raise not_allowed("DISTINCT stands in aggregates only.", tree.at)
        if tree.name == "size":
            self._countable(tree.arguments[0])
            return SCALAR
        found = self._sum(tree.arguments)
        if tree.name in {"startnode", "endnode"}:
            return NODE
        if tree.name in _SMALL_CALLS:
            return Size(Kind.LIST, PATH, length=PATH // ENTITY)
        if tree.name == "split":
            return Size(Kind.LIST, SPLIT * found.weight, length=SPLIT)
        if tree.name in _ELEMENT_CALLS:
            return replace(found, big=False)
        return found if tree.name in _SAME_SIZE_CALLS else SCALAR

    def _aggregate(self, tree: Call) -> Size:
        if not self.aggregates or self.loops:
            raise not_allowed(f"{tree.name} stands in the columns of WITH and RETURN only.", tree.at)
        if not tree.arguments:
            return SCALAR
        inner = _Measure(self.parameters, self.scope, aggregates=False).size(tree.arguments[0])
        if inner.big:
            raise too_costly("A collected list cannot be aggregated again: return rows instead.", tree.at)
        if tree.name == "collect":
            return Size(Kind.LIST, COLLECTED + inner.weight, big=True)
        return replace(inner, kind=Kind.VALUE) if tree.name in {"min", "max"} else SCALAR

    def _loop(self, tree: ListComprehension | Quantifier) -> Size:
        source = self.size(tree.source)
        steps = self._step_through(source, tree.at)
        element = source.element
        loops = self.loops + 1 if source.big else self.loops
        inner = _Measure(self.parameters, {**self.scope, tree.variable: element}, self.aggregates, loops, steps)
        if tree.where is not None:
            inner.size(tree.where)
        if isinstance(tree, Quantifier):
            return SCALAR
        body = element if tree.body is None else inner.size(tree.body)
        if body.big:
            raise _nested(tree.at)
        weight = COLLECTED + body.weight if source.big else source.length * body.weight
        return Size(Kind.LIST, weight, source.big, length=source.length)

    def _step_through(self, source: Size, at: Place) -> int:
        """Return how many steps a walk over `source` takes here, within the walks around it."""
        steps = self.steps * (BIG_STEPS if source.big else source.length)
        if (source.big and self.loops) or steps > MOST_STEPS:
            raise _nested(at)
        return steps

    def _pattern(self, tree: PatternList) -> Size:
        if self.loops:
            raise not_allowed("A pattern cannot stand inside a walk over a list.", tree.at)
        inner = {**self.scope, **scope_of_chains((tree.chain,), self.scope)}
        if not any(node.variable in self.scope for node in tree.chain.nodes):
            raise too_costly(
                "A pattern inside an expression begins or ends in a variable that MATCH bound.", tree.at
            )
        measure = _Measure(self.parameters, inner, aggregates=False, loops=1)
        if tree.where is not None:
            measure.size(tree.where)
        body = measure.size(tree.body)
        if body.big:
            raise _nested(tree.at)
        return Size(Kind.LIST, COLLECTED + body.weight, big=True)


def scope_of_chains(chains: tuple[Any, ...], outer: Scope) -> dict[str, Size]:
    """Return the variables that patterns bind and `outer` does not know yet."""
    found: dict[str, Size] = {}
    for chain in chains:
        found |= {node.variable: NODE for node in chain.nodes}
        found |= {edge.variable: EDGE for edge in chain.edges if edge.variable}
        if chain.variable:
            found[chain.variable] = WHOLE_PATH
    return {name: size for name, size in found.items() if name not in outer}


def spread_lists(scope: Scope) -> dict[str, Size]:
    """Return the scope after its rows were multiplied."""
    return {name: replace(size, spread=True) if size.big else size for name, size in scope.items()}


def _nested(at: Place) -> Exception:
    return too_costly("A list this long cannot be walked over inside another walk.", at)
