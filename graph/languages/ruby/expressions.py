"""Ruby's expressions as the dotted strings of `graph.facts`.

A bare name is a local variable or a call of a method: only the names that its method binds tell which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import FactsBuilder, first_named, read_text
from graph.languages.expressions import MAX_DEPTH
from graph.languages.language import words
from graph.languages.ruby.definitions import read_constant, read_symbol, read_symbols

_LITERALS = words(
    "string integer float true false nil symbol simple_symbol regex hash string_array symbol_array range",
    "chained_string heredoc_beginning rational complex character subshell delimited_symbol unary",
)
_VARIABLES = words("instance_variable class_variable")
_SAME = words("dup clone freeze tap itself to_a compact reverse sort uniq")
_SENDING = words("send __send__ public_send")
_CHOICES = words("|| && or and")


class Reader:
    """Reads expressions in one file."""

    def __init__(self, builder: FactsBuilder, methods: Mapping[int, str]) -> None:
        """`methods` are the names of the file's methods by scope."""
        self._builder = builder
        self._methods = methods
        self._locals: set[tuple[int, str]] = set()
        self._readers: Mapping[str, Callable[[tree_sitter.Node, int], Expression]] = {
            "identifier": self._read_identifier,
            "self": lambda node, _depth: self._read_self(node),
            "call": self._read_call,
            "super": lambda node, depth: f"{self._read_super(node, depth)}.()",
            "element_reference": lambda node, depth: f"{self.read(first_named(node), depth)}.[]",
            "parenthesized_statements": lambda node, depth: self.read(first_named(node), depth),
            "global_variable": lambda node, _depth: read_text(node),
        }

    def add_locals(self, byte: int, names: Iterable[str]) -> None:
        """Know these names as variables of the method around a byte."""
        self._locals.update((self._builder.scope_at(byte), name) for name in names)

    def is_local(self, node: tree_sitter.Node) -> bool:
        """Whether a bare name is a variable where it stands."""
        return (self._builder.scope_at(node.start_byte), read_text(node)) in self._locals

    def read(self, node: tree_sitter.Node | None, depth: int = 0) -> Expression:
        """Return what this expression is, followed as far as names and calls go."""
        if node is None or depth > MAX_DEPTH:
            return UNKNOWN
        if node.type in _LITERALS:
            return LITERAL
        if node.type in {"constant", "scope_resolution"}:
            return read_constant(node) or UNKNOWN
        if node.type in _VARIABLES:
            return f"this.{read_text(node)}"
        reader = self._readers.get(node.type)
        return reader(node, depth + 1) if reader else UNKNOWN

    def read_values(self, node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
        """Return every expression whose value this one may have."""
        if node is None or depth > MAX_DEPTH:
            return ()
        if node.type == "binary":
            operator = node.child_by_field_name("operator")
            if operator is None or operator.type not in _CHOICES:
                return (LITERAL,)
            return self._all_of(node.named_children, depth)
        if node.type == "conditional":
            fields = [node.child_by_field_name(field) for field in ("consequence", "alternative")]
            return self._all_of([field for field in fields if field is not None], depth)
        if node.type in {"assignment", "operator_assignment"}:
            return self.read_values(node.child_by_field_name("right"), depth + 1)
        if node.type == "array":
            return tuple(f"{value}.{{}}" for value in self._all_of(node.named_children, depth)) or (LITERAL,)
        if node.type in {"parenthesized_statements", "then", "body_statement", "argument_list", "begin"}:
            statements = [child for child in node.named_children if child.type != "comment"]
            return self.read_values(statements[-1], depth + 1) if statements else ()
        expression = self.read(node, depth)
        return () if expression.startswith(UNKNOWN) else (expression,)

    def read_callee(self, node: tree_sitter.Node, depth: int = 0) -> Expression:
        """Return what a `call` node calls: for `X.new` the class X."""
        receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
        name = read_text(method) or "call"
        if method is not None and method.type == "super":
            return self._read_super(method, depth)
        if name in _SENDING:
            symbols = read_symbols(node)
            arguments = node.child_by_field_name("arguments")
            if not symbols or first_named(arguments) != symbols[0]:
                return UNKNOWN
            name = read_symbol(symbols[0])
        if receiver is None:
            return self.read_bare(method) if method is not None else name
        owner = self.read(receiver, depth)
        return owner if name == "new" else f"{owner}.{name}"

    def _all_of(self, nodes: Iterable[tree_sitter.Node], depth: int) -> tuple[Expression, ...]:
        return tuple(value for node in nodes for value in self.read_values(node, depth + 1))

    def _read_identifier(self, node: tree_sitter.Node, _depth: int) -> Expression:
        return read_text(node) if self.is_local(node) else f"{self.read_bare(node)}.()"

    def _read_self(self, node: tree_sitter.Node) -> Expression:
        return "this" if self._builder.scope_at(node.start_byte) in self._methods else "Self"

    def read_bare(self, name: tree_sitter.Node) -> Expression:
        """Return what a name without a receiver calls: `new` calls the class around it."""
        return self._read_self(name) if read_text(name) == "new" else read_text(name)

    def _read_call(self, node: tree_sitter.Node, depth: int) -> Expression:
        receiver, name = node.child_by_field_name("receiver"), read_text(node.child_by_field_name("method"))
        if receiver is not None and name in _SAME:
            return self.read(receiver, depth)
        if receiver is not None and receiver.type == "self" and name == "class":
            return "Self"
        callee = self.read_callee(node, depth)
        return callee if callee.startswith(UNKNOWN) else f"{callee}.()"

    def _read_super(self, node: tree_sitter.Node, _depth: int) -> Expression:
        name = self._methods.get(self._builder.scope_at(node.start_byte), "")
        return f"super.{name}" if name else UNKNOWN
