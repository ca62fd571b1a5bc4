"""Python's expressions as the dotted strings of `graph.facts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Argument, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH, add_step
from graph.languages.language import words

DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")

LITERALS = words(
    "string concatenated_string integer float true false list tuple set dictionary list_comprehension",
    "set_comprehension dictionary_comprehension generator_expression comparison_operator not_operator",
)
_PASS_THROUGH = words(
    "list tuple set frozenset sorted reversed iter deque collections.deque copy deepcopy copy.copy copy.deepcopy",
    "partial functools.partial dict",
)
_CASTS = words("cast typing.cast t.cast")
_KEY = re.compile(r"[\w-]{1,40}")
_SLICE = re.compile(r"(\d{0,4}):(\d{0,4})")
_SMALL = re.compile(r"\d{1,4}")


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


def read_arguments(node: tree_sitter.Node | None, depth: int = 0) -> tuple[Argument, ...]:
    """Return the arguments of a call that are more than literals, up to one whose place is not known."""
    if node is None:
        return ()
    found = []
    position = 0
    for child in list_arguments(node):
        if child.type == "keyword_argument":
            name = read_text(child.child_by_field_name("name"))
            found.append(Argument(name, read_values(child.child_by_field_name("value"), depth)))
        elif child.type == "list_splat":
            break
        elif child.type != "dictionary_splat":
            found.append(Argument(str(position), read_values(child, depth)))
            position += 1
    return _keep_known(found)


def list_arguments(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    """Return the nodes of a call's arguments; a generator may stand without parentheses of its own."""
    if node.type != "argument_list":
        return [node]
    return [child for child in node.named_children if child.type != "comment"]


def read_key(node: tree_sitter.Node | None) -> str:
    """Return a small constant as it stands in a step's brackets, empty for anything else."""
    if node is None or node.type not in {"integer", "string"}:
        return ""
    text = read_text(node)
    if node.type == "integer":
        return text if _SMALL.fullmatch(text) else ""
    return f"'{text[1:-1]}'" if _KEY.fullmatch(text[1:-1]) else ""


def _keep_known(arguments: Iterable[Argument]) -> tuple[Argument, ...]:
    return tuple(item for item in arguments if any(value != LITERAL for value in item.values))


def _read_attribute(node: tree_sitter.Node, depth: int) -> Expression:
    text = read_text(node)
    if DOTTED.fullmatch(text):
        return text
    owner = read_expression(node.child_by_field_name("object"), depth)
    return f"{owner}.{read_text(node.child_by_field_name('attribute'))}"


def _read_call(node: tree_sitter.Node, depth: int) -> Expression:
    values = _read_known_call(node, depth)
    if values is not None and len(values) == 1:
        return values[0]
    return f"{read_expression(node.child_by_field_name('function'), depth)}.()"


def _read_subscript(node: tree_sitter.Node, depth: int) -> Expression:
    return f"{read_expression(node.child_by_field_name('value'), depth)}.{_subscript_step(node)}"


def _subscript_step(node: tree_sitter.Node) -> str:
    keys = node.children_by_field_name("subscript")
    if len(keys) != 1:
        return "[]"
    return _slice_step(keys[0]) if keys[0].type == "slice" else f"[{read_key(keys[0])}]"


def _slice_step(node: tree_sitter.Node) -> str:
    """Return the step with the bounds in it, if they are small constants."""
    bounds = _SLICE.fullmatch(read_text(node))
    return f"[{bounds[1]}:{bounds[2]}]" if bounds else "[:]"


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
    found: list[Expression] = []
    is_counted = node.type != "set"
    for position, child in enumerate(node.named_children):
        if child.type == "list_splat":
            is_counted = False
            found += add_step(read_values(first_named(child), depth), "[:]")
        else:
            known = (value for value in read_values(child, depth) if value != LITERAL)
            found += add_step(known, f"{{{position}}}" if is_counted else "{}")
    return tuple(found) or (LITERAL,)


def _mapping_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    found: list[Expression] = []
    for child in node.named_children:
        if child.type == "dictionary_splat":
            found += read_values(first_named(child), depth)
        elif child.type == "pair":
            known = (value for value in read_values(child.child_by_field_name("value"), depth) if value != LITERAL)
            found += add_step(known, f"{{{read_key(child.child_by_field_name('key'))}:}}")
    return tuple(found) or (LITERAL,)


def _comprehension_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    body = node.child_by_field_name("body")
    if body is not None and body.type == "pair":
        return add_step(read_values(body.child_by_field_name("value"), depth), "{:}") or (LITERAL,)
    return add_step(read_values(body, depth), "{}") or (LITERAL,)


def _call_values(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...]:
    known = _read_known_call(node, depth)
    if known is not None:
        return known
    expression = read_expression(node, depth)
    return () if expression.startswith(UNKNOWN) else (expression,)


def _read_known_call(node: tree_sitter.Node, depth: int) -> tuple[Expression, ...] | None:
    """Return what a call of one of Python's own functions gives, None for any other."""
    function = node.child_by_field_name("function")
    if function is None or function.type not in {"identifier", "attribute"}:
        return None
    name = read_text(function)
    reader = _KNOWN_CALLS.get(name)
    arguments = node.child_by_field_name("arguments")
    if reader is None or arguments is None:
        return None
    given = list_arguments(arguments)
    return reader(given, depth) if given and not any(_is_rest(child) for child in given) else None


def _is_rest(node: tree_sitter.Node) -> bool:
    return node.type in {"list_splat", "dictionary_splat"}


def _first(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...] | None:
    return read_values(given[0], depth) if given[0].type != "keyword_argument" else None


def _second(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...] | None:
    return read_values(given[1], depth) if len(given) > 1 else None


def _element(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
    return add_step(read_values(given[0], depth), "<>")


def _mapped(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
    return add_step(add_step(read_values(given[0], depth), "()"), "{}")


def _numbered(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
    return add_step(add_step(_element(given, depth), "{1}"), "{}")


def _zipped(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
    columns = (add_step(_element([child], depth), f"{{{position}}}") for position, child in enumerate(given))
    return tuple(value for column in columns for value in add_step(column, "{}"))


def _class_of(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...] | None:
    return add_step(read_values(given[0], depth), "__class__") if len(given) == 1 else None


def _named_attribute(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...] | None:
    name = _read_name(given[1]) if len(given) > 1 else ""
    default = read_values(given[2], depth) if len(given) > 2 else ()
    if not name.removesuffix("*").isidentifier():
        return default or None
    return add_step(read_values(given[0], depth), name) + default


def _read_name(node: tree_sitter.Node) -> str:
    """Return the attribute's name that a string gives, with a star at its end if only the beginning is known."""
    if node.type == "binary_operator":
        node = node.named_children[0]
        return f"{read_key(node)[1:-1]}*" if node.type == "string" else ""
    parts = node.named_children[1:-1] if node.type == "string" else []
    if not parts or parts[0].type != "string_content":
        return ""
    return read_text(parts[0]) if len(parts) == 1 else f"{read_text(parts[0])}*"


def _cast(given: list[tree_sitter.Node], depth: int) -> tuple[Expression, ...] | None:
    name = read_text(given[0]).strip("\"'")
    return (f"{name}.@",) if DOTTED.fullmatch(name) else _second(given, depth)


_KNOWN_CALLS: Mapping[str, Callable[[list[tree_sitter.Node], int], tuple[Expression, ...] | None]] = {
    **dict.fromkeys(_PASS_THROUGH, _first),
    **dict.fromkeys(_CASTS, _cast),
    "filter": _second,
    "next": _element,
    "map": _mapped,
    "enumerate": _numbered,
    "zip": _zipped,
    "type": _class_of,
    "getattr": _named_attribute,
}

_VALUE_READERS: Mapping[str, Callable[[tree_sitter.Node, int], tuple[Expression, ...]]] = {
    "conditional_expression": _conditional_values,
    "boolean_operator": _either_values,
    "parenthesized_expression": _inner_values,
    "await": _inner_values,
    "named_expression": _named_values,
    "dictionary": _mapping_values,
    "call": _call_values,
    **dict.fromkeys(words("list tuple set expression_list"), _sequence_values),
    **dict.fromkeys(
        words("list_comprehension set_comprehension generator_expression dictionary_comprehension"),
        _comprehension_values,
    ),
}
