"""Python's expressions and annotations as the dotted strings of `graph.facts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.language import words

MAX_DEPTH = 64

LITERALS = words(
    "string concatenated_string integer float true false list tuple set dictionary list_comprehension",
    "set_comprehension dictionary_comprehension generator_expression comparison_operator not_operator",
)
SEQUENCES = words("list tuple set expression_list")
COMPREHENSIONS = words("list_comprehension set_comprehension generator_expression")
PASS_THROUGH = words("list tuple set frozenset sorted reversed iter")

_BUILTIN_TYPES = words("str int float bool bytes bytearray complex memoryview list tuple set dict frozenset")
_UNSAID_TYPES = words("None Any object Callable Self NoReturn Never Literal TypeVar")
_INNER_TYPES = words("Optional Annotated Final ClassVar Awaitable Required NotRequired ReadOnly Union")
_SEQUENCE_TYPES = words(
    "list List set Set frozenset FrozenSet tuple Tuple Sequence MutableSequence Iterable Iterator",
    "Collection deque Deque Generator AsyncIterator AsyncIterable AsyncGenerator AbstractSet KeysView",
    "ValuesView",
)
_MAPPING_TYPES = words("dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict ChainMap")
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def read_expression(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return what this expression is, followed as far as names, attributes, calls and subscripts go."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    if node.type == "identifier":
        return read_text(node)
    if node.type in LITERALS:
        return LITERAL
    reader = _READERS.get(node.type)
    return reader(node, depth + 1) if reader else UNKNOWN


def read_values(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return every expression whose value this one may have."""
    if node is None or depth > MAX_DEPTH:
        return ()
    reader = _VALUE_READERS.get(node.type)
    if reader:
        return reader(node, depth + 1)
    expression = read_expression(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


def read_annotation(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
    """Return the types that an annotation allows, as instances."""
    if node is None or depth > MAX_DEPTH:
        return ()
    if node.type in {"type", "parenthesized_expression"}:
        return read_annotation(first_named(node), depth + 1)
    if node.type in {"identifier", "attribute"}:
        return _instances_of(read_expression(node))
    if node.type in {"binary_operator", "union_type"}:
        return tuple(value for child in node.named_children for value in read_annotation(child, depth + 1))
    if node.type == "string":
        return _read_quoted(read_text(node))
    if node.type in {"generic_type", "subscript"}:
        return _read_generic(node, depth + 1)
    return ()


def add_step(values: tuple[Expression, ...], step: str) -> tuple[Expression, ...]:
    """Return the values, each one step further."""
    return tuple(f"{value}.{step}" for value in values)


def _read_attribute(node: tree_sitter.Node, depth: int) -> Expression:
    owner = read_expression(node.child_by_field_name("object"), depth)
    return f"{owner}.{read_text(node.child_by_field_name('attribute'))}"


def _read_call(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_expression(node.child_by_field_name('function'), depth)}.()"


def _read_subscript(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_expression(node.child_by_field_name('value'), depth)}.[]"


def _read_inner(node: tree_sitter.Node, depth: int) -> Expression:
    return read_expression(first_named(node), depth)


_READERS: Mapping[str, Callable[[tree_sitter.Node, int], Expression]] = {
    "attribute": _read_attribute,
    "call": _read_call,
    "subscript": _read_subscript,
    "parenthesized_expression": _read_inner,
    "await": _read_inner,
}


def _all_of(nodes: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
    return tuple(value for node in nodes for value in read_values(node, depth))


def _conditional_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    children = node.named_children
    return _all_of(children[:1] + children[2:], depth)


def _either_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    return _all_of(node.named_children, depth)


def _inner_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    return read_values(first_named(node), depth)


def _named_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    return read_values(node.child_by_field_name("value"), depth)


def _sequence_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    return add_step(_all_of(node.named_children, depth), "{}") or (LITERAL,)


def _mapping_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    values = [child.child_by_field_name("value") for child in node.named_children if child.type == "pair"]
    return add_step(_all_of([value for value in values if value], depth), "{:}") or (LITERAL,)


def _comprehension_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    return add_step(read_values(node.child_by_field_name("body"), depth), "{}") or (LITERAL,)


def _call_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    function = read_text(node.child_by_field_name("function"))
    arguments = node.child_by_field_name("arguments")
    if function in PASS_THROUGH and arguments is not None and arguments.named_child_count:
        return read_values(first_named(arguments), depth)
    expression = read_expression(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


_VALUE_READERS: Mapping[str, Callable[[tree_sitter.Node, int], tuple[Expression, ...]]] = {
    "conditional_expression": _conditional_values,
    "boolean_operator": _either_values,
    "parenthesized_expression": _inner_values,
    "await": _inner_values,
    "named_expression": _named_values,
    "dictionary": _mapping_values,
    "call": _call_values,
    **dict.fromkeys(SEQUENCES, _sequence_values),
    **dict.fromkeys(COMPREHENSIONS, _comprehension_values),
}


def _instances_of(name: Expression) -> tuple[Expression, ...]:
    short = name.rpartition(".")[2]
    if short in _UNSAID_TYPES or name.startswith(UNKNOWN):
        return (f"{name}.@",) if short == "Self" else ()
    return (LITERAL,) if name in _BUILTIN_TYPES else (f"{name}.@",)


def _read_quoted(text: str) -> tuple[Expression, ...]:
    inner = text.strip("rbuRBU\"'")
    parts = [part.strip() for part in inner.split("|")]
    return tuple(value for part in parts if _DOTTED.fullmatch(part) for value in _instances_of(part))


def _read_generic(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    name = read_expression(first_named(node))
    arguments = _type_arguments(node)
    short = name.rpartition(".")[2]
    if short in _INNER_TYPES:
        return tuple(value for argument in arguments for value in read_annotation(argument, depth))
    if short in _SEQUENCE_TYPES and arguments:
        return add_step(read_annotation(arguments[0], depth), "{}") or (LITERAL,)
    if short in _MAPPING_TYPES and arguments:
        return add_step(read_annotation(arguments[-1], depth), "{:}") or (LITERAL,)
    if short in {"type", "Type"} and arguments:
        return tuple(value.removesuffix(".@") for value in read_annotation(arguments[0], depth))
    if short == "Coroutine" and arguments:
        return read_annotation(arguments[-1], depth)
    return _instances_of(name)


def _type_arguments(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    if node.type == "subscript":
        return node.children_by_field_name("subscript")
    return node.named_children[1].named_children if node.named_child_count > 1 else []
