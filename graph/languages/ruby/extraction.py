"""Turns a Ruby syntax tree into facts."""

from __future__ import annotations

import tree_sitter

from graph.facts import MODULE_SCOPE, FileFacts, Import
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.language import Captures, words
from graph.languages.ruby.definitions import (
    ATTRIBUTES,
    CLASS_KINDS,
    confined_methods,
    draft_definitions,
    made_class,
    parameter_names,
    read_constant,
    read_symbol,
    read_symbols,
)
from graph.languages.ruby.expressions import Reader

_REQUIRING = words("require require_relative load autoload")
_MIXING = words("include extend prepend attr_reader attr_writer attr_accessor attr define_method alias_method")
_ITERATING = words(
    "each map select reject find detect collect flat_map each_with_index each_with_object filter any? all? none?",
    "sort_by group_by min_by max_by sum each_entry reverse_each filter_map partition find_all count",
)
_BINDING = words(
    "method singleton_method method_parameters block_parameters lambda_parameters splat_parameter block_parameter",
    "hash_splat_parameter destructured_parameter left_assignment_list rest_assignment exception_variable alias",
    "undef array_pattern hash_pattern keyword_pattern as_pattern in_clause destructured_left_assignment",
)
_NAMED = words("optional_parameter keyword_parameter")


def extract(root: tree_sitter.Node, source: bytes, captures: Captures) -> FileFacts:
    """Return the facts of a Ruby file."""
    drafts = [draft for draft in draft_definitions(captures, source) if draft.name]
    builder = FactsBuilder("ruby", drafts, CLASS_KINDS)
    methods = {builder.scope_at(d.inner.start_byte): d.name for d in drafts if d.kind == "function"}
    return _Extraction(builder, Reader(builder, methods), captures).build(root)


class _Extraction:
    """One file on its way from captures to facts."""

    def __init__(self, builder: FactsBuilder, reader: Reader, captures: Captures) -> None:
        self._builder = builder
        self._reader = reader
        self._captures = captures
        self._confined = confined_methods(captures)

    def build(self, root: tree_sitter.Node) -> FileFacts:
        """Collect everything; local names first, for they tell variables from calls."""
        for node in self._captures.get("method", ()):
            self._reader.add_locals(node.start_byte, parameter_names(node.child_by_field_name("parameters")))
        for node in self._captures.get("block_parameters", ()):
            self._reader.add_locals(node.start_byte, parameter_names(node))
        for node in self._captures.get("assignment", ()):
            self._reader.add_locals(node.start_byte, _assigned_names(node.child_by_field_name("left")))
        for node in self._captures.get("exception", ()):
            self._reader.add_locals(node.start_byte, [read_text(first_named(node))])
        self._add_bindings()
        for node in self._captures.get("call", ()):
            self._add_call(node)
        for node in self._captures.get("super", ()):
            if node.parent is None or node.parent.type != "call":
                self._builder.add_call(node, self._reader.read(node).removesuffix(".()"))
        for node in self._captures.get("identifier", ()):
            if not self._reader.is_local(node) and _is_bare_call(node) and self._is_seen(node, read_text(node)):
                self._builder.add_call(node, self._reader.read_bare(node))
        return self._builder.build(root)

    def _add_bindings(self) -> None:
        for node in self._captures.get("assignment", ()):
            self._add_assignment(node)
        for node in self._captures.get("block_parameters", ()):
            self._add_block(node)
        for node in self._captures.get("exception", ()):
            self._builder.add_assignment(self._builder.scope_at(node.start_byte), read_text(first_named(node)), ())
        for node in self._captures.get("return", ()):
            self._builder.add_returned(node.start_byte, self._reader.read_values(first_named(node)))
        for node in self._captures.get("method", ()):
            self._add_last_value(node)
        for node in self._captures.get("alias", ()):
            self._add_alias(node, read_text(node.child_by_field_name("alias")))

    def _add_assignment(self, node: tree_sitter.Node) -> None:
        left = node.child_by_field_name("left")
        if left is None or made_class(node) is not None:
            return
        scope = self._builder.scope_at(left.start_byte)
        values = self._reader.read_values(node.child_by_field_name("right"))
        if left.type in {"instance_variable", "class_variable"}:
            self._builder.add_assignment(scope, f"this.{read_text(left)}", values)
        elif left.type == "global_variable":
            self._builder.add_assignment(MODULE_SCOPE, read_text(left), values)
        elif left.type == "call":
            self._add_setter(left)
        else:
            known = values if left.type in {"identifier", "constant"} else ()
            for name in _assigned_names(left) or ([read_text(left)] if left.type == "constant" else []):
                self._builder.add_assignment(scope, name, known)

    def _add_setter(self, left: tree_sitter.Node) -> None:
        owner = self._reader.read(left.child_by_field_name("receiver"))
        self._builder.add_call(left, f"{owner}.{read_text(left.child_by_field_name('method'))}=")

    def _add_block(self, parameters: tree_sitter.Node) -> None:
        block = parameters.parent
        call = block.parent if block is not None else None
        values: tuple[str, ...] = ()
        if call is not None and read_text(call.child_by_field_name("method")) in _ITERATING:
            values = (f"{self._reader.read(call.child_by_field_name('receiver'))}.<>",)
        for position, name in enumerate(parameter_names(parameters)):
            scope = self._builder.scope_at(parameters.start_byte)
            self._builder.add_assignment(scope, name, values if position == 0 else ())

    def _add_last_value(self, method: tree_sitter.Node) -> None:
        """The value of the last statement is what a method returns."""
        body = method.child_by_field_name("body")
        if body is not None:
            self._builder.add_returned(body.start_byte, self._reader.read_values(body))

    def _add_alias(self, node: tree_sitter.Node, old: str) -> None:
        """An alias is a method that calls the one with the old name and returns what it does."""
        self._builder.add_call(node, old)
        self._builder.add_returned(node.start_byte, (f"{old}.()",))

    def _add_call(self, node: tree_sitter.Node) -> None:
        parent = node.parent
        is_target = (
            parent is not None and parent.type == "assignment" and parent.child_by_field_name("left") == node
        )
        if is_target:
            return
        name = read_text(node.child_by_field_name("method"))
        if node.child_by_field_name("receiver") is None:
            if name in _REQUIRING:
                self._add_require(node, name)
                return
            if name in _MIXING:
                self._add_made(node, name)
                return
            if name == "raise":
                self._add_raised(node)
            if not self._is_seen(node, name):
                return
        self._builder.add_call(node, self._reader.read_callee(node))

    def _is_seen(self, node: tree_sitter.Node, name: str) -> bool:
        """Whether a call can mean the method of this name: one that a block defines is seen in the block alone."""
        block = self._confined.get(name)
        return block is None or block.start_byte <= node.start_byte < block.end_byte

    def _add_made(self, node: tree_sitter.Node, name: str) -> None:
        symbols = [read_symbol(symbol) for symbol in read_symbols(node)]
        if name == "alias_method" and len(symbols) == 2:
            self._add_alias(node, symbols[1])
        for symbol in read_symbols(node) if name in ATTRIBUTES else ():
            self._builder.add_returned(symbol.start_byte, (f"this.@{read_symbol(symbol)}",))

    def _add_require(self, node: tree_sitter.Node, name: str) -> None:
        strings = [symbol for symbol in read_symbols(node) if symbol.type == "string"]
        if strings and all(child.type == "string_content" for child in strings[-1].named_children):
            level = 1 if name == "require_relative" else 0
            module = read_symbol(strings[-1])
            self._builder.add_import(Import(MODULE_SCOPE, module, "*", "", level, node.start_point.row + 1))

    def _add_raised(self, node: tree_sitter.Node) -> None:
        """A class that is raised by name is instantiated by Ruby itself."""
        name = read_constant(first_named(node.child_by_field_name("arguments")))
        if name:
            self._builder.add_call(node, name)


def _assigned_names(left: tree_sitter.Node | None, depth: int = 0) -> list[str]:
    if left is None or depth > 16:
        return []
    if left.type == "identifier":
        return [read_text(left)]
    if left.type in {"left_assignment_list", "rest_assignment", "destructured_left_assignment"}:
        return [name for child in left.named_children for name in _assigned_names(child, depth + 1)]
    return []


def _is_bare_call(node: tree_sitter.Node) -> bool:
    parent = node.parent
    if parent is None or parent.type in _BINDING:
        return False
    if parent.type in _NAMED:
        return parent.child_by_field_name("name") != node
    return parent.type != "call" or parent.child_by_field_name("method") != node
