"""Turns a syntax tree of C or C++ into facts."""

from __future__ import annotations

import tree_sitter

from graph.facts import MODULE_SCOPE, UNKNOWN, FileFacts, Import
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.c.declarations import Declared, has_word, read_declarator, read_declared, read_parameters
from graph.languages.c.definitions import CLASS_KINDS, draft_definitions, namespaces_around
from graph.languages.c.expressions import (
    count_arguments,
    read_callee,
    read_name,
    read_type,
    read_values,
)
from graph.languages.expressions import add_step
from graph.languages.language import Captures


def extract(language: str, root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a file of this language."""
    drafts = [draft for draft in draft_definitions(captures, source) if draft.name]
    builder = FactsBuilder(language, drafts, CLASS_KINDS)
    defined = {draft.name for draft in drafts}
    _add_includes(builder, captures)
    _add_calls(builder, captures)
    for node in captures.get("declaration", ()):
        _add_declaration(builder, node, defined)
    for node in captures.get("field", ()):
        _add_field(builder, node)
    _add_names(builder, captures)
    for node in captures.get("return", ()):
        builder.add_returned(node.start_byte, read_values(first_named(node)))
    return builder.build(root)


def _add_includes(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("include", ()):
        path = node.child_by_field_name("path")
        text = read_text(path)
        if path is not None and path.type in {"string_literal", "system_lib_string"}:
            level = 1 if text.startswith('"') else 0
            builder.add_import(Import(MODULE_SCOPE, text[1:-1], "*", "", level, node.start_point.row + 1))
    for node in captures.get("using", ()):
        name = read_name(first_named(node))
        if any(child.type == "namespace" for child in node.children):
            module = "::" + name.removeprefix("::")
            builder.add_import(Import(MODULE_SCOPE, module, "*", "", 0, node.start_point.row + 1))
        elif name:
            builder.add_assignment(builder.scope_at(node.start_byte), name.rpartition(".")[2], (name,))


def _add_calls(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("call", ()):
        builder.add_call(node, read_callee(node), count=count_arguments(node.child_by_field_name("arguments")))
    for node in captures.get("new", ()):
        arguments = node.child_by_field_name("arguments") or node.child_by_field_name("value")
        name = read_name(node.child_by_field_name("type"))
        builder.add_call(node, name or UNKNOWN, count=count_arguments(arguments))
    for node in captures.get("initializer", ()):
        children = node.named_children
        builder.add_call(node, read_name(children[0]) or UNKNOWN, count=count_arguments(children[-1]))


def _add_declaration(builder: FactsBuilder, node: tree_sitter.Node, defined: set[str]) -> None:
    types = read_type(node.child_by_field_name("type"))
    scope = builder.scope_at(node.start_byte)
    in_function = builder.function_at(node.start_byte) != MODULE_SCOPE
    for item in read_declared(node):
        if item.function is not None and not in_function:
            if scope == MODULE_SCOPE and item.name not in defined and not has_word(node, "static"):
                builder.add_assignment(scope, item.name, (f"::{item.name}",))
            continue
        if "." in item.name or (item.value is not None and item.name in defined):
            continue
        builder.add_assignment(scope, item.name, item.types(types) + read_values(item.value))
        _add_construction(builder, node, item)


def _add_construction(builder: FactsBuilder, node: tree_sitter.Node, item: Declared) -> None:
    """C++: `Type name(…)` and `Type name` construct an object."""
    type_node = node.child_by_field_name("type")
    is_extern = has_word(node, "extern")
    if item.is_indirect or is_extern or type_node is None or type_node.type.endswith("_specifier"):
        return
    value = item.value
    if item.function is not None:
        value = item.function.child_by_field_name("parameters")
    if value is None or value.type in {"argument_list", "initializer_list", "parameter_list"}:
        name = read_name(type_node)
        builder.add_call(item.node, name or UNKNOWN, count=count_arguments(value) if value is not None else 0)


def _add_field(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    types = read_type(node.child_by_field_name("type"))
    for item in read_declared(node):
        if item.function is None:
            builder.add_assignment(builder.scope_at(node.start_byte), item.name, item.types(types))


def _add_names(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("pair", ()):
        _add_member(builder, node)
    for node in captures.get("macro", ()):
        _add_macro(builder, node)
    for node in captures.get("alias", ()):
        name, value = node.child_by_field_name("name"), read_text(node.child_by_field_name("value")).strip()
        if value.isidentifier():
            builder.add_assignment(MODULE_SCOPE, read_text(name), (value,))
    for node in (*captures.get("typedef", ()), *captures.get("type_alias", ())):
        _add_type_name(builder, node)
    for node in captures.get("iteration", ()):
        types = read_type(node.child_by_field_name("type"))
        declared = read_declarator(node.child_by_field_name("declarator"))
        values = types or add_step(read_values(node.child_by_field_name("right")), "<>")
        if declared is not None:
            builder.add_assignment(builder.scope_at(node.start_byte), declared.name, values)
    for node in captures.get("lambda", ()):
        for parameter in read_parameters(node.child_by_field_name("declarator") or node):
            builder.add_assignment(builder.scope_at(node.start_byte), parameter.name, parameter.values)


def _add_member(builder: FactsBuilder, pair: tree_sitter.Node) -> None:
    """A struct is initialised with a function by name: `.open = open_file`."""
    designator, value = first_named(pair), pair.child_by_field_name("value")
    if designator is not None and designator.type == "field_designator":
        name = read_text(first_named(designator))
        builder.add_assignment(builder.scope_at(pair.start_byte), name, read_values(value))


def _add_macro(builder: FactsBuilder, macro: tree_sitter.Node) -> None:
    """Macros know no namespaces."""
    around = namespaces_around(macro)
    if around:
        name = read_text(macro.child_by_field_name("name"))
        builder.add_assignment(MODULE_SCOPE, name, (".".join([*around, name]),))


def _add_type_name(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    """Bind the other name of a type to its class."""
    aliased = node.child_by_field_name("type")
    types = [value.removesuffix(".@") for value in read_type(aliased) if value.endswith(".@")]
    name = node.child_by_field_name("name")
    names = [read_text(name)] if name is not None else [item.name for item in read_declared(node)]
    for item in names:
        if types and types != [item]:
            builder.add_assignment(builder.scope_at(node.start_byte), item, types)
