"""Turns a Go syntax tree into facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from graph.facts import LITERAL, MODULE_SCOPE, UNKNOWN, Expression, FileFacts, Import, Parameter
from graph.languages.builder import Draft, FactsBuilder, first_named, read_text
from graph.languages.comments import read_comment, read_signature
from graph.languages.expressions import add_step
from graph.languages.go.expressions import name_type, read_expression, read_type, read_values
from graph.languages.language import Captures

CLASS_KINDS = frozenset({"struct", "interface", "type"})
_KINDS = {"struct_type": "struct", "interface_type": "interface"}
_VERSION = re.compile(r"(?:/v\d+|\.v\d+)$")


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a Go file."""
    drafts = [_draft_type(node, source) for node in captures.get("type", ())]
    drafts += [_draft_function(node, source) for node in captures.get("function", ())]
    builder = FactsBuilder("go", [draft for draft in drafts if draft.name], CLASS_KINDS)
    builder.add_import(Import(MODULE_SCOPE, ".", "*", "", 0, 0))
    for node in captures.get("import", ()):
        _add_import(builder, node)
    for node in captures.get("call", ()):
        callee = node.child_by_field_name("function")
        builder.add_call(callee or node, read_expression(callee))
    for node in captures.get("generic_call", ()):
        builder.add_call(node, name_type(node))
    _Bindings(builder, captures).add_all()
    clause = next(iter(captures.get("package", ())), None)
    docstring = read_comment(clause, starts=("//", "/*")) if clause else ""
    return builder.build(root, docstring, package=read_text(first_named(clause)))


def _draft_type(node: tree_sitter.Node, source: bytes) -> Draft:
    body = node.child_by_field_name("type") or node
    outer = _declaration_of(node)
    holder = body.named_children[-1] if body.type == "struct_type" and body.named_children else body
    signed = outer if outer.type == "type_declaration" else node
    return Draft(
        kind=_KINDS.get(body.type, "type"),
        name=read_text(node.child_by_field_name("name")),
        outer=outer,
        inner=body,
        signature=read_signature(signed, holder if body.type in _KINDS else None, source),
        docstring=read_comment(outer, starts=("//", "/*")),
        bases=tuple(base for base in _read_bases(body) if not base.startswith(UNKNOWN)),
    )


def _declaration_of(node: tree_sitter.Node) -> tree_sitter.Node:
    """Return the whole declaration around a type, if it declares nothing else."""
    parent = node.parent
    alone = parent is not None and parent.type == "type_declaration" and parent.named_child_count == 1
    return parent if alone and parent is not None else node


def _read_bases(body: tree_sitter.Node) -> Iterator[Expression]:
    """Yield what is embedded, and what an alias stands for: other named types take over no methods."""
    if body.type == "struct_type":
        for field in _fields_of(body):
            if field.child_by_field_name("name") is None:
                yield name_type(field.child_by_field_name("type"))
    elif body.type == "interface_type":
        for child in body.named_children:
            if child.type == "type_elem":
                yield name_type(first_named(child))
    elif body.parent is not None and body.parent.type == "type_alias":
        yield name_type(body)


def _fields_of(body: tree_sitter.Node) -> list[tree_sitter.Node]:
    return [child for part in body.named_children for child in part.named_children]


def _draft_function(node: tree_sitter.Node, source: bytes) -> Draft:
    receiver = node.child_by_field_name("receiver")
    received = first_named(receiver)
    owner = name_type(received.child_by_field_name("type")) if received is not None else ""
    name = read_text(node.child_by_field_name("name"))
    parameters = [*_read_parameters(node.child_by_field_name("parameters"))]
    if node.type == "method_elem":
        parameters.insert(0, Parameter(""))
    elif received is not None:
        parameters.insert(0, Parameter(read_text(received.child_by_field_name("name"))))
    return Draft(
        kind="function",
        name="" if name == "_" else name,
        outer=node,
        inner=node,
        signature=read_signature(node, node.child_by_field_name("body"), source),
        docstring=read_comment(node, starts=("//", "/*")),
        parameters=tuple(parameters),
        returns=_read_result(node.child_by_field_name("result")),
        qualified_name=f"{owner}.{name}" if owner and owner != UNKNOWN else "",
        owner=owner,
    )


def _read_parameters(node: tree_sitter.Node | None) -> Iterator[Parameter]:
    for child in node.named_children if node is not None else ():
        values = read_type(child.child_by_field_name("type"))
        if child.type == "variadic_parameter_declaration":
            values = add_step(values, "{}")
        for name in child.children_by_field_name("name"):
            yield Parameter(read_text(name), values)


def _read_result(node: tree_sitter.Node | None) -> tuple[Expression, ...]:
    """Return the first of the results: the others have no expression."""
    if node is None or node.type != "parameter_list":
        return read_type(node)
    first = first_named(node)
    return read_type(first.child_by_field_name("type")) if first is not None else ()


def _add_import(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    module = read_text(node.child_by_field_name("path"))[1:-1]
    name = read_text(node.child_by_field_name("name"))
    alias = name or _VERSION.sub("", module).rpartition("/")[2]
    starred = alias == "."
    item = Import(
        *(MODULE_SCOPE, module, "*" if starred else "", "" if starred else alias),
        *(0, node.start_point.row + 1),
    )
    builder.add_import(item)


class _Bindings:
    """Everything in a file that binds a name or says what a function returns."""

    def __init__(self, builder: FactsBuilder, captures: Captures) -> None:
        self._builder = builder
        self._captures = captures

    def add_all(self) -> None:
        """Hand all bindings to the builder."""
        for node in self._captures.get("field", ()):
            self._add_field(node)
        for node in self._captures.get("type_parameter", ()):
            self._add_type_parameter(node)
        for node in self._captures.get("variable", ()):
            self._add_variable(node)
        for node in self._captures.get("assigned", ()):
            self._add_assigned(node)
        for node in self._captures.get("iteration", ()):
            self._add_iteration(node)
        for node in self._captures.get("type_switch", ()):
            self._add_type_switch(node)
        for node in self._captures.get("literal", ()):
            for parameter in _read_parameters(node.child_by_field_name("parameters")):
                self._bind(node, parameter.name, parameter.values)
        for node in self._captures.get("return", ()):
            self._add_returned(node)

    def _bind(self, node: tree_sitter.Node, name: str, values: tuple[Expression, ...]) -> None:
        if name and name != "_":
            self._builder.add_assignment(self._builder.scope_at(node.start_byte), name, values)

    def _add_field(self, node: tree_sitter.Node) -> None:
        kind = node.child_by_field_name("type")
        names = [read_text(name) for name in node.children_by_field_name("name")]
        for name in names or [name_type(kind).rpartition(".")[2]]:
            self._bind(node, name, read_type(kind))

    def _add_type_parameter(self, node: tree_sitter.Node) -> None:
        holder = node.parent.parent if node.parent is not None else None
        body = holder.child_by_field_name("type") if holder is not None else None
        base = name_type(node.child_by_field_name("type"))
        for name in node.children_by_field_name("name"):
            self._bind(body or node, read_text(name), () if base == UNKNOWN else (base,))

    def _add_variable(self, node: tree_sitter.Node) -> None:
        names = node.children_by_field_name("name")
        kind, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        if kind is not None:
            for name in names:
                self._bind(node, read_text(name), read_type(kind))
        else:
            self._bind_all(names, value.named_children if value is not None else [])

    def _add_assigned(self, node: tree_sitter.Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            self._bind_all(left.named_children, right.named_children)

    def _bind_all(self, names: list[tree_sitter.Node], values: list[tree_sitter.Node]) -> None:
        """Bind each name to its value; of a call with several results only the first is known."""
        for position, name in enumerate(names):
            if name.type == "identifier":
                known = position < len(values)
                self._bind(name, read_text(name), read_values(values[position]) if known else ())

    def _add_iteration(self, node: tree_sitter.Node) -> None:
        """Bind the value of a range; its index or key is taken for plain."""
        left = node.child_by_field_name("left")
        names = left.named_children if left is not None else []
        values = add_step(read_values(node.child_by_field_name("right")), "[]")
        for position, name in enumerate(names):
            if name.type == "identifier":
                self._bind(name, read_text(name), values if position == 1 else (LITERAL,))

    def _add_type_switch(self, node: tree_sitter.Node) -> None:
        alias = first_named(node.child_by_field_name("alias"))
        cases = [child for child in node.named_children if child.type == "type_case"]
        types = (kind for case in cases for kind in case.children_by_field_name("type") if kind.is_named)
        if alias is not None:
            self._bind(alias, read_text(alias), tuple(value for kind in types for value in read_type(kind)))

    def _add_returned(self, node: tree_sitter.Node) -> None:
        values = first_named(node)
        if values is not None:
            self._builder.add_returned(node.start_byte, read_values(first_named(values)))
