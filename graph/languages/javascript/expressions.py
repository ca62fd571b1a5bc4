"""JavaScript's expressions and TypeScript's types as the dotted strings of `graph.facts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, add_step
from graph.languages.language import words

FUNCTION_VALUES = words("arrow_function function_expression generator_function")
_NAMES = words("identifier shorthand_property_identifier shorthand_property_identifier_pattern this super")
_LITERALS = words("string template_string number regex true false array object")
_WRAPPERS = words(
    "parenthesized_expression await_expression non_null_expression satisfies_expression type_assertion"
)

_INNER_TYPES = words("Promise PromiseLike Awaited Readonly Partial Required NonNullable Ref RefObject Omit Pick")
_SEQUENCE_TYPES = words(
    "Array ReadonlyArray Set ReadonlySet Iterable IterableIterator Iterator Generator AsyncIterable"
)
_MAPPING_TYPES = words("Map ReadonlyMap Record WeakMap")
_UNSAID_TYPES = words("any unknown void object never null undefined")


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is, followed as far as names, members, calls and subscripts go."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    if node.type in _NAMES:
        return read_text(node)
    if node.type in _LITERALS:
        return LITERAL
    reader = _READERS.get(node.type)
    return reader(node, depth + 1) if reader else UNKNOWN


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    if node is None or depth > MAX_DEPTH:
        return ()
    if node.type == "assignment_expression" and _is_function(node.child_by_field_name("right")):
        return read_values(node.child_by_field_name("left"), depth + 1)
    if node.type in {"ternary_expression", "binary_expression", "assignment_expression"}:
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type not in _CHOICES:
            return (LITERAL,)
        fields = _ALTERNATIVES[node.type]
        return _all_of((node.child_by_field_name(field) for field in fields), depth + 1)
    if node.type in _WRAPPERS:
        return read_values(first_named(node), depth + 1)
    if node.type == "as_expression":
        return read_type(node.named_children[-1], depth + 1) or read_values(first_named(node), depth + 1)
    if node.type == "array":
        return add_step(_all_of(node.named_children, depth + 1), "{}") or (LITERAL,)
    expression = read_expression(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


def read_type(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return the types that an annotation allows, as instances."""
    if node is None or depth > MAX_DEPTH:
        return ()
    if node.type in {"type_annotation", "parenthesized_type", "readonly_type", "type_predicate_annotation"}:
        return read_type(first_named(node), depth + 1)
    if node.type in {"union_type", "intersection_type"}:
        return tuple(value for child in node.named_children for value in read_type(child, depth + 1))
    if node.type == "array_type":
        return add_step(read_type(first_named(node), depth + 1), "{}") or (LITERAL,)
    if node.type == "generic_type":
        return _read_generic(node, depth + 1)
    if node.type == "type_query":
        return (read_expression(first_named(node)),)
    if node.type == "this_type":
        return ("this",)
    if node.type in {"type_identifier", "nested_type_identifier"}:
        return (f"{read_text(node)}.@",)
    return (LITERAL,) if node.type == "predefined_type" and read_text(node) not in _UNSAID_TYPES else ()


def read_string(node: tree_sitter.Node | None) -> str:
    """Return the content of a plain string literal."""
    if node is None or node.type not in {"string", "template_string"}:
        return ""
    return read_text(node)[1:-1]


def read_key(node: tree_sitter.Node | None) -> str:
    """Return the name of a property, empty if it is computed."""
    if node is None or node.type == "computed_property_name":
        return ""
    return read_string(node) if node.type == "string" else read_text(node)


def bound_names(pattern: tree_sitter.Node | None, depth: int = 0) -> list[tuple[str, str]]:
    """Return the names that a pattern binds, each with the property it takes (empty if not known)."""
    if pattern is None or depth > MAX_DEPTH:
        return []
    if pattern.type in _NAMES:
        return [(read_text(pattern), read_text(pattern) if pattern.type.startswith("shorthand") else "")]
    if pattern.type == "pair_pattern":
        key = read_key(pattern.child_by_field_name("key"))
        value = pattern.child_by_field_name("value")
        return [(name, inner or key) for name, inner in bound_names(value, depth + 1)]
    if pattern.type in {"assignment_pattern", "object_assignment_pattern"}:
        return bound_names(pattern.child_by_field_name("left"), depth + 1)
    if pattern.type in {"object_pattern", "array_pattern", "rest_pattern"}:
        found = [item for child in pattern.named_children for item in bound_names(child, depth + 1)]
        return found if pattern.type == "object_pattern" else [(name, "") for name, _ in found]
    return []


def _is_function(node: tree_sitter.Node | None) -> bool:
    return node is not None and node.type in FUNCTION_VALUES


def _all_of(nodes: Iterable[tree_sitter.Node | None], depth: int) -> tuple[Expression, ...]:
    return tuple(value for node in nodes for value in read_values(node, depth))


def _read_member(node: tree_sitter.Node, depth: int) -> Expression:
    owner = read_expression(node.child_by_field_name("object"), depth)
    return f"{owner}.{read_text(node.child_by_field_name('property'))}"


def _read_called(field: str) -> Callable[[tree_sitter.Node, int], Expression]:
    return lambda node, depth: f"{read_expression(node.child_by_field_name(field), depth)}.()"


def _read_subscript(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_expression(node.child_by_field_name('object'), depth)}.[]"


def _read_inner(node: tree_sitter.Node, depth: int) -> Expression:
    return read_expression(first_named(node), depth)


def _read_cast(node: tree_sitter.Node, depth: int) -> Expression:
    types = read_type(node.named_children[-1], depth)
    return types[0] if types else _read_inner(node, depth)


_READERS: Mapping[str, Callable[[tree_sitter.Node, int], Expression]] = {
    "member_expression": _read_member,
    "call_expression": _read_called("function"),
    "new_expression": _read_called("constructor"),
    "subscript_expression": _read_subscript,
    "nested_identifier": _read_member,
    "as_expression": _read_cast,
    **dict.fromkeys(_WRAPPERS, _read_inner),
}
_CHOICES = frozenset({"||", "&&", "??"})
_ALTERNATIVES = {
    "ternary_expression": ("consequence", "alternative"),
    "binary_expression": ("left", "right"),
    "assignment_expression": ("right",),
}


def _read_generic(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    name = read_text(node.child_by_field_name("name"))
    arguments = node.child_by_field_name("type_arguments")
    types = arguments.named_children if arguments is not None else []
    if name in _INNER_TYPES and types:
        return read_type(types[0], depth)
    if name in _SEQUENCE_TYPES and types:
        return add_step(read_type(types[0], depth), "{}") or (LITERAL,)
    if name in _MAPPING_TYPES and types:
        return add_step(read_type(types[-1], depth), "{:}") or (LITERAL,)
    return (f"{name}.@",)
