"""The expressions, names and types of C and C++ as the dotted strings of `graph.facts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.language import words

MAX_DEPTH = 64
_NAMES = words(
    "identifier field_identifier type_identifier namespace_identifier this destructor_name operator_name"
)
_LITERALS = words(
    "number_literal string_literal char_literal concatenated_string raw_string_literal true false null nullptr",
    "sizeof_expression unary_expression update_expression binary_expression",
)
_CASTS = words("static_cast dynamic_cast reinterpret_cast const_cast static_pointer_cast down_cast")
_MAKERS = words("make_unique make_shared")
_PASSED_ON = words("move forward ref cref addressof")
_POINTERS = words("unique_ptr shared_ptr weak_ptr optional atomic reference_wrapper scoped_refptr")
_SEQUENCES = words("vector list deque set unordered_set multiset array queue stack priority_queue span")
_MAPPINGS = words("map unordered_map multimap unordered_multimap")
_STANDARD = "std."


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
    if node.type == "conditional_expression":
        fields = (node.child_by_field_name(field) for field in ("consequence", "alternative"))
        return tuple(value for field in fields for value in read_values(field, depth + 1))
    if node.type == "parenthesized_expression":
        return read_values(first_named(node), depth + 1)
    if node.type == "assignment_expression":
        return read_values(node.child_by_field_name("right"), depth + 1)
    if node.type == "cast_expression":
        return read_type(node.child_by_field_name("type"), depth + 1)
    expression = read_expression(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


def read_type(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return what a declared type's values are. A name that is not of the project leads outside of it."""
    if node is None or depth > MAX_DEPTH or node.type == "placeholder_type_specifier":
        return ()
    if node.type == "type_descriptor":
        return read_type(node.child_by_field_name("type"), depth + 1)
    if node.type.endswith("_specifier"):
        name = read_text(node.child_by_field_name("name"))
        return (f"{name}.@", LITERAL) if name else ()
    name = read_name(node)
    arguments = _template_arguments(node)
    short = name.rpartition(".")[2]
    if arguments and short in _POINTERS:
        return read_type(arguments[0], depth + 1)
    if arguments and short in _SEQUENCES:
        return add_step(read_type(arguments[0], depth + 1), "{}")
    if arguments and short in _MAPPINGS:
        return add_step(read_type(arguments[-1], depth + 1), "{:}")
    return (f"{name}.@", LITERAL) if name and not name.startswith(_STANDARD) else (LITERAL,)


def read_name(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return a name with its scopes, without template arguments; empty for what is no name."""
    if node is None or depth > MAX_DEPTH:
        return ""
    if node.type == "qualified_identifier":
        scope = node.child_by_field_name("scope")
        name = read_name(node.child_by_field_name("name"), depth + 1)
        outer = read_name(scope, depth + 1)
        return f"{outer}.{name}" if scope is not None else f"::{name}"
    if node.type in {"template_type", "template_function", "template_method"}:
        return read_name(node.child_by_field_name("name"), depth + 1)
    if node.type == "dependent_name":
        return read_name(first_named(node), depth + 1)
    if node.type in {"operator_name", "operator_cast", "destructor_name"}:
        return "".join(read_text(node).partition("(")[0].split()) or "operator()"
    return read_text(node) if node.type in _NAMES else ""


def add_step(values: tuple[Expression, ...], step: str) -> tuple[Expression, ...]:
    """Return the values, each one step further."""
    return tuple(f"{value}.{step}" for value in values)


def read_callee(call: tree_sitter.Node, depth: int = 0) -> Expression:
    """Return what a call calls: for `make_unique<T>()` the class, for a cast nothing."""
    function = call.child_by_field_name("function")
    name = read_name(function)
    short = name.rpartition(".")[2]
    arguments = _template_arguments(function)
    if arguments and short in _CASTS:
        return UNKNOWN
    if arguments and short in _MAKERS:
        return _class_of(arguments[0])
    return name or read_expression(function, depth + 1)


def count_arguments(node: tree_sitter.Node | None) -> int:
    """Return how many arguments a list holds, -1 without a list."""
    return len([child for child in node.named_children if child.type != "comment"]) if node is not None else -1


def _class_of(node: tree_sitter.Node | None) -> Expression:
    types = read_type(node)
    return types[0].removesuffix(".@") if types and types[0].endswith(".@") else UNKNOWN


def _template_arguments(node: tree_sitter.Node | None) -> list[tree_sitter.Node]:
    while node is not None and node.type in {"qualified_identifier", "dependent_name"}:
        node = node.child_by_field_name("name") or first_named(node)
    arguments = node.child_by_field_name("arguments") if node is not None else None
    is_template = node is not None and node.type.startswith("template_")
    return arguments.named_children if is_template and arguments is not None else []


def _read_qualified(node: tree_sitter.Node, depth: int) -> Expression:
    return read_name(node, depth) or UNKNOWN


def _read_field(node: tree_sitter.Node, depth: int) -> Expression:
    field = read_name(node.child_by_field_name("field")).rpartition(".")[2]
    return f"{read_expression(node.child_by_field_name('argument'), depth)}.{field}" if field else UNKNOWN


def _read_call(node: tree_sitter.Node, depth: int) -> Expression:
    function = node.child_by_field_name("function")
    short = read_name(function).rpartition(".")[2]
    arguments = _template_arguments(function)
    if arguments and short in _CASTS:
        types = read_type(arguments[0], depth)
        return types[0] if types else UNKNOWN
    if short in _PASSED_ON:
        return read_expression(first_named(node.child_by_field_name("arguments")), depth)
    return f"{read_callee(node, depth)}.()"


def _read_new(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_name(node.child_by_field_name('type'), depth) or UNKNOWN}.()"


def _read_subscript(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_expression(node.child_by_field_name('argument'), depth)}.[]"


def _read_inner(node: tree_sitter.Node, depth: int) -> Expression:
    return read_expression(node.child_by_field_name("argument") or first_named(node), depth)


def _read_cast(node: tree_sitter.Node, depth: int) -> Expression:
    types = read_type(node.child_by_field_name("type"), depth)
    return types[0] if types else UNKNOWN


_READERS: Mapping[str, Callable[[tree_sitter.Node, int], Expression]] = {
    "qualified_identifier": _read_qualified,
    "template_function": _read_qualified,
    "field_expression": _read_field,
    "call_expression": _read_call,
    "new_expression": _read_new,
    "compound_literal_expression": _read_new,
    "subscript_expression": _read_subscript,
    "pointer_expression": _read_inner,
    "parenthesized_expression": _read_inner,
    "cast_expression": _read_cast,
}
