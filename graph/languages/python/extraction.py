"""Turns a Python syntax tree into facts."""

from __future__ import annotations

import inspect

import tree_sitter

from graph.facts import MODULE_SCOPE, UNKNOWN, Expression, FileFacts, Import, Parameter
from graph.languages.builder import Draft, FactsBuilder, first_named, flatten, read_text
from graph.languages.language import Captures
from graph.languages.python.expressions import add_step, read_annotation, read_expression, read_values

CLASS_KINDS = frozenset({"class"})
_PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "tuple"})
_GETTERS = frozenset({"property", "cached_property", "classproperty", "hybrid_property", "lazyattr"})
_MODIFIERS = {
    "staticmethod": "static",
    "classmethod": "class",
    "overload": "overload",
    "abstractmethod": "abstract",
}


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a Python file."""
    drafts = [_draft_class(node, source) for node in captures.get("class", ())]
    drafts += [_draft_function(node, source) for node in captures.get("function", ())]
    builder = FactsBuilder("python", [draft for draft in drafts if draft.name], CLASS_KINDS)
    for decorator in captures.get("decorator", ()):
        _add_decorator(builder, decorator)
    for call in captures.get("call", ()):
        builder.add_call(call, read_expression(call.child_by_field_name("function")))
    for statement in captures.get("raise", ()):
        _add_raised(builder, statement)
    _Bindings(builder, captures).add_all()
    _add_imports(builder, captures)
    return builder.build(root, _read_docstring(root))


def _draft_class(node: tree_sitter.Node, source: bytes) -> Draft:
    body = node.child_by_field_name("body") or node
    superclasses = node.child_by_field_name("superclasses")
    return Draft(
        kind="class",
        name=read_text(node.child_by_field_name("name")),
        outer=_with_decorators(node),
        inner=body,
        signature=_read_signature(node, body, source),
        docstring=_read_docstring(body),
        decorators=_read_decorators(node),
        bases=_read_bases(superclasses) if superclasses else (),
    )


def _draft_function(node: tree_sitter.Node, source: bytes) -> Draft:
    body = node.child_by_field_name("body") or node
    decorators = _read_decorators(node)
    modifiers = [modifier for decorator in decorators if (modifier := _modifier_of(decorator))]
    if node.child_count and node.children[0].type == "async":
        modifiers.append("async")
    parameters = node.child_by_field_name("parameters")
    return Draft(
        kind="function",
        name=read_text(node.child_by_field_name("name")),
        outer=_with_decorators(node),
        inner=body,
        signature=_read_signature(node, body, source),
        docstring=_read_docstring(body),
        modifiers=tuple(sorted(set(modifiers))),
        decorators=decorators,
        parameters=_read_parameters(parameters) if parameters else (),
        returns=read_annotation(node.child_by_field_name("return_type")),
    )


def _with_decorators(node: tree_sitter.Node) -> tree_sitter.Node:
    parent = node.parent
    return parent if parent is not None and parent.type == "decorated_definition" else node


def _read_decorators(node: tree_sitter.Node) -> tuple[Expression, ...]:
    outer = _with_decorators(node)
    if outer.id == node.id:
        return ()
    decorators = (child for child in outer.named_children if child.type == "decorator")
    return tuple(read_expression(first_named(child)) for child in decorators)


def _modifier_of(decorator: Expression) -> str:
    name = decorator.removesuffix(".()").rpartition(".")[2]
    if name in {"setter", "deleter"}:
        return "setter"
    return "getter" if name in _GETTERS or name == "getter" else _MODIFIERS.get(name, "")


def _read_bases(superclasses: tree_sitter.Node) -> tuple[Expression, ...]:
    named = (child for child in superclasses.named_children if child.type not in {"keyword_argument", "comment"})
    return tuple(read_expression(child).removesuffix(".[]") for child in named)


def _read_parameters(parameters: tree_sitter.Node) -> tuple[Parameter, ...]:
    found = []
    for child in parameters.named_children:
        name = child if child.type == "identifier" else child.child_by_field_name("name") or first_named(child)
        if name is None or child.type in {"keyword_separator", "positional_separator", "comment"}:
            continue
        found.append(_read_parameter(child, name))
    return tuple(found)


def _read_parameter(node: tree_sitter.Node, name: tree_sitter.Node) -> Parameter:
    values = read_annotation(node.child_by_field_name("type"))
    default = node.child_by_field_name("value")
    if not values and default is not None and default.type in {"identifier", "attribute"}:
        values = (read_expression(default),)
    splat = name if name.type.endswith("splat_pattern") else node
    if splat.type.endswith("splat_pattern"):
        step = "{:}" if splat.type.startswith("dictionary") else "{}"
        return Parameter(read_text(first_named(splat)), add_step(values, step))
    return Parameter(read_text(name), values)


def _read_signature(node: tree_sitter.Node, body: tree_sitter.Node, source: bytes) -> str:
    end = body.start_byte if body.id != node.id else node.end_byte
    return flatten(source[node.start_byte : end].decode("utf-8", "replace")).rstrip(": ")


def _read_docstring(body: tree_sitter.Node) -> str:
    statement = first_named(body)
    string = first_named(statement) if statement is not None and statement.type == "expression_statement" else None
    if string is None or string.type != "string":
        return ""
    content = [child for child in string.named_children if child.type == "string_content"]
    return inspect.cleandoc(read_text(content[0])) if content else ""


def _add_decorator(builder: FactsBuilder, decorator: tree_sitter.Node) -> None:
    node = first_named(decorator)
    if node is not None and node.type in {"identifier", "attribute", "call"}:
        builder.add_call(node, read_expression(node))


def _add_raised(builder: FactsBuilder, statement: tree_sitter.Node) -> None:
    """A class that is raised by name is called by Python itself."""
    node = first_named(statement)
    if node is not None and node.type in {"identifier", "attribute"} and _looks_like_class(read_text(node)):
        builder.add_call(node, read_expression(node))


def _looks_like_class(name: str) -> bool:
    return name.rpartition(".")[2][:1].isupper()


def _add_imports(builder: FactsBuilder, captures: Captures) -> None:
    for node in captures.get("import", ()):
        for child in node.children_by_field_name("name"):
            module, alias = _read_alias(child)
            _add_import(builder, node, module=module, name="", alias=alias)
    for node in captures.get("import_from", ()):
        module, level = _read_module(node.child_by_field_name("module_name"))
        for child in node.children_by_field_name("name"):
            name, alias = _read_alias(child)
            _add_import(builder, node, module=module, name=name, alias=alias or name, level=level)
        if any(child.type == "wildcard_import" for child in node.children):
            _add_import(builder, node, module=module, name="*", alias="", level=level)


def _add_import(
    builder: FactsBuilder, node: tree_sitter.Node, *, module: str, name: str, alias: str, level: int = 0
) -> None:
    scope = builder.scope_at(node.start_byte)
    builder.add_import(Import(scope, module, name, alias, level, node.start_point.row + 1))


def _read_alias(node: tree_sitter.Node) -> tuple[str, str]:
    if node.type != "aliased_import":
        return read_text(node), ""
    return read_text(node.child_by_field_name("name")), read_text(node.child_by_field_name("alias"))


def _read_module(node: tree_sitter.Node | None) -> tuple[str, int]:
    if node is None:
        return "__future__", 0
    text = "".join(read_text(node).split())
    module = text.lstrip(".")
    return module, len(text) - len(module)


class _Bindings:
    """Everything in a file that binds a name or says what a function returns."""

    def __init__(self, builder: FactsBuilder, captures: Captures) -> None:
        self._builder = builder
        self._captures = captures
        self._globals = {
            (builder.scope_at(node.start_byte), read_text(name))
            for node in captures.get("global", ())
            for name in node.named_children
        }

    def add_all(self) -> None:
        """Hand all bindings to the builder."""
        for node in self._captures.get("assignment", ()):
            self._add_assignment(node)
        for node in self._captures.get("named", ()):
            self._bind(node.child_by_field_name("name"), read_values(node.child_by_field_name("value")))
        for node in self._captures.get("iteration", ()):
            values = add_step(read_values(node.child_by_field_name("right")), "<>")
            self._bind(node.child_by_field_name("left"), values)
        for node in self._captures.get("with_item", ()):
            self._add_alias(node.child_by_field_name("value"), "with")
        for node in self._captures.get("except", ()):
            self._add_alias(node.child_by_field_name("value"), "@")
        for node in self._captures.get("return", ()):
            self._builder.add_returned(node.start_byte, read_values(first_named(node)))
        for node in self._captures.get("yield", ()):
            self._add_yield(node)
        for node in self._captures.get("lambda", ()):
            self._add_lambda(node)

    def _add_assignment(self, node: tree_sitter.Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        while right is not None and right.type == "assignment":
            right = right.child_by_field_name("right")
        annotated = read_annotation(node.child_by_field_name("type"))
        if annotated or right is None:
            self._bind(left, annotated + read_values(right))
        elif left is not None:
            self._bind_to(left, right)

    def _bind_to(self, left: tree_sitter.Node, right: tree_sitter.Node) -> None:
        if not _is_parallel(left, right):
            self._bind(left, read_values(right))
            return
        for target, value in zip(left.named_children, right.named_children, strict=True):
            self._bind_to(target, value)

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
            self._bind(target.child_by_field_name("value"), add_step(values, "{:}")) if values else None
        elif target.type in _PATTERNS:
            for child in target.named_children:
                self._bind(child, ())

    def _assign(self, node: tree_sitter.Node, target: Expression, values: tuple[Expression, ...]) -> None:
        scope = self._builder.scope_at(node.start_byte)
        if (scope, target) in self._globals:
            scope = MODULE_SCOPE
        self._builder.add_assignment(scope, target, values)

    def _add_alias(self, node: tree_sitter.Node | None, step: str) -> None:
        if node is None or node.type != "as_pattern":
            return
        alias = node.child_by_field_name("alias")
        value = first_named(node)
        many = value is not None and value.type == "tuple"
        values = tuple(v.removesuffix(".{}") for v in read_values(value)) if many else read_values(value)
        self._bind(first_named(alias), add_step(values, step))

    def _add_yield(self, node: tree_sitter.Node) -> None:
        value = first_named(node)
        delegated = any(child.type == "from" for child in node.children)
        values = read_values(value)
        self._builder.add_returned(node.start_byte, values if delegated else add_step(values, "{}"))

    def _add_lambda(self, node: tree_sitter.Node) -> None:
        parameters = node.child_by_field_name("parameters")
        for parameter in _read_parameters(parameters) if parameters else ():
            self._builder.add_assignment(self._builder.scope_at(node.start_byte), parameter.name, ())


def _is_parallel(left: tree_sitter.Node, right: tree_sitter.Node) -> bool:
    if left.type not in _PATTERNS or right.type not in {"expression_list", "tuple", "list"}:
        return False
    starred = any("splat" in child.type for child in (*left.named_children, *right.named_children))
    return not starred and left.named_child_count == right.named_child_count
