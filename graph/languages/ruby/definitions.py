"""Finds what a Ruby file defines: modules, classes, methods, and what `attr_*` and `define_method` make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import tree_sitter

from graph.facts import Expression, Parameter
from graph.languages.builder import Draft, first_named, flatten, read_text
from graph.languages.language import Captures, words

CLASS_KINDS = words("class module")
ATTRIBUTES = {"attr_reader": ("",), "attr_writer": ("=",), "attr_accessor": ("=", ""), "attr": ("",)}
_CLASS_MAKERS = words("Class.new Struct.new Module.new Data.define")
_PLAIN = words("identifier constant")


def draft_definitions(captures: Captures, source: bytes) -> Iterator[Draft]:
    """Yield every definition of a file."""
    docs = _read_comments(captures)
    for kind in CLASS_KINDS:
        for node in captures.get(kind, ()):
            yield _draft_class(node, kind, source, docs)
    for node in captures.get("assignment", ()):
        maker = made_class(node)
        if maker is not None:
            yield _draft_made_class(node, maker, source, docs)
    for node in captures.get("alias", ()):
        yield _draft_alias(node, read_text(node.child_by_field_name("name")))
    counts = Counter(read_text(node.child_by_field_name("name")) for node in captures.get("method", ()))
    for node in captures.get("method", ()):
        yield _draft_method(node, source, docs, counts)
    for node in captures.get("call", ()):
        if node.child_by_field_name("receiver") is None:
            yield from _draft_made(node, source, docs)


def made_class(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """Return the call that makes a class which an assignment names: `Name = Class.new(Base) do … end`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "constant" or right.type != "call":
        return None
    made = f"{read_text(right.child_by_field_name('receiver'))}.{read_text(right.child_by_field_name('method'))}"
    return right if made in _CLASS_MAKERS else None


def confined_methods(captures: Captures) -> dict[str, tree_sitter.Node]:
    """Return the methods that are written inside a block and in no class, each with its block."""
    found = {}
    for node in captures.get("method", ()):
        block = _block_around(node)
        if block is not None:
            found[read_text(node.child_by_field_name("name"))] = block
    return found


def read_constant(node: tree_sitter.Node | None, depth: int = 0) -> Expression:
    """Return a constant with its scopes, empty for what is none."""
    if node is None or depth > 64:
        return ""
    if node.type == "constant":
        return read_text(node)
    if node.type != "scope_resolution":
        return ""
    scope, name = node.child_by_field_name("scope"), read_text(node.child_by_field_name("name"))
    if scope is None:
        return f"::{name}"
    outer = read_constant(scope, depth + 1)
    return f"{outer}.{name}" if outer else ""


def read_symbols(call: tree_sitter.Node) -> list[tree_sitter.Node]:
    """Return the plain symbols and strings among a call's arguments."""
    arguments = call.child_by_field_name("arguments")
    children = arguments.named_children if arguments is not None else []
    return [child for child in children if child.type in {"simple_symbol", "string"}]


def read_symbol(node: tree_sitter.Node | None) -> str:
    """Return the name that a symbol or string says."""
    return read_text(node).strip(":\"'")


def parameter_names(parameters: tree_sitter.Node | None, depth: int = 0) -> list[str]:
    """Return the names that a list of parameters binds."""
    names = []
    for child in parameters.named_children if parameters is not None and depth < 16 else ():
        if child.type == "destructured_parameter":
            names += parameter_names(child, depth + 1)
        else:
            names.append(read_text(child if child.type == "identifier" else child.child_by_field_name("name")))
    return names


def _draft_class(node: tree_sitter.Node, kind: str, source: bytes, docs: Mapping[int, str]) -> Draft:
    name = read_constant(node.child_by_field_name("name")).removeprefix("::")
    body = node.child_by_field_name("body")
    superclass = read_constant(first_named(node.child_by_field_name("superclass")))
    included, extended = _read_mixins(body)
    return Draft(
        kind=kind,
        name=name.rpartition(".")[2],
        outer=node,
        inner=body or node,
        signature=_signature(node, body, source),
        docstring=docs.get(node.start_point.row - 1, ""),
        modifiers=("assigned",) if "." in name else (),
        decorators=tuple(extended),
        bases=tuple([*reversed(included), superclass] if superclass else reversed(included)),
        qualified_name=name if "." in name else "",
    )


def _draft_made_class(
    node: tree_sitter.Node, maker: tree_sitter.Node, source: bytes, docs: Mapping[int, str]
) -> Draft:
    block = maker.child_by_field_name("block")
    base = read_constant(first_named(maker.child_by_field_name("arguments")))
    return Draft(
        kind="class",
        name=read_text(node.child_by_field_name("left")),
        outer=node,
        inner=block or maker,
        signature=_signature(node, block, source),
        docstring=docs.get(node.start_point.row - 1, ""),
        bases=(base,) if base else (),
    )


def _read_mixins(body: tree_sitter.Node | None) -> tuple[list[Expression], list[Expression]]:
    """Return what a body includes or prepends, and what it extends itself with."""
    found: dict[str, list[Expression]] = {"include": [], "prepend": [], "extend": []}
    for child in body.named_children if body is not None else ():
        if child.type == "identifier" and read_text(child) == "module_function":
            found["extend"].append("Self")
        if child.type != "call" or child.child_by_field_name("receiver") is not None:
            continue
        arguments = child.child_by_field_name("arguments")
        mixed_in = found.get(read_text(child.child_by_field_name("method")))
        for argument in arguments.named_children if arguments is not None and mixed_in is not None else ():
            name = "Self" if argument.type == "self" else read_constant(argument)
            if name and mixed_in is not None:
                mixed_in.append(name)
    return [*found["include"], *found["prepend"]], found["extend"]


def _block_around(node: tree_sitter.Node) -> tree_sitter.Node | None:
    parent = node.parent
    while parent is not None and parent.type not in {"class", "module", "singleton_class", "assignment"}:
        if parent.type in {"do_block", "block"}:
            return parent
        parent = parent.parent
    return None


def _draft_method(
    node: tree_sitter.Node, source: bytes, docs: Mapping[int, str], confined: Mapping[str, int]
) -> Draft:
    name = read_text(node.child_by_field_name("name"))
    modifiers = ["static"] if node.type == "singleton_method" or _is_in_singleton(node) else []
    if confined[name] > 1 and _block_around(node) is not None:
        modifiers.append("assigned")
    parameters = node.child_by_field_name("parameters")
    statement = node.parent.parent if node.parent is not None and node.parent.type == "argument_list" else node
    outer = statement if statement is not None and statement.type == "call" else node
    end = parameters or node.child_by_field_name("name") or node
    return Draft(
        kind="function",
        name=name,
        outer=outer,
        inner=node,
        signature=flatten(source[outer.start_byte : end.end_byte].decode("utf-8", "replace")),
        docstring=docs.get(outer.start_point.row - 1, ""),
        modifiers=tuple(modifiers),
        parameters=tuple(Parameter(item) for item in parameter_names(parameters)),
    )


def _draft_made(node: tree_sitter.Node, source: bytes, docs: Mapping[int, str]) -> Iterator[Draft]:
    """Yield the methods that a call in a class's body makes."""
    name, symbols = read_text(node.child_by_field_name("method")), read_symbols(node)
    if name in ATTRIBUTES:
        yield from _draft_attributes(node, ATTRIBUTES[name], docs)
    elif name == "alias_method" and len(symbols) == 2:
        yield _draft_alias(node, read_symbol(symbols[0]))
    elif name == "define_method":
        yield from _draft_defined(node, source, docs)


def _draft_attributes(
    node: tree_sitter.Node, suffixes: tuple[str, ...], docs: Mapping[int, str]
) -> Iterator[Draft]:
    modifiers = ("static",) if _is_in_singleton(node) else ()
    for symbol in read_symbols(node):
        for suffix in suffixes:
            name = read_symbol(symbol) + suffix
            doc = docs.get(node.start_point.row - 1, "")
            yield Draft("function", name, node, symbol, flatten(read_text(node)), doc, modifiers)


def _draft_alias(node: tree_sitter.Node, name: str) -> Draft:
    modifiers = ("static",) if _is_in_singleton(node) else ()
    return Draft("function", name, node, node, flatten(read_text(node)), modifiers=modifiers)


def _draft_defined(node: tree_sitter.Node, source: bytes, docs: Mapping[int, str]) -> Iterator[Draft]:
    block, symbols = node.child_by_field_name("block"), read_symbols(node)
    if block is not None and symbols:
        doc = docs.get(node.start_point.row - 1, "")
        names = parameter_names(block.child_by_field_name("parameters"))
        yield Draft(
            *("function", read_symbol(symbols[0]), node, block, _signature(node, block, source), doc),
            parameters=tuple(Parameter(name) for name in names),
        )


def _is_in_singleton(node: tree_sitter.Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type not in {"class", "module", "method", "singleton_method"}:
        if parent.type == "singleton_class":
            return True
        parent = parent.parent
    return False


def _signature(node: tree_sitter.Node, body: tree_sitter.Node | None, source: bytes) -> str:
    end = body.start_byte if body is not None else node.end_byte
    return flatten(source[node.start_byte : end].decode("utf-8", "replace")).removesuffix(" end").rstrip(" ;")


def _read_comments(captures: Captures) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for comment in captures.get("comment", ()):
        lines = (line.strip().removeprefix("#").strip() for line in read_text(comment).split("\n"))
        above = found.pop(comment.start_point.row - 1, "")
        found[comment.end_point.row] = f"{above}\n{chr(10).join(lines)}".strip()
    return found
