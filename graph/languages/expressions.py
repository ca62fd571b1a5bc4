"""Reads expressions by table: what most languages write alike, under different names of nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text

MAX_DEPTH = 64

Reader = Callable[[tree_sitter.Node, int], Expression]
ValuesReader = Callable[[tree_sitter.Node, int], tuple[Expression, ...]]


@dataclass(frozen=True, slots=True)
class Shapes:
    """How a grammar's nodes are read: each kind of node is in one table at most.

    `inner` nodes mean what their first child means; `members` give the fields of owner and name, `steps` the field
    that holds the value and the step taken; `choices` the fields of which any may be the value.
    """

    names: frozenset[str]
    literals: frozenset[str]
    inner: frozenset[str] = frozenset()
    members: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    steps: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    values: Mapping[str, ValuesReader] = field(default_factory=dict)

    def read_expression(self, node: tree_sitter.Node | None, depth: int = 0) -> Expression:
        """Return what this expression is, followed as far as the tables go."""
        if node is None or depth > MAX_DEPTH:
            return UNKNOWN
        kind = node.type
        if kind in self.names:
            return read_text(node)
        if kind in self.literals:
            return LITERAL
        if kind in self.readers:
            return self.readers[kind](node, depth + 1)
        if kind in self.inner:
            return self.read_expression(first_named(node), depth + 1)
        if kind in self.members:
            owner, name = self.members[kind]
            owned = self.read_expression(node.child_by_field_name(owner), depth + 1)
            return f"{owned}.{read_text(node.child_by_field_name(name))}"
        if kind in self.steps:
            inner, step = self.steps[kind]
            return f"{self.read_expression(node.child_by_field_name(inner), depth + 1)}.{step}"
        return UNKNOWN

    def read_values(self, node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
        """Return every expression whose value this one may have."""
        if node is None or depth > MAX_DEPTH:
            return ()
        if node.type in self.values:
            return self.values[node.type](node, depth + 1)
        if node.type in self.inner:
            return self.read_values(first_named(node), depth + 1)
        if node.type in self.choices:
            fields = (node.child_by_field_name(name) for name in self.choices[node.type])
            return tuple(value for child in fields for value in self.read_values(child, depth + 1))
        expression = self.read_expression(node, depth)
        return () if expression.startswith(UNKNOWN) else (expression,)


def add_step(values: Iterable[Expression], step: str) -> tuple[Expression, ...]:
    """Return the values, each one step further."""
    return tuple(f"{value}.{step}" for value in values)
