"""Walks over trees and changes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from graph.query.language import Binary, Expression, Literal, PatternList, Tree

AnyTree = TypeVar("AnyTree", bound=Tree)


def change_tree(tree: AnyTree, change: Callable[[Any], Any]) -> Any:
    """Return the tree with `change` applied to every part of it, inner parts first."""
    values = {field.name: _change_value(getattr(tree, field.name), change) for field in fields(tree)}
    return change(replace(tree, **values))


def _change_value(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, Tree):
        return change_tree(value, change)
    if isinstance(value, tuple):
        return tuple(_change_value(part, change) for part in value)
    return value


def walk_tree(tree: Tree) -> Iterator[Tree]:
    """Yield the tree and every part of it."""
    yield tree
    for field in fields(tree):
        yield from _walk_value(getattr(tree, field.name))


def _walk_value(value: Any) -> Iterator[Tree]:
    if isinstance(value, Tree):
        yield from walk_tree(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _walk_value(part)


def has_pattern(tree: Tree | None) -> bool:
    """Tell whether a pattern stands in the expression."""
    return tree is not None and any(isinstance(part, PatternList) for part in walk_tree(tree))


def split_conjuncts(expression: Expression | None) -> list[Expression]:
    """Return the conditions that AND joins."""
    if expression is None:
        return []
    if isinstance(expression, Binary) and expression.operator == "AND":
        return [*split_conjuncts(expression.left), *split_conjuncts(expression.right)]
    return [expression]


def join_conjuncts(conditions: Iterable[Expression]) -> Expression:
    """Return one condition of many, true for none."""
    joined: Expression | None = None
    for condition in conditions:
        joined = condition if joined is None else Binary("AND", joined, condition, at=condition.at)
    return Literal(value=True) if joined is None else joined
