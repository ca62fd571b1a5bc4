"""Go's expressions and types as the dotted strings of `graph.facts`."""

from __future__ import annotations

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, Shapes, add_step
from graph.languages.language import words

_BASIC_TYPES = words(
    "bool string int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune float32 float64",
    "complex64 complex128 error any comparable",
)
_WRAPPED_TYPES = words("pointer_type parenthesized_type type_constraint type_elem negated_type generic_type")
_SEQUENCE_TYPES = words("slice_type array_type implicit_length_array_type channel_type")


def read_type(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return what a value of this type is."""
    if node is None or depth > MAX_DEPTH:
        return ()
    if node.type == "type_identifier":
        return (LITERAL,) if read_text(node) in _BASIC_TYPES else (f"{read_text(node)}.@",)
    if node.type == "qualified_type":
        return (f"{name_type(node)}.@",)
    if node.type in _WRAPPED_TYPES:
        return read_type(node.child_by_field_name("type") or first_named(node), depth + 1)
    if node.type in _SEQUENCE_TYPES:
        element = node.child_by_field_name("element") or node.child_by_field_name("value")
        return add_step(read_type(element, depth + 1), "{}") or (LITERAL,)
    if node.type == "map_type":
        return add_step(read_type(node.child_by_field_name("value"), depth + 1), "{:}") or (LITERAL,)
    return ()


def name_type(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return the type itself that a type's node names, without pointers and type arguments."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    if node.type == "qualified_type":
        return ".".join(read_text(child) for child in node.named_children)
    if node.type in _WRAPPED_TYPES:
        return name_type(node.child_by_field_name("type") or first_named(node), depth + 1)
    return read_text(node) if node.type == "type_identifier" else UNKNOWN


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is."""
    return SHAPES.read_expression(node, depth)


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    return SHAPES.read_values(node, depth)


def _first(values: tuple[Expression, ...]) -> Expression:
    return values[0] if values else UNKNOWN


def _read_unary(node: tree_sitter.Node, depth: int) -> Expression:
    operator = read_text(node.child_by_field_name("operator"))
    operand = node.child_by_field_name("operand")
    if operator in {"&", "*"}:
        return read_expression(operand, depth)
    return f"{read_expression(operand, depth)}.[]" if operator == "<-" else LITERAL


def _unary_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    if read_text(node.child_by_field_name("operator")) == "&":
        return read_values(node.child_by_field_name("operand"), depth)
    expression = _read_unary(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


def _composite_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    kind = node.child_by_field_name("type")
    name = name_type(kind, depth)
    return read_type(kind, depth) if name == UNKNOWN else (f"{name}.()",)


def _call_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    children = arguments.named_children if arguments is not None else []
    name = read_text(function) if function is not None and function.type == "identifier" else ""
    if name in {"new", "make"} and children:
        return read_type(children[0], depth) or read_type_of_name(children[0])
    if name == "append" and children:
        added = (value for child in children[1:] for value in read_values(child, depth))
        return read_values(children[0], depth) + add_step(tuple(added), "{}")
    expression = f"{read_expression(function, depth)}.()"
    return () if expression.startswith(UNKNOWN) else (expression,)


def _read_conversion(node: tree_sitter.Node, depth: int) -> Expression:
    """Read `Kind(value)`, and the call `first[int](value)` that looks like it."""
    kind = node.child_by_field_name("type")
    if kind is not None and kind.type == "generic_type":
        return f"{name_type(kind, depth)}.()"
    return _first(read_type(kind, depth))


def read_type_of_name(node: tree_sitter.Node) -> tuple[Expression, ...]:
    """Return an instance of the type that an expression names: `new(T)`."""
    expression = read_expression(node)
    return () if expression.startswith(UNKNOWN) else (f"{expression}.@",)


SHAPES = Shapes(
    names=words("identifier package_identifier"),
    literals=words(
        "interpreted_string_literal raw_string_literal int_literal float_literal imaginary_literal rune_literal",
        "true false nil binary_expression func_literal",
    ),
    inner=words("parenthesized_expression literal_element"),
    members={"selector_expression": ("operand", "field")},
    steps={
        "call_expression": ("function", "()"),
        "index_expression": ("operand", "[]"),
        "type_instantiation_expression": ("type", "[]"),
    },
    readers={
        "unary_expression": _read_unary,
        "composite_literal": lambda node, depth: _first(_composite_values(node, depth)),
        "type_assertion_expression": lambda node, depth: _first(
            read_type(node.child_by_field_name("type"), depth)
        ),
        "type_conversion_expression": _read_conversion,
        "slice_expression": lambda node, depth: read_expression(node.child_by_field_name("operand"), depth),
    },
    values={
        "unary_expression": _unary_values,
        "composite_literal": _composite_values,
        "call_expression": _call_values,
    },
)
