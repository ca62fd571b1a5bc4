"""Turns a C# syntax tree into facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import tree_sitter

from graph.facts import MODULE_SCOPE, UNKNOWN, Argument, Expression, FileFacts, Import
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.csharp.definitions import (
    CLASS_KINDS,
    draft_definitions,
    has_code,
    parameter_list_of,
    read_parameters,
)
from graph.languages.csharp.expressions import (
    name_type,
    read_callee,
    read_expression,
    read_given,
    read_type,
    read_values,
)
from graph.languages.csharp.modules import GLOBAL
from graph.languages.expressions import add_step
from graph.languages.language import Captures, words

CONSTRUCTOR = "<init>"
"""The name that constructors are bound by: no method can have it."""
_EACH = words(
    "ForEach Select Where Any All First FirstOrDefault Single SingleOrDefault Last OrderBy GroupBy SelectMany",
    "Count ToDictionary Sum Max Min OrderByDescending Exists Find FindAll RemoveAll ThenBy",
)
_EACH_BY_COUNT = {1: _EACH, 2: frozenset({"Aggregate"})}
"""Methods of collections that pass elements to a function, by how many parameters that has."""
_NONE: frozenset[str] = frozenset()


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a C# file."""
    drafts = (draft for draft in draft_definitions(captures, source) if draft.name)
    builder = FactsBuilder("csharp", drafts, CLASS_KINDS)
    package = _read_namespace(captures)
    for node in captures.get("import", ()):
        _add_import(builder, node)
    _add_implied(builder, package)
    _add_calls(builder, captures)
    _Bindings(builder, captures).add_all()
    return builder.build(root, package=package)


def _read_namespace(captures: Captures) -> str:
    """Return the namespace of the file's first type: one file rarely has two."""
    types, spaces = captures.get("class", ()), captures.get("namespace", ())
    names = [
        "".join(read_text(space.child_by_field_name("name")).split())
        for space in spaces
        if space.type.startswith("file_scoped")
        or (types and space.end_byte > types[0].start_byte > space.start_byte)
    ]
    return ".".join(names) or GLOBAL


def _add_import(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    line = node.start_point.row + 1
    alias = node.child_by_field_name("name")
    path = name_type(node.named_children[-1]) if node.named_children else UNKNOWN
    if path.startswith(UNKNOWN):
        return
    top, _, rest = path.partition(".")
    if alias is not None:
        builder.add_import(Import(MODULE_SCOPE, top, rest, read_text(alias), 0, line))
    elif any(child.type == "static" for child in node.children):
        builder.add_import(Import(MODULE_SCOPE, top, f"{rest}.*".removeprefix("."), "", 0, line))
    else:
        builder.add_import(Import(MODULE_SCOPE, path, "*", "", 0, line))


def _add_implied(builder: FactsBuilder, package: str) -> None:
    """A namespace sees itself, those around it and what is in none."""
    parts = package.split(".")
    around = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    for name in dict.fromkeys([*around, GLOBAL]):
        builder.add_import(Import(MODULE_SCOPE, name, "*", "", 0, 0))


def _add_calls(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("call", ()):
        function = node.child_by_field_name("function")
        builder.add_call(_name_of(function) or node, read_callee(function), *_read_arguments(node))
    for node in captures.get("new", ()):
        builder.add_call(node, name_type(node.child_by_field_name("type")), *_read_arguments(node))
    for node in captures.get("implicit_new", ()):
        builder.add_call(node, name_type(_expected_type(node)), *_read_arguments(node))
    for node in captures.get("constructing", ()):
        called = next((child.type for child in node.children if child.type in {"base", "this"}), UNKNOWN)
        builder.add_call(node, f"{called}.{CONSTRUCTOR}", *_read_arguments(node))


def _name_of(function: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """Return the name in a chain of calls: its line is that of the call."""
    return function.child_by_field_name("name") if function is not None else None


def _read_arguments(node: tree_sitter.Node) -> tuple[tuple[Argument, ...], int]:
    held = (child for child in node.named_children if child.type == "argument_list")
    arguments = node.child_by_field_name("arguments") or next(held, None)
    children = arguments.named_children if arguments is not None else []
    given = (read_given(child) for child in children if "comment" not in child.type)
    found = tuple(Argument(str(at), (value,)) for at, value in enumerate(given))
    return found, len(found)


def _expected_type(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the declared type of the variable or property that `new()` is the first value of."""
    parent = node.parent
    if parent is not None and parent.type == "variable_declarator":
        parent = parent.parent
    return parent.child_by_field_name("type") if parent is not None else None


class _Bindings:
    """Everything in a file that binds a name or says what a method returns."""

    def __init__(self, builder: FactsBuilder, captures: Captures) -> None:
        self._builder = builder
        self._captures = captures

    def add_all(self) -> None:
        """Hand all bindings to the builder."""
        adders: Mapping[str, Callable[[tree_sitter.Node], None]] = {
            "class": self._add_components,
            "constant": self._add_constant,
            "type_parameter": self._add_type_parameter,
            "constraint": self._add_constraint,
            "property": self._add_property,
            "variable": self._add_variable,
            "iteration": self._add_iteration,
            "declared": self._add_declared,
            "lambda": self._add_lambda,
            "return": self._add_returned,
        }
        for capture, add in adders.items():
            for node in self._captures.get(capture, ()):
                add(node)

    def _bind(self, node: tree_sitter.Node, name: tree_sitter.Node | None, values: tuple[Expression, ...]) -> None:
        if name is not None:
            self._builder.add_assignment(self._builder.scope_at(node.start_byte), read_text(name), values)

    def _add_components(self, node: tree_sitter.Node) -> None:
        """The parameters of a record or of a class itself are seen like fields."""
        body = node.child_by_field_name("body")
        for parameter in read_parameters(parameter_list_of(node)) if body is not None else ():
            scope = self._builder.scope_at(body.start_byte if body is not None else node.start_byte)
            self._builder.add_assignment(scope, parameter.name, parameter.values)

    def _add_constant(self, node: tree_sitter.Node) -> None:
        owner = node.parent.parent if node.parent is not None else None
        name = read_text(owner.child_by_field_name("name")) if owner is not None else ""
        self._bind(node, node.child_by_field_name("name"), (f"{name}.@",) if name else ())

    def _add_type_parameter(self, node: tree_sitter.Node) -> None:
        holder = node.parent.parent if node.parent is not None else None
        self._bind(_inside(holder) or node, node.child_by_field_name("name"), ())

    def _add_constraint(self, node: tree_sitter.Node) -> None:
        children = (child for child in node.named_children if child.type == "type_parameter_constraint")
        bases = (name_type(child.child_by_field_name("type")) for child in children)
        self._bind(_inside(node.parent) or node, first_named(node), tuple(b for b in bases if b != UNKNOWN))

    def _add_property(self, node: tree_sitter.Node) -> None:
        if not has_code(node):
            self._bind(node, node.child_by_field_name("name"), read_type(node.child_by_field_name("type")))

    def _add_variable(self, node: tree_sitter.Node) -> None:
        """A declared type says more about a call than the value's: it is whose method the source names."""
        types = read_type(node.child_by_field_name("type"))
        for declarator in node.named_children:
            name = declarator.child_by_field_name("name") if declarator.type == "variable_declarator" else None
            if name is not None:
                value = declarator.named_children[-1]
                self._bind(declarator, name, types or (read_values(value) if value.id != name.id else ()))

    def _add_iteration(self, node: tree_sitter.Node) -> None:
        left = node.child_by_field_name("left")
        values = add_step(read_values(node.child_by_field_name("right")), "<>")
        if left is not None and left.type == "identifier":
            self._bind(node, left, read_type(node.child_by_field_name("type")) or values)

    def _add_declared(self, node: tree_sitter.Node) -> None:
        self._bind(node, node.child_by_field_name("name"), read_type(node.child_by_field_name("type")))

    def _add_lambda(self, node: tree_sitter.Node) -> None:
        """Bind a lambda's parameters; the last one given to a method of a collection takes its elements."""
        parameters = list(read_parameters(node.child_by_field_name("parameters")))
        scope = self._builder.scope_at(node.start_byte)
        for parameter in parameters:
            is_element = parameter == parameters[-1] and not parameter.values
            values = _elements_for(node, _EACH_BY_COUNT.get(len(parameters), _NONE)) if is_element else ()
            self._builder.add_assignment(scope, parameter.name, parameter.values or values)

    def _add_returned(self, node: tree_sitter.Node) -> None:
        self._builder.add_returned(node.start_byte, read_values(first_named(node)))


def _inside(holder: tree_sitter.Node | None) -> tree_sitter.Node | None:
    return holder.child_by_field_name("body") if holder is not None else None


def _elements_for(node: tree_sitter.Node, methods: frozenset[str]) -> tuple[Expression, ...]:
    call = node.parent
    while call is not None and call.type in {"argument", "argument_list"}:
        call = call.parent
    function = call.child_by_field_name("function") if call is not None else None
    if function is None or read_text(_name_of(function)) not in methods:
        return ()
    owner = read_expression(function).rpartition(".")[0]
    return (f"{owner}.<>",) if owner and not owner.startswith(UNKNOWN) else ()
