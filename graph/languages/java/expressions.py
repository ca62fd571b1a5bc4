"""Java's expressions and types as the dotted strings of `graph.facts`."""

from __future__ import annotations

import tree_sitter

from graph.facts import FUNCTION_ARGUMENT, LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, Shapes, add_step
from graph.languages.language import words

_PRIMITIVES = words("integral_type floating_point_type boolean_type void_type")
_SEQUENCE_TYPES = words(
    "List Set Collection Iterable Iterator ListIterator Stream Queue Deque ArrayList LinkedList HashSet",
    "LinkedHashSet TreeSet SortedSet ArrayDeque PriorityQueue Vector Stack Optional CopyOnWriteArrayList",
    "NavigableSet BlockingQueue Enumeration ImmutableList ImmutableSet",
)
_MAPPING_TYPES = words(
    "Map HashMap LinkedHashMap TreeMap SortedMap ConcurrentMap ConcurrentHashMap NavigableMap EnumMap WeakHashMap",
    "IdentityHashMap ImmutableMap",
)
_INNER_TYPES = words("Future CompletableFuture Supplier ThreadLocal AtomicReference WeakReference SoftReference")


_LITERAL_TYPES = {
    "string_literal": "String",
    "character_literal": "char",
    "decimal_integer_literal": "int",
    "decimal_floating_point_literal": "double",
    "true": "boolean",
    "false": "boolean",
    "class_literal": "Class",
}


def read_type(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return what a value of this type is."""
    if node is None or depth > MAX_DEPTH or read_text(node) == "var":
        return ()
    if node.type in _PRIMITIVES:
        return () if node.type == "void_type" else (f"{read_text(node)}.@",)
    if node.type == "array_type":
        return add_step(read_type(node.child_by_field_name("element"), depth + 1), "{}") or (LITERAL,)
    if node.type == "generic_type":
        return _read_generic(node, depth + 1)
    if node.type == "annotated_type":
        return read_type(node.named_children[-1], depth + 1)
    if node.type == "wildcard":
        return read_type(node.named_children[-1], depth + 1) if node.named_children else ()
    name = name_type(node, depth)
    return () if name == UNKNOWN else (f"{name}.@",)


def name_type(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return the type itself that a type's node names, without its arguments and annotations."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    if node.type == "type_identifier":
        return read_text(node)
    if node.type == "scoped_type_identifier":
        parts = [child for child in node.named_children if "annotation" not in child.type]
        return ".".join(name_type(part, depth + 1) for part in parts)
    return name_type(first_named(node), depth + 1) if node.type == "generic_type" else UNKNOWN


def _read_generic(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    name = name_type(node)
    short = name.rpartition(".")[2]
    arguments = node.named_children[-1].named_children
    if short in _SEQUENCE_TYPES:
        return add_step(read_type(arguments[0], depth), "{}") if arguments else ()
    if short in _MAPPING_TYPES:
        return add_step(read_type(arguments[-1], depth), "{:}") if arguments else ()
    return (f"{name}.@",)


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is."""
    return SHAPES.read_expression(node, depth)


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    return SHAPES.read_values(node, depth)


def read_callee(node: tree_sitter.Node, depth: int = 0) -> Expression:
    """Return what a method_invocation calls."""
    name = read_text(node.child_by_field_name("name"))
    if any(child.type == "super" for child in node.children):
        return f"super.{name}"
    receiver = node.child_by_field_name("object")
    return f"{read_expression(receiver, depth)}.{name}" if receiver is not None else f"{name}()"


def read_given(node: tree_sitter.Node) -> Expression:
    """Return what an argument is, as far as it tells overloads apart: also a literal's type."""
    if node.type in _LITERAL_TYPES:
        return f"{_LITERAL_TYPES[node.type]}.@"
    if node.type in {"lambda_expression", "method_reference"}:
        return FUNCTION_ARGUMENT
    if node.type == "unary_expression":
        return read_given(node.named_children[-1])
    if node.type == "binary_expression":
        return "String.@" if "string_literal" in {child.type for child in node.named_children} else UNKNOWN
    return next(iter(read_values(node)), UNKNOWN)


def _read_field(node: tree_sitter.Node, depth: int) -> Expression:
    owner = read_expression(node.child_by_field_name("object"), depth)
    name = read_text(node.child_by_field_name("field"))
    return f"{owner}.@" if name == "this" else f"{owner}.{name}"


def _read_new(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_created(node, depth)}.()"


def read_created(node: tree_sitter.Node, depth: int = 0) -> Expression:
    """Return the class that an object_creation_expression makes an instance of."""
    kind = node.child_by_field_name("type")
    outer = first_named(node)
    if outer is not None and kind is not None and outer.id != kind.id and "annotation" not in outer.type:
        return f"{read_expression(outer, depth)}.{name_type(kind)}"
    return name_type(kind)


def _new_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    kind = node.child_by_field_name("type")
    if kind is not None and kind.type == "generic_type":
        short = name_type(kind).rpartition(".")[2]
        if short in _SEQUENCE_TYPES | _MAPPING_TYPES:
            return _read_generic(kind, depth)
    expression = _read_new(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


def _read_cast(node: tree_sitter.Node, depth: int) -> Expression:
    types = read_type(node.child_by_field_name("type"), depth)
    return types[0] if types else UNKNOWN


SHAPES = Shapes(
    names=words("identifier this super type_identifier"),
    literals=words(
        "string_literal character_literal decimal_integer_literal hex_integer_literal octal_integer_literal",
        "binary_integer_literal decimal_floating_point_literal hex_floating_point_literal true false null_literal",
        "binary_expression unary_expression instanceof_expression class_literal lambda_expression",
        "method_reference array_initializer update_expression",
    ),
    inner=words("parenthesized_expression"),
    steps={"array_access": ("array", "[]")},
    choices={
        "ternary_expression": ("consequence", "alternative"),
        "assignment_expression": ("right",),
    },
    readers={
        "method_invocation": lambda node, depth: f"{read_callee(node, depth)}.()",
        "object_creation_expression": _read_new,
        "field_access": _read_field,
        "cast_expression": _read_cast,
        "array_creation_expression": lambda node, depth: f"{_read_cast(node, depth)}.{{}}",
        "ternary_expression": lambda node, depth: read_expression(node.child_by_field_name("consequence"), depth),
    },
    values={"object_creation_expression": _new_values},
)
