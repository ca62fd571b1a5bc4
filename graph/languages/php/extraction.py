"""Turns a PHP syntax tree into facts."""

from __future__ import annotations

import re

import tree_sitter

from graph.facts import MODULE_SCOPE, Expression, FileFacts, Import
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.expressions import MAX_DEPTH
from graph.languages.language import Captures
from graph.languages.php.definitions import CLASS_KINDS, draft_definitions, read_parameters
from graph.languages.php.expressions import Reader
from graph.languages.php.modules import BY_PATH
from graph.languages.php.names import Names

_INCLUDED = re.compile(
    r"""\(?\s*(?P<base>__DIR__|dirname\(\s*(?:__FILE__|__DIR__)\s*\))?\s*\.?\s*(['"])(?P<path>[^'"$]+)\2\s*\)?"""
)
_CLOSURES = frozenset({"anonymous_function", "arrow_function"})


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a PHP file."""
    names = Names(captures)
    reader = Reader(names)
    drafts = [draft for draft in draft_definitions(captures, source, names, reader) if draft.name]
    builder = FactsBuilder("php", drafts, CLASS_KINDS)
    for name, line in names.imported:
        module = name.replace("\\", ".")
        builder.add_import(Import(MODULE_SCOPE, module, "", "", 0, line, exported=True))
    for node in captures.get("include", ()):
        _add_include(builder, node)
    for node in captures.get("call", ()):
        _add_call(builder, node, names, reader)
    for node in captures.get("assignment", ()):
        values = reader.read_values(node.child_by_field_name("right"))
        _bind(builder, node.child_by_field_name("left"), values, reader)
    _add_declared(builder, captures, reader)
    _add_bound(builder, captures, reader)
    for node in captures.get("return", ()):
        if not _is_in_closure(node):
            builder.add_returned(node.start_byte, reader.read_values(first_named(node)))
    return builder.build(root)


def _add_include(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    match = _INCLUDED.fullmatch(read_text(first_named(node)))
    if match is None:
        return
    base, path = match["base"] or "", match["path"]
    if base:
        path = ("../" if base.endswith(")") and "__DIR__" in base else "./") + path.lstrip("/")
    builder.add_import(Import(MODULE_SCOPE, path, "", "", BY_PATH, node.start_point.row + 1, exported=True))


def _add_call(builder: FactsBuilder, node: tree_sitter.Node, names: Names, reader: Reader) -> None:
    function = node.child_by_field_name("function")
    if function is not None and function.type == "name":
        found = names.read_function(function)
        if len(found) > 1:
            builder.add_assignment(MODULE_SCOPE, read_text(function), found)
    if node.type == "object_creation_expression" and read_text(first_named(node)).lower().startswith("class"):
        return
    builder.add_call(node, reader.read_callee(node))


def _add_declared(builder: FactsBuilder, captures: Captures, reader: Reader) -> None:
    for node in captures.get("property", ()):
        types = reader.read_type(node.child_by_field_name("type"))
        for element in (child for child in node.named_children if child.type == "property_element"):
            name = read_text(element.child_by_field_name("name"))
            builder.add_assignment(builder.scope_at(node.start_byte), name, types)
    for node in captures.get("promoted", ()):
        types = reader.read_type(node.child_by_field_name("type"))
        name = read_text(node.child_by_field_name("name"))
        builder.add_assignment(builder.scope_at(node.start_byte), f"this.{name}", types)
    for node in captures.get("case", ()):
        name = read_text(node.child_by_field_name("name"))
        builder.add_assignment(builder.scope_at(node.start_byte), name, ("Self.@",))


def _add_bound(builder: FactsBuilder, captures: Captures, reader: Reader) -> None:
    for node in captures.get("closure", ()):
        for parameter in read_parameters(node, reader):
            builder.add_assignment(builder.scope_at(node.start_byte), parameter.name, parameter.values)
    for node in captures.get("iteration", ()):
        many, each = node.named_children[0], node.named_children[1]
        target = each.named_children[-1] if each.type == "pair" else each
        _bind(builder, target, tuple(f"{value}.<>" for value in reader.read_values(many)), reader)
    for node in captures.get("catch", ()):
        types = reader.read_type(node.child_by_field_name("type"))
        _bind(builder, node.child_by_field_name("name"), types, reader)


def _bind(
    builder: FactsBuilder,
    target: tree_sitter.Node | None,
    values: tuple[Expression, ...],
    reader: Reader,
    depth: int = 0,
) -> None:
    if target is None or depth > MAX_DEPTH:
        return
    scope = builder.scope_at(target.start_byte)
    if target.type == "variable_name":
        builder.add_assignment(scope, read_text(target), values)
    elif target.type in {"member_access_expression", "scoped_property_access_expression"}:
        name = reader.read(target).replace("Self.", "this.", 1)
        if name.startswith("this.") and name.count(".") == 1:
            builder.add_assignment(scope, name, values)
    elif target.type in {"list_literal", "array_creation_expression"}:
        for child in target.named_children:
            inner = child.named_children[-1] if child.type == "array_element_initializer" else child
            _bind(builder, inner, (), reader, depth + 1)


def _is_in_closure(node: tree_sitter.Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type not in {"function_definition", "method_declaration"}:
        if parent.type in _CLOSURES:
            return True
        parent = parent.parent
    return False
