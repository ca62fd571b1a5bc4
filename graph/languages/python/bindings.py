"""Everything in a Python file that binds a name or says what a function returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import tree_sitter

from graph.facts import LITERAL, MODULE_SCOPE, UNKNOWN, Expression
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.expressions import add_step
from graph.languages.language import Captures, words
from graph.languages.python.annotations import read_annotation
from graph.languages.python.expressions import list_arguments, read_expression, read_key, read_values
from graph.languages.python.overwriting import drop_overwritten

_PATTERNS = words("pattern_list tuple_pattern list_pattern tuple list")
_DISPLAYS = words("expression_list tuple list")


def named_target(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the name that a lambda is directly assigned to."""
    parent = node.parent
    if parent is None or parent.type != "assignment" or parent.child_by_field_name("right") != node:
        return None
    target = parent.child_by_field_name("left")
    return target if target is not None and target.type == "identifier" else None


class Bindings:
    """Hands the bindings of one file to its builder."""

    def __init__(self, builder: FactsBuilder, captures: Captures, source: bytes) -> None:
        self._source = source
        self._builder = builder
        self._captures = captures
        self._globals = {
            (builder.scope_at(node.start_byte), read_text(name))
            for node in captures.get("global", ())
            for name in node.named_children
        }

    def add_all(self) -> None:
        """Add all bindings."""
        adders: Mapping[str, Callable[[tree_sitter.Node], None]] = {
            "assignment": self._add_assignment,
            "augmented": self._add_augmented,
            "named": self._add_named,
            "iteration": self._add_iteration,
            "with_item": partial(self._add_alias, "with"),
            "except": partial(self._add_alias, "@"),
            "return": self._add_return,
            "yield": self._add_yield,
            "lambda": self._add_lambda,
            "call": self._add_filling,
        }
        for capture, add in adders.items():
            for node in self._captures.get(capture, ()):
                add(node)

    def _add_augmented(self, node: tree_sitter.Node) -> None:
        self._change(node.child_by_field_name("left"), read_values(node.child_by_field_name("right")))

    def _add_named(self, node: tree_sitter.Node) -> None:
        self._bind(node.child_by_field_name("name"), read_values(node.child_by_field_name("value")))

    def _add_iteration(self, node: tree_sitter.Node) -> None:
        values = add_step(read_values(node.child_by_field_name("right")), "<>")
        self._bind(node.child_by_field_name("left"), values)

    def _add_return(self, node: tree_sitter.Node) -> None:
        self._builder.add_returned(node.start_byte, read_values(first_named(node)))

    def _add_assignment(self, node: tree_sitter.Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        while right is not None and right.type == "assignment":
            right = right.child_by_field_name("right")
        annotated = read_annotation(node.child_by_field_name("type"))
        if annotated or right is None:
            self._bind(left, annotated + read_values(right))
        elif left is not None and left.type == "identifier":
            if not (right.type == "lambda" and named_target(right)):
                self._bind(left, drop_overwritten(node, read_values(right), self._source))
        elif left is not None:
            self._bind_to(left, right)

    def _bind_to(self, left: tree_sitter.Node, right: tree_sitter.Node) -> None:
        if left.type not in _PATTERNS or right.type not in _DISPLAYS or _has_splat(right):
            self._bind(left, read_values(right))
            return
        targets, values = left.named_children, right.named_children
        stars = [at for at, target in enumerate(targets) if target.type == "list_splat_pattern"]
        if not stars:
            for target, value in zip(targets, values, strict=False):
                self._bind_to(target, value)
            return
        behind = len(targets) - stars[0] - 1
        rest = values[stars[0] : len(values) - behind]
        for target, value in zip(targets[: stars[0]], values, strict=False):
            self._bind_to(target, value)
        for target, value in zip(targets[stars[0] + 1 :], values[len(values) - behind :], strict=False):
            self._bind_to(target, value)
        items = (add_step(read_values(value), f"{{{at}}}") for at, value in enumerate(rest))
        self._bind(first_named(targets[stars[0]]), tuple(value for item in items for value in item))

    def _bind(self, target: tree_sitter.Node | None, values: tuple[Expression, ...]) -> None:
        if target is None:
            return
        if target.type == "identifier":
            self._assign(target, read_text(target), values)
        elif target.type == "attribute":
            owner = read_expression(target)
            if owner.count(".") == 1 and not owner.startswith(UNKNOWN):
                self._assign(target, owner, values)
        elif target.type == "subscript":
            self._bind_item(target, values)
        elif target.type in _PATTERNS:
            self._unpack(target.named_children, values)

    def _unpack(self, targets: list[tree_sitter.Node], values: tuple[Expression, ...]) -> None:
        is_counted = True
        for position, target in enumerate(targets):
            if target.type == "list_splat_pattern":
                is_counted = False
                self._bind(first_named(target), add_step(values, "[:]"))
            else:
                self._bind(target, add_step(values, f"[{position}]" if is_counted else "[]"))

    def _bind_item(self, target: tree_sitter.Node, values: tuple[Expression, ...]) -> None:
        keys = target.children_by_field_name("subscript")
        key = read_key(keys[0]) if len(keys) == 1 else ""
        if len(keys) == 1 and keys[0].type == "slice":
            self._change(target.child_by_field_name("value"), values)
            return
        known = tuple(value for value in values if value != LITERAL)
        self._change(target.child_by_field_name("value"), add_step(known, f"{{{key}:}}"))

    def _change(self, container: tree_sitter.Node | None, values: Iterable[Expression]) -> None:
        """Keep that a container which is bound elsewhere may also hold what `values` hold."""
        known = tuple(value for value in values if not value.startswith(LITERAL))
        if container is None or not known:
            return
        if container.type == "subscript":
            self._bind_item(container, known)
            return
        name = read_expression(container)
        if container.type in {"identifier", "attribute"} and name.count(".") <= 1 and not name.startswith(UNKNOWN):
            self._builder.add_change(self._builder.scope_at(container.start_byte), name, known)

    def _assign(self, node: tree_sitter.Node, target: Expression, values: tuple[Expression, ...]) -> None:
        origin = self._builder.scope_at(node.start_byte)
        scope = MODULE_SCOPE if (origin, target) in self._globals else origin
        self._builder.add_assignment(scope, target, values, origin=origin)

    def _add_alias(self, step: str, clause: tree_sitter.Node) -> None:
        node = clause.child_by_field_name("value")
        if node is None or node.type != "as_pattern":
            return
        alias = node.child_by_field_name("alias")
        value = first_named(node)
        if value is not None and value.type == "tuple":
            values = tuple(item for child in value.named_children for item in read_values(child))
        else:
            values = read_values(value)
        self._bind(first_named(alias), add_step(values, step))

    def _add_yield(self, node: tree_sitter.Node) -> None:
        value = first_named(node)
        delegated = any(child.type == "from" for child in node.children)
        values = read_values(value)
        self._builder.add_returned(node.start_byte, values if delegated else add_step(values, "{}"))

    def _add_lambda(self, node: tree_sitter.Node) -> None:
        body = node.child_by_field_name("body")
        if named_target(node) is not None and body is not None:
            self._builder.add_returned(body.start_byte, read_values(body))
            return
        parameters = node.child_by_field_name("parameters")
        scope = self._builder.scope_at(node.start_byte)
        for name in _parameter_names(parameters) if parameters else ():
            self._builder.add_assignment(scope, name, ())

    def _add_filling(self, call: tree_sitter.Node) -> None:
        """A call such as `items.append(item)` says what a container may hold."""
        function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        if function is None or function.type != "attribute" or arguments is None:
            return
        filled = _FILLING.get(read_text(function.child_by_field_name("attribute")))
        given = list_arguments(arguments)
        if filled is not None and given:
            self._change(function.child_by_field_name("object"), filled(given))


def _has_splat(node: tree_sitter.Node) -> bool:
    return any(child.type == "list_splat" for child in node.named_children)


def _parameter_names(parameters: tree_sitter.Node) -> Iterable[Expression]:
    for child in parameters.named_children:
        name = child if child.type == "identifier" else child.child_by_field_name("name") or first_named(child)
        if name is not None:
            yield read_text(name)


def _filled_first(given: list[tree_sitter.Node]) -> tuple[Expression, ...]:
    return add_step(read_values(given[0]), "{}")


def _filled_second(given: list[tree_sitter.Node]) -> tuple[Expression, ...]:
    return add_step(read_values(given[1]), "{}") if len(given) > 1 else ()


def _filled_by_key(given: list[tree_sitter.Node]) -> tuple[Expression, ...]:
    return add_step(read_values(given[1]), f"{{{read_key(given[0])}:}}") if len(given) > 1 else ()


def _filled_whole(given: list[tree_sitter.Node]) -> tuple[Expression, ...]:
    return read_values(given[0])


_FILLING: Mapping[str, Callable[[list[tree_sitter.Node]], tuple[Expression, ...]]] = {
    **dict.fromkeys(words("append add appendleft"), _filled_first),
    **dict.fromkeys(words("extend update extendleft"), _filled_whole),
    "insert": _filled_second,
    "setdefault": _filled_by_key,
}
