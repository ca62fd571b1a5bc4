"""The Cypher that may be asked, as immutable trees. What has no form here cannot reach a store.

Two trees are equal when they say the same, wherever they stand in the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from graph.query.refusing import Place

NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Anything with a place in the query."""

    at: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Tree):
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Parameter(Tree):
    name: str


@dataclass(frozen=True, slots=True)
class Variable(Tree):
    name: str


@dataclass(frozen=True, slots=True)
class Property(Tree):
    subject: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Subscript(Tree):
    subject: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Slice(Tree):
    subject: Expression
    start: Expression | None
    stop: Expression | None


@dataclass(frozen=True, slots=True)
class ListOf(Tree):
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Tree):
    items: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Unary(Tree):
    """`NOT`, `-`, or, behind its operand, `IS NULL` and `IS NOT NULL`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Tree):
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class HasLabel(Tree):
    variable: Variable
    label: str


@dataclass(frozen=True, slots=True)
class IsHome(Tree):
    """The node bears the workspace's label, where the store has one."""

    variable: Variable


@dataclass(frozen=True, slots=True)
class Case(Tree):
    subject: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


@dataclass(frozen=True, slots=True)
class Call(Tree):
    """A function by its name in lower case; `count(*)` has no argument."""

    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class ListComprehension(Tree):
    variable: str
    source: Expression
    where: Expression | None
    body: Expression | None


@dataclass(frozen=True, slots=True)
class Quantifier(Tree):
    """any, all, none or single."""

    name: str
    variable: str
    source: Expression
    where: Expression


@dataclass(frozen=True, slots=True)
class PatternList(Tree):
    """A value for each way in which a pattern matches. EXISTS and COUNT are written by its size."""

    chain: Chain
    where: Expression | None
    body: Expression


@dataclass(frozen=True, slots=True)
class ShortestPath(Tree):
    chain: Chain


Expression = (
    Literal
    | Parameter
    | Variable
    | Property
    | Subscript
    | Slice
    | ListOf
    | MapOf
    | Unary
    | Binary
    | HasLabel
    | IsHome
    | Case
    | Call
    | ListComprehension
    | Quantifier
    | PatternList
    | ShortestPath
)


class Direction(StrEnum):
    RIGHT = "->"
    LEFT = "<-"
    EITHER = "--"


@dataclass(frozen=True, slots=True)
class NodePattern(Tree):
    """One node; `where` holds what its labels and its own WHERE say beyond `labels` and `properties`."""

    variable: str
    labels: tuple[str, ...] = ()
    properties: tuple[tuple[str, Expression], ...] = ()
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class EdgePattern(Tree):
    """One relationship, or with `hops` (least, most) a row of them."""

    variable: str | None
    types: tuple[str, ...]
    direction: Direction
    hops: tuple[int, int] | None
    properties: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Chain(Tree):
    """Nodes and the edges between them; `variable` is the path's."""

    variable: str | None
    nodes: tuple[NodePattern, ...]
    edges: tuple[EdgePattern, ...] = ()
    shortest: bool = False


@dataclass(frozen=True, slots=True)
class Match(Tree):
    chains: tuple[Chain, ...]
    where: Expression | None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Unwind(Tree):
    source: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Item(Tree):
    """A column: `alias` is its name in the query, `title` its name in the answer."""

    expression: Expression
    alias: str
    title: str


@dataclass(frozen=True, slots=True)
class Order(Tree):
    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Projection(Tree):
    """WITH, or RETURN when `final`."""

    items: tuple[Item, ...]
    final: bool
    star: bool = False
    distinct: bool = False
    order: tuple[Order, ...] = ()
    skip: Expression | None = None
    limit: Expression | None = None
    where: Expression | None = None


Clause = Match | Unwind | Projection


@dataclass(frozen=True, slots=True)
class Query:
    """Parts joined by UNION; `union_all[i]` says whether the join before part i + 1 keeps duplicates."""

    parts: tuple[tuple[Clause, ...], ...]
    union_all: tuple[bool, ...] = ()
