"""Finds what a JavaScript or TypeScript file defines: also functions and objects that only an assignment names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import tree_sitter

from graph.facts import Expression, Parameter
from graph.languages.builder import Draft, first_named, flatten, read_text
from graph.languages.expressions import add_step
from graph.languages.javascript.expressions import (
    FUNCTION_VALUES,
    bound_names,
    read_expression,
    read_key,
    read_type,
    read_values,
)
from graph.languages.javascript.owners import Owners, find_owners, split_constructor
from graph.languages.language import Captures, words

CLASS_KINDS = words("class interface enum type namespace object")
EXPORTS_NAME = "exports"
"""The name of the object or function that a CommonJS module is."""

_KINDS = {"interface": "interface", "enum": "enum", "type": "type", "namespace": "namespace", "class": "class"}
_WRAPPING_CALLS = words("memo forwardRef useCallback observer debounce throttle defineComponent asyncHandler")
_STATEMENTS = words(
    "export_statement lexical_declaration variable_declaration expression_statement ambient_declaration"
)
_MODIFIERS = {"static": "static", "get": "getter", "set": "setter", "async": "async", "abstract": "abstract"}


def draft_definitions(captures: Captures, source: bytes) -> Iterator[Draft]:
    """Yield every named definition of a file."""
    docs = _read_docstrings(captures)
    owners = find_owners(captures)
    for capture, kind in _KINDS.items():
        for node in captures.get(capture, ()):
            yield _draft_class(node, kind, source, docs)
    for capture in ("function", "method", "signature"):
        for node in captures.get(capture, ()):
            yield from _split(_draft_function(node, node, source, docs), owners)
    for node in captures.get("function_value", ()):
        yield from _split(_draft_function(node, _naming_node(node), source, docs), owners)
    for node in captures.get("object", ()):
        if name_of_object(node):
            outer = _statement_of(_naming_node(node))
            yield Draft("object", name_of_object(node), outer, node, _signature(outer, node, source))
    for node in captures.get("variable", ()):
        name = node.child_by_field_name("name")
        if name is not None and read_text(name) in owners.objects and not is_definition(_value_of(node)):
            outer = _statement_of(node)
            yield Draft("object", read_text(name), outer, name, _signature(outer, None, source))


def _split(draft: Draft, owners: Owners) -> Iterator[Draft]:
    """A function with a prototype is a class with a constructor."""
    yield from split_constructor(draft) if draft.name in owners.classes else (draft,)


def _value_of(declarator: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the value of a variable, that of `a = b = value` too."""
    value = declarator.child_by_field_name("value")
    while value is not None and value.type == "assignment_expression":
        value = value.child_by_field_name("right")
    return value


def is_definition(value: tree_sitter.Node | None) -> bool:
    """Whether a value becomes a definition of its own."""
    if value is None:
        return False
    if value.type == "object":
        return bool(name_of_object(value))
    return value.type in FUNCTION_VALUES or value.type == "class"


def name_of_value(node: tree_sitter.Node) -> str:
    """Return the name of the definition that a value becomes."""
    return _read_name(node, _naming_node(node))


def name_of_object(node: tree_sitter.Node, depth: int = 0) -> str:
    """Return the name of an object literal that holds functions, empty for any other."""
    if depth > 16 or not _holds_functions(node, depth):
        return ""
    parent = node.parent
    if parent is not None and parent.type == "pair":
        outer = parent.parent
        return read_key(parent.child_by_field_name("key")) if outer and name_of_object(outer, depth + 1) else ""
    return _read_name(node, _naming_node(node)).rpartition(".")[2]


def read_parameters(node: tree_sitter.Node) -> tuple[Parameter, ...]:
    """Return the names that a function's parameters bind, and what they may be."""
    single = node.child_by_field_name("parameter")
    if single is not None:
        return (Parameter(read_text(single)),)
    parameters = node.child_by_field_name("parameters")
    children = parameters.named_children if parameters is not None else []
    return tuple(item for child in children for item in _read_parameter(child))


def _read_parameter(node: tree_sitter.Node) -> Iterator[Parameter]:
    pattern = node.child_by_field_name("pattern") or node
    types = read_type(node.child_by_field_name("type"))
    for name, attribute in bound_names(pattern):
        yield Parameter(name, add_step(types, attribute) if attribute else types)


def _draft_class(node: tree_sitter.Node, kind: str, source: bytes, docs: Mapping[int, str]) -> Draft:
    naming = node if node.child_by_field_name("name") is not None else _naming_node(node)
    outer = _statement_of(naming)
    body = node.child_by_field_name("body") or node.child_by_field_name("value") or node
    return Draft(
        kind=kind,
        name=_read_name(node, naming),
        outer=outer,
        inner=body,
        signature=_signature(outer, body, source),
        docstring=docs.get(outer.start_point.row - 1, ""),
        modifiers=("abstract",) if node.type.startswith("abstract") else (),
        bases=tuple(_read_bases(node)),
    )


def _draft_function(
    node: tree_sitter.Node, naming: tree_sitter.Node, source: bytes, docs: Mapping[int, str]
) -> Draft:
    name = _read_name(node, naming)
    outer = _statement_of(naming)
    body = node.child_by_field_name("body")
    modifiers = [word for child in node.children if (word := _MODIFIERS.get(child.type, ""))]
    if naming.type.endswith("field_definition"):
        modifiers += [word for child in naming.children if (word := _MODIFIERS.get(child.type, ""))]
    if node.type == "function_signature":
        modifiers.append("overload")
    draft = Draft(
        kind="function",
        name=name.rpartition(".")[2],
        outer=outer,
        inner=node,
        signature=_signature(outer, body, source),
        docstring=docs.get(outer.start_point.row - 1, ""),
        modifiers=tuple(sorted(modifiers)),
        parameters=read_parameters(node),
        returns=read_type(node.child_by_field_name("return_type")),
    )
    if "." in name:
        return replace(draft, qualified_name=name.replace(".prototype.", "."), modifiers=("assigned", *modifiers))
    return replace(draft, modifiers=("assigned", *modifiers)) if _is_in_unnamed_object(naming) else draft


def _is_in_unnamed_object(node: tree_sitter.Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "object" and not name_of_object(parent)


def _naming_node(node: tree_sitter.Node) -> tree_sitter.Node:
    """Return the node that gives a value its name: a declarator, pair, field, assignment or `export default`."""
    parent = node.parent
    if parent is not None and parent.type == "arguments" and parent.parent is not None:
        call = parent.parent
        callee = read_text(call.child_by_field_name("function")).rpartition(".")[2]
        return _naming_node(call) if callee in _WRAPPING_CALLS else node
    while parent is not None and parent.type in {
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
    }:
        node, parent = parent, parent.parent
    return _find_declarator(parent) or parent if parent is not None else node


def _find_declarator(node: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """Return the declarator of `var a = b = value`, by the inner assignment."""
    while node is not None and node.type == "assignment_expression":
        node = node.parent
    return node if node is not None and node.type == "variable_declarator" else None


def _read_name(node: tree_sitter.Node, naming: tree_sitter.Node) -> str:
    own = read_key(node.child_by_field_name("name"))
    if naming.type == "variable_declarator":
        name = naming.child_by_field_name("name")
        return read_text(name) if name is not None and name.type == "identifier" else own
    if naming.type == "pair":
        return read_key(naming.child_by_field_name("key"))
    if naming.type.endswith("field_definition"):
        return read_key(naming.child_by_field_name("name") or naming.child_by_field_name("property"))
    if naming.type == "assignment_expression":
        assigned = _read_assigned_name(read_expression(naming.child_by_field_name("left")))
        return own if own and assigned == EXPORTS_NAME else assigned
    if naming.type == "export_statement" and not own:
        return "default"
    return own


def _read_assigned_name(target: Expression) -> str:
    if target in {"module.exports", "exports"}:
        return EXPORTS_NAME
    name = target.removeprefix("module.").removeprefix("exports.").removeprefix("this.")
    return "" if set(name) & set("?#()[]<>") else name


def _statement_of(node: tree_sitter.Node) -> tree_sitter.Node:
    """Return the whole statement around a definition, as far as it holds nothing else."""
    parent = node.parent
    while parent is not None and parent.type in _STATEMENTS:
        declared = [child for child in parent.named_children if child.type == "variable_declarator"]
        if len(declared) > 1:
            break
        node, parent = parent, parent.parent
    return node


def _signature(outer: tree_sitter.Node, body: tree_sitter.Node | None, source: bytes) -> str:
    end = body.start_byte if body is not None and body.start_byte > outer.start_byte else outer.end_byte
    return flatten(source[outer.start_byte : end].decode("utf-8", "replace")).rstrip(" {=;")


def _read_docstrings(captures: Captures) -> Mapping[int, str]:
    """Return each documentation comment by the row it ends on."""
    comments = (comment for comment in captures.get("comment", ()) if read_text(comment).startswith("/**"))
    return {comment.end_point.row: _clean_comment(read_text(comment)) for comment in comments}


def _clean_comment(text: str) -> str:
    lines = (line.strip().removeprefix("*").strip() for line in text[3:].removesuffix("*/").split("\n"))
    return "\n".join(lines).strip()


def _read_bases(node: tree_sitter.Node) -> Iterator[Expression]:
    for child in node.named_children:
        if child.type == "class_heritage":
            clauses = [clause for clause in child.named_children if clause.type.endswith("_clause")]
            if not clauses:
                yield from read_values(first_named(child))
            for clause in clauses:
                yield from _read_clause(clause)
        elif child.type in {"extends_type_clause", "extends_clause"}:
            yield from _read_clause(child)


def _read_clause(clause: tree_sitter.Node) -> Iterator[Expression]:
    for child in clause.named_children:
        if child.type in {"type_identifier", "nested_type_identifier", "generic_type"}:
            yield from (value.removesuffix(".@") for value in read_type(child))
        elif child.type != "type_arguments":
            yield read_expression(child)


def _holds_functions(node: tree_sitter.Node, depth: int = 0) -> bool:
    for child in node.named_children:
        if child.type == "method_definition":
            return True
        value = child.child_by_field_name("value") if child.type == "pair" else None
        if value is None:
            continue
        if value.type in FUNCTION_VALUES or (
            value.type == "object" and depth < 16 and _holds_functions(value, depth + 1)
        ):
            return True
    parent = node.parent
    return parent is not None and _is_module_exports(parent)


def _is_module_exports(node: tree_sitter.Node) -> bool:
    return node.type == "assignment_expression" and read_text(node.child_by_field_name("left")) == "module.exports"
