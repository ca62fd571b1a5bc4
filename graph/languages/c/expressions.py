"""The expressions, names and types of C and C++ as the dotted strings of `graph.facts`."""

from __future__ import annotations

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, Shapes, add_step
from graph.languages.language import words

_NAMES = words(
    "identifier field_identifier type_identifier namespace_identifier this destructor_name operator_name"
)
_CASTS = words("static_cast dynamic_cast reinterpret_cast const_cast static_pointer_cast down_cast")
_MAKERS = words("make_unique make_shared")
_PASSED_ON = words("move forward ref cref addressof")
_POINTERS = words("unique_ptr shared_ptr weak_ptr optional atomic reference_wrapper scoped_refptr")
_SEQUENCES = words("vector list deque set unordered_set multiset array queue stack priority_queue span")
_MAPPINGS = words("map unordered_map multimap unordered_multimap")
_STANDARD = "std."


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is."""
    return SHAPES.read_expression(node, depth)


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    return SHAPES.read_values(node, depth)


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


def _read_cast(node: tree_sitter.Node, depth: int) -> Expression:
    types = read_type(node.child_by_field_name("type"), depth)
    return types[0] if types else UNKNOWN


SHAPES = Shapes(
    names=_NAMES,
    literals=words(
        "number_literal string_literal char_literal concatenated_string raw_string_literal true false null",
        "nullptr sizeof_expression unary_expression update_expression binary_expression",
    ),
    inner=words("parenthesized_expression"),
    steps={"subscript_expression": ("argument", "[]")},
    choices={"conditional_expression": ("consequence", "alternative"), "assignment_expression": ("right",)},
    readers={
        "qualified_identifier": _read_qualified,
        "template_function": _read_qualified,
        "field_expression": _read_field,
        "call_expression": _read_call,
        "new_expression": _read_new,
        "compound_literal_expression": _read_new,
        "pointer_expression": lambda node, depth: read_expression(node.child_by_field_name("argument"), depth),
        "cast_expression": _read_cast,
    },
    values={"cast_expression": lambda node, depth: read_type(node.child_by_field_name("type"), depth)},
)
