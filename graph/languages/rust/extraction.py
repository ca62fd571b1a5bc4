"""Turns a Rust syntax tree into facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import tree_sitter

from graph.facts import MODULE_SCOPE, UNKNOWN, Expression, FileFacts, Import
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.comments import clean_comment
from graph.languages.expressions import MAX_DEPTH, add_step
from graph.languages.language import Captures, words
from graph.languages.rust.definitions import CLASS_KINDS, bound_identifiers, draft_definitions, read_parameters
from graph.languages.rust.expressions import (
    PATH_MARK,
    name_type,
    place_path,
    read_expression,
    read_type,
    read_values,
    split_path,
    tail_of,
)
from graph.languages.rust.macros import read_calls

_EACH = words(
    "map for_each filter any all find filter_map flat_map position take_while skip_while inspect max_by_key",
    "min_by_key sort_by_key and_then is_some_and unwrap_or_else partition retain map_or",
)
_HOLDERS = frozenset({"Some", "Ok"})
_WRAPPING_PATTERNS = words("ref_pattern mut_pattern reference_pattern captured_pattern match_pattern")
_UNWRAPPED = tuple(f".().{name}" for name in ("unwrap", "expect", "unwrap_or", "unwrap_or_else", "ok", "as_ref"))
"""Calls on what a call returned that go to its `Option` or `Result`, not to what that holds."""
VARIANT_MARK = "#"
"""Stands between the names of a variant and its field: `Shape#0` is bound where `Shape` is."""


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a Rust file."""
    drafts = [draft for draft in draft_definitions(captures, source) if draft.name]
    builder = FactsBuilder("rust", drafts, CLASS_KINDS)
    for node in captures.get("use", ()):
        for parts, alias in _read_use(node.child_by_field_name("argument"), []):
            _add_use(builder, node, parts, alias)
    for node in captures.get("module", ()):
        if node.child_by_field_name("body") is None:
            name = read_text(node.child_by_field_name("name"))
            scope = builder.scope_at(node.start_byte)
            builder.add_import(Import(scope, f"mod.{name}", "", name, 0, node.start_point.row + 1))
    for node in captures.get("impl", ()):
        trait = name_type(node.child_by_field_name("trait"))
        owner = name_type(node.child_by_field_name("type"))
        if UNKNOWN not in {trait, owner}:
            builder.add_extension(builder.scope_at(node.start_byte), owner, (trait,))
    _add_calls(builder, captures)
    _Bindings(builder, captures).add_all()
    facts = builder.build(root, _read_docstring(root))
    return _imply_places(builder, facts, root)


def _add_calls(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("call", ()):
        function = node.child_by_field_name("function")
        callee = read_expression(function)
        if not callee.endswith(_UNWRAPPED):
            builder.add_call(_name_of(function) or node, callee)
    for node in captures.get("tokens", ()):
        for place, callee in read_calls(node):
            builder.add_call(place, callee)


def _imply_places(builder: FactsBuilder, facts: FileFacts, root: tree_sitter.Node) -> FileFacts:
    """Bind the roots that name a module by its place, as far as the file uses them."""
    roots = dict.fromkeys(item for item in _list_roots(facts) if item.endswith(PATH_MARK))
    for item in roots:
        module = item.removesuffix(PATH_MARK).replace(PATH_MARK, ".")
        builder.add_import(Import(MODULE_SCOPE, module, "", item, 0, 0))
    return builder.build(root, facts.docstring)


def _list_roots(facts: FileFacts) -> Iterator[str]:
    expressions = [call.callee for call in facts.calls]
    for assignment in facts.assignments:
        expressions += assignment.values
    for extension in facts.extensions:
        expressions += [extension.owner, *extension.bases]
    for item in facts.definitions:
        expressions += [item.owner, *item.bases, *item.returns, *item.returned]
        expressions += [value for parameter in item.parameters for value in parameter.values]
    return (expression.partition(".")[0] for expression in expressions)


def _read_docstring(root: tree_sitter.Node) -> str:
    lines = [read_text(child).strip() for child in root.children if read_text(child)[:3] in {"//!", "/*!"}]
    return clean_comment("\n".join(lines))


def _name_of(function: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """Return the name in a chain of calls: its line is that of the call."""
    return function.child_by_field_name("field") if function is not None else None


def _read_use(node: tree_sitter.Node | None, prefix: list[str], depth: int = 0) -> Iterator[tuple[list[str], str]]:
    """Yield the path and the local name of everything that a use declaration binds."""
    if node is None or depth > MAX_DEPTH:
        return
    if node.type == "use_as_clause":
        parts = [*prefix, *split_path(node.child_by_field_name("path"))]
        yield parts, read_text(node.child_by_field_name("alias"))
    elif node.type == "scoped_use_list":
        inner = [*prefix, *split_path(node.child_by_field_name("path"))]
        yield from _read_use(node.child_by_field_name("list"), inner, depth + 1)
    elif node.type == "use_list":
        for child in node.named_children:
            yield from _read_use(child, prefix, depth + 1)
    elif node.type == "use_wildcard":
        yield [*prefix, *split_path(first_named(node)), "*"], ""
    elif node.type == "self" and prefix:
        yield prefix, prefix[-1]
    elif "comment" not in node.type:
        parts = [*prefix, *split_path(node)]
        yield parts, parts[-1]


def _add_use(builder: FactsBuilder, node: tree_sitter.Node, parts: list[str], alias: str) -> None:
    module, rest = place_path(["self", *parts] if parts[0][:1].isupper() else parts, node)
    if alias != "_":
        item = Import(
            *(builder.scope_at(node.start_byte), module, ".".join(rest), alias),
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
        adders: Mapping[str, Callable[[tree_sitter.Node], None]] = {
            "field": self._add_field,
            "ordered": self._add_ordered,
            "variant": self._add_variant,
            "type_parameter": self._add_type_parameter,
            "where": self._add_where,
            "associated": self._add_associated,
            "let": self._add_let,
            "constant": self._add_field,
            "arm": self._add_arm,
            "iteration": self._add_iteration,
            "closure": self._add_closure,
            "return": self._add_returned,
            "function": self._add_tail,
        }
        for capture, add in adders.items():
            for node in self._captures.get(capture, ()):
                add(node)

    def _bind(self, node: tree_sitter.Node, name: str, values: tuple[Expression, ...]) -> None:
        if name:
            self._builder.add_assignment(self._builder.scope_at(node.start_byte), name, values)

    def _bind_pattern(
        self, pattern: tree_sitter.Node | None, values: tuple[Expression, ...], depth: int = 0
    ) -> None:
        """Bind a pattern's names, as far as its place says what they are."""
        if pattern is None or depth > MAX_DEPTH:
            return
        if pattern.type == "identifier":
            self._bind_name(pattern, values)
        elif pattern.type in _WRAPPING_PATTERNS:
            inner = next((child for child in pattern.named_children if child.type != "mutable_specifier"), None)
            self._bind_pattern(inner, values, depth + 1)
        elif pattern.type == "tuple_struct_pattern":
            self._bind_positions(pattern, values, depth + 1)
        elif pattern.type == "struct_pattern":
            self._bind_fields(pattern, depth + 1)
        else:
            for name in bound_identifiers(pattern):
                self._bind_name(name, ())

    def _bind_name(self, name: tree_sitter.Node, values: tuple[Expression, ...]) -> None:
        """Bind a name, unless it is a constant or variant that a pattern compares with."""
        if not read_text(name)[:1].isupper():
            self._bind(name, read_text(name), values)

    def _bind_positions(self, pattern: tree_sitter.Node, values: tuple[Expression, ...], depth: int) -> None:
        """Bind what a variant holds; what `Some` and `Ok` hold is taken for themselves."""
        variant = read_expression(pattern.child_by_field_name("type"))
        for position, inner in enumerate(pattern.named_children[1:]):
            held = values if variant in _HOLDERS else (f"{variant}{VARIANT_MARK}{position}",)
            self._bind_pattern(inner, held, depth)

    def _bind_fields(self, pattern: tree_sitter.Node, depth: int) -> None:
        owner = name_type(pattern.child_by_field_name("type"))
        for field in pattern.named_children:
            if field.type == "field_pattern":
                name = field.child_by_field_name("name")
                fields = (f"{owner}.@.{read_text(name)}", f"{owner}{VARIANT_MARK}{read_text(name)}")
                values = () if owner.startswith(UNKNOWN) else fields
                inner = field.child_by_field_name("pattern")
                if inner is not None:
                    self._bind_pattern(inner, values, depth)
                else:
                    self._bind(field, read_text(name), values)

    def _add_field(self, node: tree_sitter.Node) -> None:
        """Bind a field, constant or static to its type."""
        name = read_text(node.child_by_field_name("name"))
        self._bind(node, f"{_variant_of(node)}{name}", read_type(node.child_by_field_name("type")))

    def _add_ordered(self, node: tree_sitter.Node) -> None:
        prefix = _variant_of(node.named_children[0]) if node.named_children else ""
        for position, kind in enumerate(node.children_by_field_name("type")):
            self._bind(node, f"{prefix}{position}", read_type(kind))

    def _add_variant(self, node: tree_sitter.Node) -> None:
        owner = node.parent.parent if node.parent is not None else None
        name = read_text(owner.child_by_field_name("name")) if owner is not None else ""
        self._bind(node, read_text(node.child_by_field_name("name")), (f"{name}.@",) if name else ())

    def _add_type_parameter(self, node: tree_sitter.Node) -> None:
        holder = node.parent.parent if node.parent is not None else None
        name = read_text(node.child_by_field_name("name"))
        self._add_bounds(holder, name, node.child_by_field_name("bounds"))

    def _add_where(self, node: tree_sitter.Node) -> None:
        holder = node.parent.parent if node.parent is not None else None
        left = node.child_by_field_name("left")
        if left is not None and left.type == "type_identifier":
            self._add_bounds(holder, read_text(left), node.child_by_field_name("bounds"))

    def _add_bounds(self, holder: tree_sitter.Node | None, name: str, bounds: tree_sitter.Node | None) -> None:
        """Bind a type parameter to its bounds, in every function of an impl block as well."""
        body = holder.child_by_field_name("body") if holder is not None else None
        children = bounds.named_children if bounds is not None else []
        bases = tuple(base for child in children if not (base := name_type(child)).startswith(UNKNOWN))
        is_block = holder is not None and holder.type == "impl_item" and body is not None
        for place in body.named_children if is_block and body is not None else [body]:
            inner = place.child_by_field_name("body") if is_block and place is not None else place
            if inner is not None:
                self._bind(inner, name, bases)

    def _add_associated(self, node: tree_sitter.Node) -> None:
        bounds = node.child_by_field_name("bounds")
        children = bounds.named_children if bounds is not None else []
        bases = tuple(base for child in children if not (base := name_type(child)).startswith(UNKNOWN))
        self._bind(node, read_text(node.child_by_field_name("name")), bases)

    def _add_let(self, node: tree_sitter.Node) -> None:
        types = read_type(node.child_by_field_name("type"))
        values = types or read_values(node.child_by_field_name("value"))
        self._bind_pattern(node.child_by_field_name("pattern"), values)

    def _add_arm(self, node: tree_sitter.Node) -> None:
        matched = node.parent.parent if node.parent is not None else None
        values = read_values(matched.child_by_field_name("value")) if matched is not None else ()
        self._bind_pattern(node.child_by_field_name("pattern"), values)

    def _add_iteration(self, node: tree_sitter.Node) -> None:
        values = add_step(read_values(node.child_by_field_name("value")), "<>")
        self._bind_pattern(node.child_by_field_name("pattern"), values)

    def _add_closure(self, node: tree_sitter.Node) -> None:
        """Bind a closure's parameters; one given to a method of an iterator takes its elements."""
        parameters = list(read_parameters(node.child_by_field_name("parameters")))
        elements = _elements_for(node) if len(parameters) == 1 else ()
        for parameter in parameters:
            self._bind(node, parameter.name, parameter.values or elements)

    def _add_returned(self, node: tree_sitter.Node) -> None:
        self._builder.add_returned(node.start_byte, read_values(first_named(node)))

    def _add_tail(self, node: tree_sitter.Node) -> None:
        body = node.child_by_field_name("body")
        tail = tail_of(body) if body is not None else None
        if tail is not None:
            self._builder.add_returned(tail.start_byte, read_values(tail))


def _variant_of(field: tree_sitter.Node) -> str:
    """Return what stands before the name of a field of an enumeration's variant."""
    holder = field.parent.parent if field.parent is not None else None
    is_variant = holder is not None and holder.type == "enum_variant"
    return f"{read_text(holder.child_by_field_name('name'))}{VARIANT_MARK}" if is_variant and holder else ""


def _elements_for(node: tree_sitter.Node) -> tuple[Expression, ...]:
    call = node.parent.parent if node.parent is not None else None
    function = call.child_by_field_name("function") if call is not None else None
    if function is None or read_text(_name_of(function)) not in _EACH:
        return ()
    return add_step(read_values(function.child_by_field_name("value")), "<>")
