"""Finds what a C or C++ file defines; what it only declares is defined elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tree_sitter

from graph.facts import Expression
from graph.languages.builder import Draft, flatten, read_text
from graph.languages.c.declarations import Declared, has_word, read_comments, read_declared, read_parameters
from graph.languages.c.expressions import read_name, read_type
from graph.languages.language import Captures, words

CLASS_KINDS = words("class struct union enum")
_TEST_MACROS = words("TEST TEST_F TEST_P TYPED_TEST TYPED_TEST_P")
_CLASS_NODES = words("class_specifier struct_specifier union_specifier")


def draft_definitions(captures: Captures, source: bytes) -> Iterator[Draft]:
    """Yield every definition of a file."""
    docs = read_comments(captures)
    for node in captures.get("namespace", ()):
        yield from _draft_namespace(node, source)
    for kind in CLASS_KINDS:
        for node in captures.get(kind, ()):
            yield _draft_class(node, kind, source, docs)
    for node in captures.get("function", ()):
        if not any(child.type == "delete_method_clause" for child in node.named_children):
            yield from _draft_functions(node, source, docs)
    for node in captures.get("field", ()):
        if node.child_by_field_name("default_value") is not None:
            yield from _draft_functions(node, source, docs, modifiers=("abstract",))
    for node in captures.get("macro", ()):
        name = read_text(node.child_by_field_name("name"))
        value = node.child_by_field_name("value")
        yield Draft("macro", name, node, node, _signature(node, value, source), _doc(docs, node))
    yield from _draft_tables(captures, source, docs)


def _draft_namespace(node: tree_sitter.Node, source: bytes) -> Iterator[Draft]:
    body = node.child_by_field_name("body")
    parts = read_text(node.child_by_field_name("name")).replace(" ", "").split("::")
    for part in parts if body is not None else ():
        yield Draft("namespace", part, node, body or node, _signature(node, body, source))


def _draft_class(node: tree_sitter.Node, kind: str, source: bytes, docs: Mapping[int, str]) -> Draft:
    outer = _whole(node)
    body = node.child_by_field_name("body") or node
    name = read_name(node.child_by_field_name("name")) or _typedef_name(node)
    return Draft(
        kind=kind,
        name=name.rpartition(".")[2],
        outer=outer,
        inner=body,
        signature=_signature(outer, body, source),
        docstring=_doc(docs, outer),
        modifiers=(*(("internal",) if _is_unnamed_inside(node) else ()), *(("assigned",) if "." in name else ())),
        bases=tuple(_read_bases(node)),
        qualified_name=name if "." in name else "",
    )


def _draft_functions(
    node: tree_sitter.Node, source: bytes, docs: Mapping[int, str], *, modifiers: tuple[str, ...] = ()
) -> Iterator[Draft]:
    for declared in read_declared(node):
        if declared.function is not None:
            yield _draft_function(node, declared, source, docs, modifiers)


def _draft_function(
    node: tree_sitter.Node, declared: Declared, source: bytes, docs: Mapping[int, str], modifiers: tuple[str, ...]
) -> Draft:
    outer = _whole(node)
    owner, _, name = _read_function_name(node, declared).rpartition(".")
    if owner:
        modifiers += ("assigned",)
    class_name = owner.rpartition(".")[2] if owner else _class_around(node)
    if name == class_name:
        modifiers += ("constructor",)
    if has_word(node, "static"):
        modifiers += ("static" if class_name else "internal",)
    if _is_unnamed_inside(node):
        modifiers += ("internal",)
    return Draft(
        kind="method" if owner else "function",
        name=name,
        outer=outer,
        inner=node,
        signature=_signature(outer, node.child_by_field_name("body"), source),
        docstring=_doc(docs, outer),
        modifiers=tuple(sorted(set(modifiers))),
        parameters=read_parameters(declared.function),
        returns=read_type(_return_type(node, declared)),
        qualified_name=f"{owner}.{name}" if owner else "",
    )


def _read_function_name(node: tree_sitter.Node, declared: Declared) -> Expression:
    """GoogleTest: `TEST_F(Suite, Name) { … }` is a method of its fixture."""
    if declared.name in _TEST_MACROS and node.child_by_field_name("type") is None:
        parameters = declared.function.child_by_field_name("parameters") if declared.function else None
        names = [read_text(child) for child in parameters.named_children] if parameters else []
        if len(names) == 2 and all(name.isidentifier() for name in names):
            return ".".join(names)
    return declared.name.removeprefix("::")


def _draft_tables(captures: Captures, source: bytes, docs: Mapping[int, str]) -> Iterator[Draft]:
    """A variable that is initialised with functions by name is an object that holds them."""
    functions = {item.name for node in captures.get("function", ()) for item in read_declared(node)}
    functions |= {
        item.name for node in captures.get("declaration", ()) for item in read_declared(node) if item.function
    }
    for node in captures.get("declaration", ()):
        for item in read_declared(node):
            if item.value is not None and item.value.type == "initializer_list" and not item.is_array:
                pairs = (pair.child_by_field_name("value") for pair in item.value.named_children)
                if any(value is not None and read_text(value) in functions for value in pairs):
                    modifiers = ("internal",) if has_word(node, "static") else ()
                    signature = _signature(node, item.value, source)
                    yield Draft("object", item.name, node, item.value, signature, _doc(docs, node), modifiers)


def _return_type(node: tree_sitter.Node, declared: Declared) -> tree_sitter.Node | None:
    parts = declared.function.named_children if declared.function is not None else []
    trailing = [part for part in parts if part.type == "trailing_return_type"]
    return trailing[0].named_children[0] if trailing else node.child_by_field_name("type")


def _read_bases(node: tree_sitter.Node) -> Iterator[Expression]:
    clauses = (child for child in node.named_children if child.type == "base_class_clause")
    for base in (child for clause in clauses for child in clause.named_children):
        name = read_name(base)
        if name:
            yield name


def _typedef_name(node: tree_sitter.Node) -> str:
    """C: `typedef struct { … } Name` names an unnamed struct."""
    parent = node.parent
    if parent is None or parent.type != "type_definition":
        return ""
    return next((item.name for item in read_declared(parent)), "")


def _class_around(node: tree_sitter.Node) -> str:
    parent = node.parent
    while parent is not None and parent.type not in _CLASS_NODES:
        if parent.type in {"compound_statement", "namespace_definition"}:
            return ""
        parent = parent.parent
    return read_name(parent.child_by_field_name("name")).rpartition(".")[2] if parent is not None else ""


def namespaces_around(node: tree_sitter.Node) -> list[str]:
    """Return the names of the namespaces around a node, outermost first."""
    names: list[str] = []
    parent = node.parent
    while parent is not None:
        if parent.type == "namespace_definition":
            names[:0] = read_text(parent.child_by_field_name("name")).replace(" ", "").split("::")
        parent = parent.parent
    return [name for name in names if name]


def _is_unnamed_inside(node: tree_sitter.Node) -> bool:
    """Whether a namespace without a name is around, whose names are of this file alone."""
    parent = node.parent
    while parent is not None:
        if parent.type == "namespace_definition" and parent.child_by_field_name("name") is None:
            return True
        parent = parent.parent
    return False


def _whole(node: tree_sitter.Node) -> tree_sitter.Node:
    parent = node.parent
    while parent is not None and parent.type in {"template_declaration", "type_definition"}:
        node, parent = parent, parent.parent
    return node


def _signature(outer: tree_sitter.Node, body: tree_sitter.Node | None, source: bytes) -> str:
    end = body.start_byte if body is not None else outer.end_byte
    return flatten(source[outer.start_byte : end].decode("utf-8", "replace")).rstrip(" {=;:")


def _doc(docs: Mapping[int, str], outer: tree_sitter.Node) -> str:
    return docs.get(outer.start_point.row - 1, "")
