"""What a declaration of C or C++ declares: names out of nested declarators, parameters, comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import tree_sitter

from graph.facts import Expression, Parameter
from graph.languages.builder import read_text
from graph.languages.c.expressions import read_name, read_type
from graph.languages.expressions import add_step
from graph.languages.language import Captures

_WRAPPERS = frozenset(
    {"pointer_declarator", "reference_declarator", "parenthesized_declarator", "array_declarator"}
    | {"init_declarator", "attributed_declarator", "variadic_declarator"}
)


@dataclass(frozen=True, slots=True)
class Declared:
    """One declarator taken apart. `function` is there if it declares a function, `value` if it is initialised."""

    name: Expression
    node: tree_sitter.Node
    function: tree_sitter.Node | None = None
    value: tree_sitter.Node | None = None
    is_indirect: bool = False
    is_array: bool = False

    def types(self, declared: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """Return what the name may be if its declaration names these types."""
        return add_step(declared, "{}") if self.is_array else declared


def read_declarator(node: tree_sitter.Node | None) -> Declared | None:
    """Return what a declarator declares, None if it has no name."""
    function = value = None
    indirect = array = False
    while node is not None and (node.type in _WRAPPERS or node.type == "function_declarator"):
        if node.type == "function_declarator":
            function = node
        elif node.type == "init_declarator":
            value = node.child_by_field_name("value")
        elif node.type != "parenthesized_declarator":
            array = array or node.type == "array_declarator"
            indirect = True
            if function is not None:  # `void (*name)(int)` is a pointer
                function = None
        node = node.child_by_field_name("declarator") or _inner_declarator(node)
    name = read_name(node)
    if node is None or not name:
        return None
    return Declared(name, node, function, value, indirect, array)


def read_declared(declaration: tree_sitter.Node) -> Iterator[Declared]:
    """Yield everything that a declaration, field or parameter declares."""
    for child in declaration.children_by_field_name("declarator"):
        declared = read_declarator(child)
        if declared is not None:
            yield declared


def read_parameters(function: tree_sitter.Node | None) -> tuple[Parameter, ...]:
    """Return the parameters of a function declarator or lambda; unnamed ones are counted by an empty name."""
    parameters = function.child_by_field_name("parameters") if function is not None else None
    found = []
    for child in parameters.named_children if parameters is not None else ():
        if child.type.endswith("parameter_declaration") and read_text(child) != "void":
            types = read_type(child.child_by_field_name("type"))
            declared = next(read_declared(child), None)
            found.append(Parameter(declared.name, declared.types(types)) if declared else Parameter("", types))
    return tuple(found)


def has_word(node: tree_sitter.Node, word: str) -> bool:
    """Whether a declaration carries a specifier such as `static`."""
    return any(child.type == "storage_class_specifier" and read_text(child) == word for child in node.children)


def read_comments(captures: Captures) -> Mapping[int, str]:
    """Return each comment by the row it ends on; lines of `//` that follow each other are one."""
    found: dict[int, str] = {}
    for comment in captures.get("comment", ()):
        text = read_text(comment)
        above = found.pop(comment.start_point.row - 1, "") if text.startswith("//") else ""
        found[comment.end_point.row] = f"{above}\n{_clean(text)}".strip()
    return found


def _inner_declarator(node: tree_sitter.Node) -> tree_sitter.Node | None:
    inner = (child for child in node.named_children if child.type.endswith(("declarator", "identifier", "_name")))
    return next(inner, None)


def _clean(text: str) -> str:
    if text.startswith("//"):
        return text.lstrip("/!").strip()
    lines = (line.strip().removeprefix("*").strip() for line in text.strip("/").strip("*!").split("\n"))
    return "\n".join(lines).strip()
