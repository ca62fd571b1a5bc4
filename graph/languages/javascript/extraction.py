"""Turns a JavaScript or TypeScript syntax tree into facts."""

from __future__ import annotations

from collections.abc import Container

import tree_sitter

from graph.facts import MODULE_ITSELF, UNKNOWN, Expression, FileFacts
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.expressions import add_step
from graph.languages.javascript.definitions import (
    CLASS_KINDS,
    draft_definitions,
    is_definition,
    name_of_value,
    read_parameters,
)
from graph.languages.javascript.expressions import (
    bound_names,
    read_expression,
    read_key,
    read_type,
    read_values,
)
from graph.languages.javascript.imports import add_imports, is_require
from graph.languages.javascript.owners import add_inheritance, join_owners
from graph.languages.language import Captures


def extract(language: str, root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a file of this language."""
    drafts = join_owners(draft for draft in draft_definitions(captures, source) if draft.name)
    builder = FactsBuilder(language, drafts, CLASS_KINDS)
    add_imports(builder, captures)
    _add_calls(builder, captures)
    _add_bindings(builder, captures)
    owned = {"this", *(draft.owner for draft in drafts)} - {""}
    for node in captures.get("assignment", ()):
        _add_assignment(builder, node, owned)
    add_inheritance(builder, captures)
    named = {draft.inner.id for draft in drafts}
    for node in captures.get("function_value", ()):
        _add_function_value(builder, node, named=node.id in named)
    for node in captures.get("object", ()):
        if node.id in named:
            _add_properties(builder, node)
    return builder.build(root)


def _add_calls(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("call", ()):
        if not is_require(node):
            builder.add_call(node, read_expression(node.child_by_field_name("function")))
    for node in captures.get("new", ()):
        builder.add_call(node, read_expression(node.child_by_field_name("constructor")))
    for node in captures.get("element", ()):
        name = read_expression(node.child_by_field_name("name"))
        if name[:1].isupper():
            builder.add_call(node, name)


def _add_bindings(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("variable", ()):
        _add_variable(builder, node)
    for node in captures.get("field", ()):
        _add_field(builder, node)
    for node in captures.get("iteration", ()):
        is_of = any(child.type == "of" for child in node.children)
        values = add_step(read_values(node.child_by_field_name("right")), "<>") if is_of else ()
        _bind(builder, node.child_by_field_name("left"), values)
    for node in captures.get("return", ()):
        builder.add_returned(node.start_byte, read_values(first_named(node)))
    for node in captures.get("method", ()):
        _add_parameter_properties(builder, node)


def _add_variable(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    value = node.child_by_field_name("value")
    if value is not None and (is_require(value) or is_definition(value)):
        return
    types = read_type(node.child_by_field_name("type"))
    _bind(builder, node.child_by_field_name("name"), types + read_values(value))


def _bind(builder: FactsBuilder, pattern: tree_sitter.Node | None, values: tuple[Expression, ...]) -> None:
    if pattern is None:
        return
    scope = builder.scope_at(pattern.start_byte)
    for name, attribute in bound_names(pattern):
        builder.add_assignment(scope, name, add_step(values, attribute) if attribute else _whole(pattern, values))


def _whole(pattern: tree_sitter.Node, values: tuple[Expression, ...]) -> tuple[Expression, ...]:
    return values if pattern.type == "identifier" else ()


def _add_field(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    name = read_key(node.child_by_field_name("name") or node.child_by_field_name("property"))
    value = node.child_by_field_name("value")
    if not name or (value is not None and is_definition(value)):
        return
    types = read_type(node.child_by_field_name("type"))
    builder.add_assignment(builder.scope_at(node.start_byte), name, types + read_values(value))


def _add_parameter_properties(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    """TypeScript: `constructor(private store: Store)` is also a field."""
    parameters = node.child_by_field_name("parameters")
    for parameter in parameters.named_children if parameters is not None else ():
        if any(child.type in {"accessibility_modifier", "readonly"} for child in parameter.children):
            name = read_text(parameter.child_by_field_name("pattern"))
            types = read_type(parameter.child_by_field_name("type"))
            builder.add_assignment(builder.scope_at(parameter.start_byte), f"this.{name}", types)


def _add_assignment(builder: FactsBuilder, node: tree_sitter.Node, owned: Container[str]) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    target = read_expression(left)
    if left is None or right is None or target.startswith(UNKNOWN) or is_require(right):
        return
    if target in {"module.exports", "exports"}:
        names = (name_of_value(right),) if is_definition(right) else read_values(right)
        for value in names:
            builder.add_export(MODULE_ITSELF, value)
    elif target.startswith(("module.exports.", "exports.")):
        name = target.rpartition(".")[2]
        for value in (name,) if is_definition(right) else read_values(right):
            builder.add_export(name, value)
    elif left.type == "identifier" or target.rpartition(".")[0] in owned:
        builder.add_assignment(builder.scope_at(left.start_byte), target, read_values(right))


def _add_function_value(builder: FactsBuilder, node: tree_sitter.Node, *, named: bool) -> None:
    body = node.child_by_field_name("body")
    if named and body is not None and body.type != "statement_block":
        builder.add_returned(body.start_byte, read_values(body))
    if named:
        return
    scope = builder.scope_at(node.start_byte)
    for parameter in read_parameters(node):
        builder.add_assignment(scope, parameter.name, parameter.values)


def _add_properties(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    scope = builder.scope_at(node.start_byte)
    for child in node.named_children:
        if child.type == "shorthand_property_identifier":
            builder.add_assignment(scope, read_text(child), (read_text(child),))
        elif child.type == "pair":
            name, value = read_key(child.child_by_field_name("key")), child.child_by_field_name("value")
            if name and value is not None and not is_definition(value) and not is_require(value):
                builder.add_assignment(scope, name, read_values(value))
