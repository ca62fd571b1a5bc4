"""Finds what a PHP file defines; a qualified name begins with the namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tree_sitter

from graph.facts import Expression, Parameter
from graph.languages.builder import Draft, flatten, read_text
from graph.languages.language import Captures, words
from graph.languages.php.expressions import Reader
from graph.languages.php.names import Names

CLASS_KINDS = words("class interface trait enum")
_AROUND = words(
    "class_declaration interface_declaration trait_declaration enum_declaration function_definition",
    "method_declaration anonymous_class",
)
_MODIFIERS = {"static_modifier": "static", "abstract_modifier": "abstract"}


def draft_definitions(captures: Captures, source: bytes, names: Names, reader: Reader) -> Iterator[Draft]:
    """Yield every definition of a file."""
    docs = _read_docstrings(captures)
    for kind in CLASS_KINDS:
        for node in captures.get(kind, ()):
            body = node.child_by_field_name("body")
            yield Draft(
                *(kind, _name_of(node), node, body or node, _signature(node, body, source), _doc(docs, node)),
                modifiers=_read_modifiers(node),
                bases=tuple(_read_bases(node, body, names)),
                qualified_name=_qualify(node, names),
            )
    for node in captures.get("function", ()):
        body = node.child_by_field_name("body")
        yield Draft(
            *("function", _name_of(node), node, node, _signature(node, body, source), _doc(docs, node)),
            modifiers=_read_modifiers(node),
            parameters=read_parameters(node, reader),
            returns=reader.read_type(node.child_by_field_name("return_type")),
            qualified_name=_qualify(node, names),
        )


def read_parameters(node: tree_sitter.Node, reader: Reader) -> tuple[Parameter, ...]:
    """Return the parameters of a function or closure and what they may be."""
    parameters = node.child_by_field_name("parameters")
    found = []
    for child in parameters.named_children if parameters is not None else ():
        types = reader.read_type(child.child_by_field_name("type"))
        if child.type == "variadic_parameter":
            types = tuple(f"{value}.{{}}" for value in types)
        if child.child_by_field_name("name") is not None:
            found.append(Parameter(read_text(child.child_by_field_name("name")), types))
    return tuple(found)


def _name_of(node: tree_sitter.Node) -> str:
    return "anonymous" if node.type == "anonymous_class" else read_text(node.child_by_field_name("name"))


def _qualify(node: tree_sitter.Node, names: Names) -> str:
    """Return the name with its namespace; what is inside another definition belongs to that."""
    parent = node.parent
    while parent is not None:
        if parent.type in _AROUND:
            return ""
        parent = parent.parent
    namespace = names.namespace_at(node.start_byte).replace("\\", ".")
    return f"{namespace}.{_name_of(node)}" if namespace else ""


def _read_modifiers(node: tree_sitter.Node) -> tuple[str, ...]:
    found = {word for child in node.children if (word := _MODIFIERS.get(child.type, ""))}
    return tuple(sorted(found | ({"assigned"} if node.type == "anonymous_class" else set())))


def _read_bases(node: tree_sitter.Node, body: tree_sitter.Node | None, names: Names) -> Iterator[Expression]:
    """Yield traits first: their methods hide those of the parent class."""
    used = [child for child in body.named_children if child.type == "use_declaration"] if body is not None else []
    clauses = [child for child in node.named_children if child.type in {"base_clause", "class_interface_clause"}]
    for child in (name for clause in (*used, *clauses) for name in clause.named_children):
        if child.type in {"name", "qualified_name", "relative_name"}:
            yield names.read_class(child)


def _signature(node: tree_sitter.Node, body: tree_sitter.Node | None, source: bytes) -> str:
    end = body.start_byte if body is not None else node.end_byte
    return flatten(source[node.start_byte : end].decode("utf-8", "replace")).rstrip(" {;")


def _doc(docs: Mapping[int, str], node: tree_sitter.Node) -> str:
    return docs.get(node.start_point.row - 1, "")


def _read_docstrings(captures: Captures) -> Mapping[int, str]:
    comments = (comment for comment in captures.get("comment", ()) if read_text(comment).startswith("/**"))
    return {comment.end_point.row: _clean(read_text(comment)) for comment in comments}


def _clean(text: str) -> str:
    lines = (line.strip().removeprefix("*").strip() for line in text[3:].removesuffix("*/").split("\n"))
    return "\n".join(lines).strip()
