"""Python's annotations as the dotted strings of `graph.facts`: the instances that they allow."""

from __future__ import annotations

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, add_step
from graph.languages.language import words
from graph.languages.python.expressions import DOTTED, read_expression

_BUILTIN_TYPES = words("str int float bool bytes bytearray complex memoryview list tuple set dict frozenset")
_UNSAID_TYPES = words("None Any object Callable Self NoReturn Never Literal TypeVar")
_INNER_TYPES = words("Optional Annotated Final ClassVar Awaitable Required NotRequired ReadOnly Union")
_SEQUENCE_TYPES = words(
    "list List set Set frozenset FrozenSet tuple Tuple Sequence MutableSequence Iterable Iterator",
    "Collection deque Deque Generator AsyncIterator AsyncIterable AsyncGenerator AbstractSet KeysView",
    "ValuesView",
)
_MAPPING_TYPES = words("dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict ChainMap")


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


def _instances_of(name: Expression) -> tuple[Expression, ...]:
    short = name.rpartition(".")[2]
    if short in _UNSAID_TYPES or name.startswith(UNKNOWN):
        return (f"{name}.@",) if short == "Self" else ()
    return (LITERAL,) if name in _BUILTIN_TYPES else (f"{name}.@",)


def _read_quoted(text: str) -> tuple[Expression, ...]:
    inner = text.strip("rbuRBU\"'")
    parts = [part.strip() for part in inner.split("|")]
    return tuple(value for part in parts if DOTTED.fullmatch(part) for value in _instances_of(part))


def _read_generic(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    name = read_expression(first_named(node))
    arguments = _type_arguments(node)
    short = name.rpartition(".")[2]
    if short in _INNER_TYPES:
        return tuple(value for argument in arguments for value in read_annotation(argument, depth))
    if short in {"tuple", "Tuple"} and len(arguments) > 1 and arguments[-1].type != "ellipsis":
        return _read_tuple(arguments, depth) or (LITERAL,)
    if short in _SEQUENCE_TYPES and arguments:
        return add_step(read_annotation(arguments[0], depth), "{}") or (LITERAL,)
    if short in _MAPPING_TYPES and arguments:
        return add_step(read_annotation(arguments[-1], depth), "{:}") or (LITERAL,)
    if short in {"type", "Type"} and arguments:
        return tuple(value.removesuffix(".@") for value in read_annotation(arguments[0], depth))
    if short == "Coroutine" and arguments:
        return read_annotation(arguments[-1], depth)
    return _instances_of(name)


def _read_tuple(arguments: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
    items = (add_step(read_annotation(item, depth), f"{{{at}}}") for at, item in enumerate(arguments))
    return tuple(value for item in items for value in item if not value.startswith(LITERAL))


def _type_arguments(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    if node.type == "subscript":
        return node.children_by_field_name("subscript")
    return node.named_children[1].named_children if node.named_child_count > 1 else []
