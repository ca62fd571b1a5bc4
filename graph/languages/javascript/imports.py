"""Imports and exports of a JavaScript or TypeScript file, of both module systems."""

from __future__ import annotations

import tree_sitter

from graph.facts import MODULE_ITSELF, MODULE_SCOPE, Import
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.javascript.definitions import name_of_object
from graph.languages.javascript.expressions import (
    FUNCTION_VALUES,
    bound_names,
    read_expression,
    read_string,
    read_values,
)
from graph.languages.language import Captures

_DECLARATIONS = FUNCTION_VALUES | {"class", "object"}


def add_imports(builder: FactsBuilder, captures: Captures) -> None:
    """Hand all imports and exports to the builder."""
    for node in captures.get("import", ()):
        _add_import_statement(builder, node)
    for node in captures.get("export", ()):
        _add_export_statement(builder, node)
    for node in captures.get("call", ()):
        if is_require(node):
            _add_require(builder, node)


def is_require(node: tree_sitter.Node) -> bool:
    """Whether a node is `require("…")` or `import("…")`, or a member of it."""
    if node.type == "member_expression":
        inner = node.child_by_field_name("object")
        return inner is not None and inner.type == "call_expression" and is_require(inner)
    if node.type != "call_expression":
        return False
    function = node.child_by_field_name("function")
    return function is not None and read_text(function) in {"require", "import"} and bool(_read_required(node))


def _read_required(call: tree_sitter.Node) -> str:
    return read_string(first_named(call.child_by_field_name("arguments")))


def _add(
    builder: FactsBuilder, node: tree_sitter.Node, *, module: str, name: str, alias: str, exported: bool = False
) -> None:
    scope = builder.scope_at(node.start_byte)
    builder.add_import(Import(scope, module, name, alias, 0, node.start_point.row + 1, exported))


def _add_import_statement(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    clauses = [child for child in node.named_children if child.type in {"import_clause", "import_require_clause"}]
    source = node.child_by_field_name("source") or (clauses[0].child_by_field_name("source") if clauses else None)
    module = read_string(source)
    if not clauses:
        _add(builder, node, module=module, name="", alias="", exported=True)
    for child in (part for clause in clauses for part in clause.named_children):
        if child.type == "identifier":
            name = "default" if clauses[0].type == "import_clause" else ""
            _add(builder, child, module=module, name=name, alias=read_text(child))
        elif child.type == "namespace_import":
            _add(builder, child, module=module, name="", alias=read_text(first_named(child)))
        elif child.type == "named_imports":
            for specifier in child.named_children:
                _add_specifier(builder, specifier, module, exported=False)


def _add_specifier(builder: FactsBuilder, node: tree_sitter.Node, module: str, *, exported: bool) -> None:
    if node.type not in {"import_specifier", "export_specifier"}:
        return
    name = read_text(node.child_by_field_name("name"))
    alias = read_text(node.child_by_field_name("alias")) or name
    if module:
        _add(builder, node, module=module, name=name, alias=alias, exported=exported)
    else:
        builder.add_export(alias, name)


def _add_export_statement(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    module = read_string(node.child_by_field_name("source"))
    for child in node.children:
        if child.type == "export_clause":
            for specifier in child.named_children:
                _add_specifier(builder, specifier, module, exported=True)
        elif child.type == "namespace_export":
            _add(builder, node, module=module, name="", alias=read_text(first_named(child)), exported=True)
        elif child.type == "*":
            _add(builder, node, module=module, name="*", alias="", exported=True)
        elif child.type in {"default", "="} and builder.scope_at(node.start_byte) == MODULE_SCOPE:
            _add_default(builder, node, "default" if child.type == "default" else MODULE_ITSELF)


def _add_default(builder: FactsBuilder, node: tree_sitter.Node, name: str) -> None:
    value = node.child_by_field_name("value") or node.child_by_field_name("declaration") or node.named_children[-1]
    declared = value.child_by_field_name("name")
    if declared is not None:
        builder.add_export(name, read_text(declared))
    elif value.type not in _DECLARATIONS:
        for expression in read_values(value):
            builder.add_export(name, expression)


def _add_require(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    module, parent = _read_required(node), node.parent
    while parent is not None and parent.type in {"await_expression", "parenthesized_expression"}:
        parent = parent.parent
    member = ""
    if parent is not None and parent.type == "member_expression":
        member, parent = read_expression(parent).rpartition(".")[2], parent.parent
    exported = _exported_name(parent)
    if exported:
        _add(builder, node, module=module, name=member, alias=exported, exported=True)
        return
    target = _target_of(parent)
    if target is None:
        _add(builder, node, module=module, name="", alias="", exported=True)
    elif target.type in {"identifier", "property_identifier"}:
        _add(builder, node, module=module, name=member, alias=read_text(target))
    for name, attribute in bound_names(target) if target is not None and target.type != "identifier" else ():
        _add(builder, node, module=module, name=attribute, alias=name)


def _target_of(parent: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """Return the name, pattern or property that a required module is bound to."""
    if parent is None:
        return None
    if parent.type == "pair" and parent.parent is not None and name_of_object(parent.parent):
        return parent.child_by_field_name("key")
    return parent.child_by_field_name("name") if parent.type == "variable_declarator" else None


def _exported_name(parent: tree_sitter.Node | None) -> str:
    """Return the name under which an assignment to `exports.name` or `module.exports` passes a module on."""
    if parent is None or parent.type != "assignment_expression":
        return ""
    target = read_expression(parent.child_by_field_name("left"))
    if target in {"module.exports", "exports"}:
        return MODULE_ITSELF
    is_export = target.startswith(("exports.", "module.exports."))
    return target.rpartition(".")[2] if is_export else ""
