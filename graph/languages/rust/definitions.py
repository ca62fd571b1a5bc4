"""Finds what a Rust file defines."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from graph.facts import UNKNOWN, Expression, Parameter
from graph.languages.builder import Draft, first_named, read_text
from graph.languages.comments import read_comment, read_signature
from graph.languages.language import Captures
from graph.languages.rust.expressions import name_type, read_type

CLASS_KINDS = frozenset({"struct", "union", "enum", "trait", "type"})
_DOCS = ("///", "/**")
_ATTRIBUTES = frozenset({"attribute_item"})


def draft_definitions(captures: Captures, source: bytes) -> Iterator[Draft]:
    """Yield every definition of a file, inline modules too."""
    for node in captures.get("module", ()):
        body = node.child_by_field_name("body")
        if body is not None:
            yield _draft(node, body, source, kind="module")
    for node in captures.get("class", ()):
        body = node.child_by_field_name("body")
        kind = node.type.removesuffix("_item")
        yield _draft(node, body or node, source, kind=kind, bases=tuple(_read_bases(node)))
    for node in captures.get("function", ()):
        yield _draft_function(node, source)


def bound_identifiers(pattern: tree_sitter.Node | None, depth: int = 0) -> list[tree_sitter.Node]:
    """Return the nodes of the names that a pattern binds."""
    if pattern is None or depth > 32:
        return []
    if pattern.type in {"identifier", "shorthand_field_identifier"}:
        return [pattern]
    skipped = pattern.child_by_field_name("type")
    children = [child for child in pattern.named_children if skipped is None or child.id != skipped.id]
    return [name for child in children for name in bound_identifiers(child, depth + 1)]


def read_parameters(node: tree_sitter.Node | None) -> Iterator[Parameter]:
    """Yield the parameters of a function or closure, `self` among them."""
    for child in node.named_children if node is not None else ():
        if child.type == "self_parameter":
            yield Parameter("self")
            continue
        pattern = child.child_by_field_name("pattern") or child
        values = read_type(child.child_by_field_name("type"))
        names = bound_identifiers(pattern)
        for name in names:
            yield Parameter(read_text(name), values if len(names) == 1 and pattern.type != "tuple_pattern" else ())


def _owner_of(node: tree_sitter.Node) -> Expression:
    """Return the type whose impl block a function or type is an item of, empty for all others."""
    holder = node.parent.parent if node.parent is not None else None
    is_item = holder is not None and holder.type == "impl_item"
    return name_type(holder.child_by_field_name("type")) if holder is not None and is_item else ""


def _is_of_trait(node: tree_sitter.Node) -> bool:
    holder = node.parent.parent if node.parent is not None else None
    return holder is not None and holder.type == "impl_item" and holder.child_by_field_name("trait") is not None


def _qualify(owner: Expression, name: str) -> str:
    short = owner.rpartition(".")[2]
    return f"{short}.{name}" if owner and owner != UNKNOWN else ""


def _draft(
    node: tree_sitter.Node, body: tree_sitter.Node, source: bytes, *, kind: str, bases: tuple[Expression, ...] = ()
) -> Draft:
    name, owner = read_text(node.child_by_field_name("name")), _owner_of(node)
    return Draft(
        kind=kind,
        name=name,
        outer=node,
        inner=body,
        signature=read_signature(node, body, source),
        docstring=read_comment(node, starts=_DOCS, skipped=_ATTRIBUTES),
        bases=bases,
        qualified_name=_qualify(owner, name),
        owner=owner,
    )


def _read_bases(node: tree_sitter.Node) -> Iterator[Expression]:
    """Yield a trait's supertraits, and the type that an alias stands for."""
    bounds = node.child_by_field_name("bounds")
    children = bounds.named_children if bounds is not None else []
    if node.type == "type_item":
        children = [child for child in (node.child_by_field_name("type"),) if child is not None]
    yield from (name for child in children if not (name := name_type(child)).startswith(UNKNOWN))


def _draft_function(node: tree_sitter.Node, source: bytes) -> Draft:
    name = read_text(node.child_by_field_name("name"))
    parameters = node.child_by_field_name("parameters")
    owner = _owner_of(node)
    first = first_named(parameters)
    modifiers = {
        word for child in node.named_children if child.type == "function_modifiers" for word in _words(child)
    }
    if first is None or first.type != "self_parameter":
        modifiers.add("static")
    if _is_of_trait(node):
        modifiers.add("trait")
    return Draft(
        kind="function",
        name=name,
        outer=node,
        inner=node,
        signature=read_signature(node, node.child_by_field_name("body"), source),
        docstring=read_comment(node, starts=_DOCS, skipped=_ATTRIBUTES),
        modifiers=tuple(sorted(modifiers)),
        parameters=tuple(read_parameters(parameters)),
        returns=read_type(node.child_by_field_name("return_type")),
        qualified_name=_qualify(owner, name),
        owner=owner,
    )


def _words(node: tree_sitter.Node) -> set[str]:
    return set(read_text(node).split()) & {"async", "unsafe", "const"}
