"""Turns a Java syntax tree into facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import tree_sitter

from graph.facts import MODULE_SCOPE, UNKNOWN, Argument, Expression, FileFacts, Import, Parameter
from graph.languages.builder import Draft, FactsBuilder, first_named, read_text
from graph.languages.comments import read_comment, read_modifiers, read_signature
from graph.languages.expressions import add_step
from graph.languages.java.expressions import (
    name_type,
    read_callee,
    read_created,
    read_expression,
    read_given,
    read_type,
    read_values,
)
from graph.languages.language import Captures, words

CLASS_KINDS = frozenset({"class", "interface", "enum"})
CONSTRUCTOR = "<init>"
"""What the JVM calls a constructor: no method can have this name."""
_UNNAMED_PACKAGE = "<unnamed>"
_KINDS = {
    "interface_declaration": "interface",
    "annotation_type_declaration": "interface",
    "enum_declaration": "enum",
}
_EACH = words("forEach map filter anyMatch allMatch noneMatch flatMap removeIf peek mapToInt ifPresent sorted")


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a Java file."""
    drafts = [_draft_class(node, source) for node in captures.get("class", ())]
    drafts += [_draft_function(node, source) for node in captures.get("function", ())]
    drafts += [_draft_anonymous(node, source) for node in captures.get("anonymous", ())]
    drafts += [
        _draft_anonymous(node, source)
        for node in captures.get("constant", ())
        if node.child_by_field_name("body") is not None
    ]
    builder = FactsBuilder("java", [draft for draft in drafts if draft.name], CLASS_KINDS)
    clause = next(iter(captures.get("package", ())), None)
    package = read_text(clause.named_children[-1]) if clause and clause.named_children else _UNNAMED_PACKAGE
    for node in captures.get("import", ()):
        _add_import(builder, node)
    builder.add_import(Import(MODULE_SCOPE, package, "*", "", 0, 0))
    _add_calls(builder, captures)
    _Bindings(builder, captures).add_all()
    return builder.build(root, package=package)


def _draft_class(node: tree_sitter.Node, source: bytes) -> Draft:
    body = node.child_by_field_name("body") or node
    return Draft(
        kind=_KINDS.get(node.type, "class"),
        name=read_text(node.child_by_field_name("name")),
        outer=node,
        inner=body,
        signature=read_signature(node, body, source),
        docstring=read_comment(node, starts=("/**",)),
        modifiers=read_modifiers(node, {"abstract", "static"}),
        bases=tuple(_read_bases(node)),
    )


def _read_bases(node: tree_sitter.Node) -> Iterator[Expression]:
    for child in node.named_children:
        if child.type in {"superclass", "super_interfaces", "extends_interfaces"}:
            for part in child.named_children:
                types = part.named_children if part.type == "type_list" else [part]
                yield from (name for kind in types if (name := name_type(kind)) != UNKNOWN)


def _draft_anonymous(node: tree_sitter.Node, source: bytes) -> Draft:
    """Draft the class of `new Base() {…}` or of an enumeration's constant: its name can be written nowhere."""
    body = next(child for child in node.named_children if child.type == "class_body")
    base = _enclosing_enum(node) if node.type == "enum_constant" else read_created(node)
    return Draft(
        kind="class",
        name=f"<{base.rpartition('.')[2]}>",
        outer=node,
        inner=body,
        signature=read_signature(node, body, source),
        bases=(base,) if base else (),
    )


def _enclosing_enum(node: tree_sitter.Node) -> str:
    parent = node.parent
    while parent is not None and parent.type != "enum_declaration":
        parent = parent.parent
    return read_text(parent.child_by_field_name("name")) if parent is not None else ""


def _draft_function(node: tree_sitter.Node, source: bytes) -> Draft:
    holder = node.parent.parent if node.type == "compact_constructor_declaration" and node.parent else node
    parameters = holder.child_by_field_name("parameters") if holder is not None else None
    children = parameters.named_children if parameters is not None else []
    modifiers = list(read_modifiers(node, {"abstract", "static"}))
    if node.type in {"constructor_declaration", "compact_constructor_declaration"}:
        modifiers.append("constructor")
    if any(child.type == "spread_parameter" for child in children):
        modifiers.append("variadic")
    return Draft(
        kind="function",
        name=read_text(node.child_by_field_name("name")),
        outer=node,
        inner=node,
        signature=read_signature(node, node.child_by_field_name("body"), source),
        docstring=read_comment(node, starts=("/**",)),
        modifiers=tuple(sorted(modifiers)),
        parameters=tuple(item for child in children for item in _read_parameter(child)),
        returns=read_type(node.child_by_field_name("type")),
    )


def _read_parameter(node: tree_sitter.Node) -> Iterator[Parameter]:
    if node.type == "formal_parameter":
        yield Parameter(read_text(node.child_by_field_name("name")), read_type(node.child_by_field_name("type")))
    elif node.type == "spread_parameter":
        kinds = [child for child in node.named_children if child.type not in {"modifiers", "variable_declarator"}]
        name = next((child for child in node.named_children if child.type == "variable_declarator"), None)
        yield Parameter(read_text(first_named(name)), add_step(read_type(kinds[0] if kinds else None), "{}"))
    elif node.type == "identifier":
        yield Parameter(read_text(node))


def _add_import(builder: FactsBuilder, node: tree_sitter.Node) -> None:
    """Split an import where the first class is named, as Java's naming goes: packages are in small letters."""
    path = read_text(next((child for child in node.named_children if "identifier" in child.type), None))
    parts = path.split(".")
    starred = any(child.type == "asterisk" for child in node.named_children)
    first = next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts) - (0 if starred else 1))
    names = [*parts[first:], "*"] if starred else parts[first:]
    alias = "" if starred else names[-1]
    builder.add_import(
        Import(MODULE_SCOPE, ".".join(parts[:first]), ".".join(names), alias, 0, node.start_point.row + 1)
    )


def _add_calls(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("call", ()):
        builder.add_call(node.child_by_field_name("name") or node, read_callee(node), *_read_arguments(node))
    for node in captures.get("new", ()):
        builder.add_call(node, read_created(node), *_read_arguments(node))
    for node in captures.get("constructing", ()):
        called = read_text(node.child_by_field_name("constructor"))
        builder.add_call(node, f"{called}.{CONSTRUCTOR}", *_read_arguments(node))
    for node in captures.get("constant", ()):
        if node.child_by_field_name("arguments") is not None:
            builder.add_call(node, _enclosing_enum(node), *_read_arguments(node))
    for node in captures.get("reference", ()):
        parts = node.named_children
        if parts:
            owner = read_expression(parts[0])
            builder.add_call(node, f"{owner}.{read_text(parts[-1])}" if len(parts) > 1 else owner)


def _read_arguments(node: tree_sitter.Node) -> tuple[tuple[Argument, ...], int]:
    arguments = node.child_by_field_name("arguments")
    children = arguments.named_children if arguments is not None else []
    given = (read_given(child) for child in children if "comment" not in child.type)
    found = tuple(Argument(str(at), (value,)) for at, value in enumerate(given))
    return found, len(found)


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
            "variable": self._add_declaration,
            "single": self._add_single,
            "pattern": self._add_pattern,
            "iteration": self._add_iteration,
            "catch": self._add_catch,
            "lambda": self._add_lambda,
            "return": self._add_returned,
        }
        for capture, add in adders.items():
            for node in self._captures.get(capture, ()):
                add(node)

    def _bind(self, node: tree_sitter.Node, name: str, values: tuple[Expression, ...]) -> None:
        if name:
            self._builder.add_assignment(self._builder.scope_at(node.start_byte), name, values)

    def _add_constant(self, node: tree_sitter.Node) -> None:
        self._bind(node, read_text(node.child_by_field_name("name")), (f"{_enclosing_enum(node)}.@",))

    def _add_declaration(self, node: tree_sitter.Node) -> None:
        for declarator in node.children_by_field_name("declarator"):
            self._add_variable(declarator, node.child_by_field_name("type"))

    def _add_single(self, node: tree_sitter.Node) -> None:
        self._add_variable(node, node.child_by_field_name("type") or node.child_by_field_name("right"))

    def _add_pattern(self, node: tree_sitter.Node) -> None:
        self._bind(node, read_text(node.named_children[-1]), read_type(first_named(node)))

    def _add_iteration(self, node: tree_sitter.Node) -> None:
        values = add_step(read_values(node.child_by_field_name("value")), "<>")
        types = read_type(node.child_by_field_name("type"))
        self._bind(node, read_text(node.child_by_field_name("name")), types or values)

    def _add_catch(self, node: tree_sitter.Node) -> None:
        clauses = (child for child in node.named_children if child.type == "catch_type")
        values = tuple(value for clause in clauses for kind in clause.named_children for value in read_type(kind))
        self._bind(node, read_text(node.child_by_field_name("name")), values)

    def _add_returned(self, node: tree_sitter.Node) -> None:
        self._builder.add_returned(node.start_byte, read_values(first_named(node)))

    def _add_components(self, node: tree_sitter.Node) -> None:
        """A record's components are its fields."""
        parameters = node.child_by_field_name("parameters")
        body = node.child_by_field_name("body")
        for child in parameters.named_children if parameters is not None and body is not None else ():
            for parameter in _read_parameter(child):
                self._bind(body or node, parameter.name, parameter.values)

    def _add_type_parameter(self, node: tree_sitter.Node) -> None:
        holder = node.parent.parent if node.parent is not None else None
        bounds = [child for child in node.named_children if child.type == "type_bound"]
        bases = tuple(name_type(kind) for bound in bounds for kind in bound.named_children)
        body = holder.child_by_field_name("body") if holder is not None else None
        names = [child for child in node.named_children if child.type in {"type_identifier", "identifier"}]
        self._bind(body or node, read_text(names[0]) if names else "", bases)

    def _add_variable(self, node: tree_sitter.Node, kind: tree_sitter.Node | None) -> None:
        """A declared type says more about a call than the value's: it is whose method the source names."""
        types = read_type(kind)
        dimensions = node.child_by_field_name("dimensions")
        values = types or read_values(node.child_by_field_name("value"))
        self._bind(
            node, read_text(node.child_by_field_name("name")), add_step(values, "{}") if dimensions else values
        )

    def _add_lambda(self, node: tree_sitter.Node) -> None:
        """Bind a lambda's parameters; one given to a method of a collection takes its elements."""
        parameters = node.child_by_field_name("parameters")
        if parameters is None:
            return
        nodes = [parameters] if parameters.type == "identifier" else parameters.named_children
        elements = _elements_for(node) if len(nodes) == 1 else ()
        for child in nodes:
            for parameter in _read_parameter(child):
                self._bind(node, parameter.name, parameter.values or elements)


def _elements_for(node: tree_sitter.Node) -> tuple[Expression, ...]:
    call = node.parent.parent if node.parent is not None else None
    if (
        call is None
        or call.type != "method_invocation"
        or read_text(call.child_by_field_name("name")) not in _EACH
    ):
        return ()
    return add_step(read_values(call.child_by_field_name("object")), "<>")
