"""Finds what a C# file defines."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from graph.facts import UNKNOWN, Expression, Parameter
from graph.languages.builder import Draft, first_named, read_text
from graph.languages.comments import read_comment, read_modifiers, read_signature
from graph.languages.csharp.expressions import mark_arity, name_type, read_type
from graph.languages.language import Captures

CLASS_KINDS = frozenset({"class", "interface", "enum", "struct", "type"})
_KINDS = {
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "struct_declaration": "struct",
    "delegate_declaration": "type",
}
_MODIFIERS = frozenset({"abstract", "static", "partial", "async"})


def draft_definitions(captures: Captures, source: bytes) -> Iterator[Draft]:
    """Yield every definition of a file; a property counts if it has code of its own."""
    for node in captures.get("class", ()):
        yield _draft_class(node, source)
    for node in captures.get("function", ()):
        yield _draft_function(node, source)
    for node in captures.get("property", ()):
        if has_code(node):
            yield _draft_property(node, source)


def has_code(node: tree_sitter.Node) -> bool:
    """Whether a property computes its value."""
    value, accessors = node.child_by_field_name("value"), node.child_by_field_name("accessors")
    if value is not None and value.type == "arrow_expression_clause":
        return True
    children = accessors.named_children if accessors is not None else []
    return any(child.child_by_field_name("body") is not None for child in children)


def read_parameters(node: tree_sitter.Node | None) -> Iterator[Parameter]:
    """Yield the parameters of a function, lambda or record; `params` has no node of its own."""
    if node is None:
        return
    if node.type in {"implicit_parameter", "identifier"}:
        yield Parameter(read_text(node))
    for child in node.named_children:
        if child.type == "parameter":
            values = read_type(child.child_by_field_name("type"))
            yield Parameter(read_text(child.child_by_field_name("name")), values)
    name = node.child_by_field_name("name")
    if name is not None:
        yield Parameter(read_text(name), read_type(node.child_by_field_name("type")))


def parameter_list_of(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the parameters of a class's primary constructor."""
    return next((child for child in node.named_children if child.type == "parameter_list"), None)


def _draft_class(node: tree_sitter.Node, source: bytes) -> Draft:
    body = node.child_by_field_name("body") or node
    return Draft(
        kind=_KINDS.get(node.type, "class"),
        name=read_text(node.child_by_field_name("name")),
        outer=node,
        inner=body,
        signature=read_signature(node, body, source),
        docstring=read_comment(node, starts=("///", "/**")),
        modifiers=(*read_modifiers(node, _MODIFIERS), *_read_arity(node)),
        bases=tuple(_read_bases(node)),
    )


def _read_arity(node: tree_sitter.Node) -> list[str]:
    return [mark for child in node.named_children if (mark := mark_arity(child))]


def _read_bases(node: tree_sitter.Node) -> Iterator[Expression]:
    for child in node.named_children:
        if child.type == "base_list":
            yield from (name for kind in child.named_children if (name := name_type(kind)) != UNKNOWN)


def _draft_function(node: tree_sitter.Node, source: bytes) -> Draft:
    parameters = node.child_by_field_name("parameters")
    modifiers = set(read_modifiers(node, _MODIFIERS - {"partial"}))
    if node.type == "constructor_declaration":
        modifiers.add("constructor")
    if any(child.type == "params" for child in _children_of(parameters)):
        modifiers.add("variadic")
    if any(child.type == "=" for item in _children_of(parameters) for child in item.children):
        modifiers.add("optional")
    first = first_named(parameters)
    if first is not None and "this" in {read_text(child) for child in first.children if child.type == "modifier"}:
        modifiers.add("extension")
    name = read_text(node.child_by_field_name("name"))
    return Draft(
        kind="function",
        name=name or f"operator {read_text(node.child_by_field_name('operator'))}",
        outer=node,
        inner=node,
        signature=read_signature(node, node.child_by_field_name("body"), source),
        docstring=read_comment(node, starts=("///", "/**")),
        modifiers=tuple(sorted(modifiers)),
        parameters=tuple(read_parameters(parameters)),
        returns=read_type(node.child_by_field_name("returns") or node.child_by_field_name("type")),
    )


def _draft_property(node: tree_sitter.Node, source: bytes) -> Draft:
    body = node.child_by_field_name("accessors") or node.child_by_field_name("value")
    return Draft(
        kind="function",
        name=read_text(node.child_by_field_name("name")) or "this[]",
        outer=node,
        inner=node,
        signature=read_signature(node, body, source),
        docstring=read_comment(node, starts=("///", "/**")),
        modifiers=tuple(sorted({"getter", *read_modifiers(node, _MODIFIERS)})),
        parameters=tuple(read_parameters(node.child_by_field_name("parameters"))),
        returns=read_type(node.child_by_field_name("type")),
    )


def _children_of(node: tree_sitter.Node | None) -> list[tree_sitter.Node]:
    return node.children if node is not None else []
