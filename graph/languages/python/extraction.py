"""Turns a Python syntax tree into facts."""

from __future__ import annotations

import inspect
from dataclasses import replace

import tree_sitter

from graph.facts import LITERAL, Argument, Expression, FileFacts, Import, Parameter
from graph.languages.builder import Draft, FactsBuilder, first_named, flatten, read_text
from graph.languages.expressions import add_step
from graph.languages.language import Captures
from graph.languages.python.annotations import read_annotation
from graph.languages.python.bindings import Bindings, named_target
from graph.languages.python.expressions import read_arguments, read_expression, read_values
from graph.languages.python.implied import add_implied_calls

CLASS_KINDS = frozenset({"class"})
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
    drafts += [_draft_lambda(node, source) for node in captures.get("lambda", ()) if named_target(node)]
    builder = FactsBuilder("python", [draft for draft in drafts if draft.name], CLASS_KINDS)
    for decorator in captures.get("decorator", ()):
        _add_decorator(builder, decorator)
    for call in captures.get("call", ()):
        _add_call(builder, call)
    for statement in captures.get("raise", ()):
        _add_raised(builder, statement)
    add_implied_calls(builder, captures)
    Bindings(builder, captures, source).add_all()
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
    if _is_left_to_others(body):
        modifiers.append("abstract")
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


def _draft_lambda(node: tree_sitter.Node, source: bytes) -> Draft:
    """A lambda that is bound to a name is a function of that name."""
    body = node.child_by_field_name("body") or node
    parameters = node.child_by_field_name("parameters")
    statement = node.parent or node
    return Draft(
        kind="function",
        name=read_text(named_target(node)),
        outer=statement,
        inner=body,
        signature=_read_signature(statement, body, source),
        modifiers=("lambda",),
        parameters=_read_parameters(parameters) if parameters else (),
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


def _is_left_to_others(body: tree_sitter.Node) -> bool:
    """Whether a function only raises NotImplementedError."""
    last = body.named_children[-1] if 0 < body.named_child_count < 3 else None
    return last is not None and last.type == "raise_statement" and "NotImplementedError" in read_text(last)


def _read_bases(superclasses: tree_sitter.Node) -> tuple[Expression, ...]:
    named = (child for child in superclasses.named_children if child.type not in {"keyword_argument", "comment"})
    return tuple(read_expression(child).removesuffix(".[]") for child in named)


def _read_parameters(parameters: tree_sitter.Node) -> tuple[Parameter, ...]:
    found: list[Parameter] = []
    is_named = False
    for child in parameters.named_children:
        name = child if child.type == "identifier" else child.child_by_field_name("name") or first_named(child)
        if child.type == "keyword_separator":
            is_named = True
        if name is None or child.type in {"keyword_separator", "positional_separator", "comment"}:
            continue
        parameter = _read_parameter(child, name)
        found.append(replace(parameter, kind="=") if is_named and not parameter.kind else parameter)
        is_named = is_named or parameter.kind == "*"
    return tuple(found)


def _read_parameter(node: tree_sitter.Node, name: tree_sitter.Node) -> Parameter:
    values = read_annotation(node.child_by_field_name("type"))
    splat = name if name.type.endswith("splat_pattern") else node
    if splat.type == "dictionary_splat_pattern":
        return Parameter(read_text(first_named(splat)), add_step(values, "{:}"), kind="**")
    if splat.type == "list_splat_pattern":
        return Parameter(read_text(first_named(splat)), add_step(values, "{}"), kind="*")
    defaults = read_values(node.child_by_field_name("value"))
    return Parameter(read_text(name), values, tuple(value for value in defaults if value != LITERAL))


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


def _add_call(builder: FactsBuilder, call: tree_sitter.Node) -> None:
    function = call.child_by_field_name("function")
    arguments = call.child_by_field_name("arguments")
    called = read_expression(function)
    builder.add_call(call, called, read_arguments(arguments))
    if arguments is not None and called in {"map", "filter"}:
        for callee in read_values(first_named(arguments)):
            builder.add_call(call, callee)


def _add_decorator(builder: FactsBuilder, decorator: tree_sitter.Node) -> None:
    """What is below a decorator is what it is given: the definition, and what the next decorator makes of it."""
    node = first_named(decorator)
    definition = decorator.parent.child_by_field_name("definition") if decorator.parent is not None else None
    if node is None or definition is None or node.type not in {"identifier", "attribute", "call"}:
        return
    below = decorator.next_named_sibling
    values = [read_text(definition.child_by_field_name("name"))]
    if below is not None and below.type == "decorator":
        values += add_step(read_values(first_named(below)), "()")
    builder.add_call(node, read_expression(node), (Argument("0", tuple(values)),))


def _add_raised(builder: FactsBuilder, statement: tree_sitter.Node) -> None:
    """A class that is raised by name is called by Python itself."""
    node = first_named(statement)
    if node is None:
        return
    if node.type == "identifier" or (node.type == "attribute" and _looks_like_class(read_text(node))):
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
