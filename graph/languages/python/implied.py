"""Calls that no parentheses show: properties that are read, special methods that statements and operators run."""

from __future__ import annotations

from collections.abc import Mapping

import tree_sitter

from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.language import Captures
from graph.languages.python.expressions import read_expression, read_values

_OPERATORS: Mapping[str, str] = {
    "+": "__add__",
    "-": "__sub__",
    "*": "__mul__",
    "/": "__truediv__",
    "//": "__floordiv__",
    "%": "__mod__",
    "@": "__matmul__",
    "&": "__and__",
    "|": "__or__",
    "^": "__xor__",
    "<<": "__lshift__",
    ">>": "__rshift__",
    "==": "__eq__",
    "!=": "__ne__",
    "<": "__lt__",
    "<=": "__le__",
    ">": "__gt__",
    ">=": "__ge__",
}
_FUNCTIONS: Mapping[str, str] = {
    **{
        name: f"__{name}__"
        for name in ("len", "str", "repr", "iter", "next", "bool", "int", "float", "abs", "hash")
    },
    "list": "__iter__",
    "tuple": "__iter__",
    "set": "__iter__",
    "sorted": "__iter__",
}


def add_implied_calls(builder: FactsBuilder, captures: Captures) -> None:
    """Hand the implied calls of a file to its builder."""
    for node in captures.get("attribute", ()):
        if _is_read(node):
            builder.add_implied(node, read_expression(node))
    for node in captures.get("iteration", ()):
        _add_iteration(builder, node)
    for node in captures.get("with_item", ()):
        _add_with(builder, node)
    for node in captures.get("subscript", ()):
        method = "__getitem__" if _is_read(node) else "__setitem__"
        builder.add_implied(node, f"{read_expression(node.child_by_field_name('value'))}.{method}")
    for node in captures.get("operator", ()):
        _add_operator(builder, node)
    for node in captures.get("call", ()):
        _add_function(builder, node)


def _add_function(builder: FactsBuilder, call: tree_sitter.Node) -> None:
    function = call.child_by_field_name("function")
    method = (
        _FUNCTIONS.get(read_text(function)) if function is not None and function.type == "identifier" else None
    )
    argument = first_named(call.child_by_field_name("arguments")) if method else None
    if argument is not None:
        builder.add_implied(call, f"{read_expression(argument)}.{method}")


def _is_read(node: tree_sitter.Node) -> bool:
    parent = node.parent
    if parent is None or parent.type in {"type", "delete_statement", "decorator"}:
        return False
    return parent.type not in {"call", "assignment"} or parent.start_byte != node.start_byte


def _add_iteration(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    letter = "a" if any(child.type == "async" for child in node.children) else ""
    for value in read_values(node.child_by_field_name("right")):
        builder.add_implied(node, f"{value}.__{letter}iter__")
        builder.add_implied(node, f"{value}.__{letter}iter__.().__{letter}next__")


def _add_with(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    item = node.child_by_field_name("value")
    value = first_named(item) if item is not None and item.type == "as_pattern" else item
    statement = node.parent.parent if node.parent is not None else None
    is_async = statement is not None and any(child.type == "async" for child in statement.children)
    for name in ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__"):
        builder.add_implied(node, f"{read_expression(value)}.{name}")


def _add_operator(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    children = node.children
    if len(children) < 3:
        return
    sign = children[1].type
    if sign in {"in", "not in"}:
        builder.add_implied(node, f"{read_expression(children[2])}.__contains__")
    elif sign in _OPERATORS:
        builder.add_implied(node, f"{read_expression(children[0])}.{_OPERATORS[sign]}")
