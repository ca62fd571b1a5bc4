"""PHP's expressions and types as the dotted strings of `graph.facts`. A property's name keeps its `$`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import tree_sitter

from graph.facts import LITERAL, UNKNOWN, Expression
from graph.languages.builder import first_named, read_text
from graph.languages.expressions import MAX_DEPTH
from graph.languages.language import words
from graph.languages.php.names import Names

_LITERALS = words("string encapsed_string integer float boolean null heredoc nowdoc unary_op_expression")
_UNSAID_TYPES = words("mixed object callable iterable null never void")
_CHOICES = words("?? ?: || && or and")


class Reader:
    """Reads expressions in one file."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._readers: Mapping[str, Callable[[tree_sitter.Node, int], Expression]] = {
            "variable_name": lambda node, _depth: read_text(node) if read_text(node) != "$this" else "this",
            "member_access_expression": self._read_property,
            "nullsafe_member_access_expression": self._read_property,
            "scoped_property_access_expression": self._read_static_property,
            "class_constant_access_expression": self._read_constant,
            "subscript_expression": lambda node, depth: f"{self.read(first_named(node), depth)}.[]",
            "parenthesized_expression": lambda node, depth: self.read(first_named(node), depth),
            "clone_expression": lambda node, depth: self.read(first_named(node), depth),
            **dict.fromkeys(
                words(
                    "member_call_expression nullsafe_member_call_expression scoped_call_expression",
                    "function_call_expression object_creation_expression",
                ),
                lambda node, depth: f"{self.read_callee(node, depth)}.()",
            ),
        }

    def read(self, node: tree_sitter.Node | None, depth: int = 0) -> Expression:
        """Return what this expression is, followed as far as names, members and calls go."""
        if node is None or depth > MAX_DEPTH:
            return UNKNOWN
        if node.type in _LITERALS:
            return LITERAL
        reader = self._readers.get(node.type)
        return reader(node, depth + 1) if reader else UNKNOWN

    def read_values(self, node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
        """Return every expression whose value this one may have."""
        if node is None or depth > MAX_DEPTH:
            return ()
        if node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            if operator is None or operator.type not in _CHOICES:
                return (LITERAL,)
            return self._all_of(node, ("left", "right"), depth)
        if node.type == "conditional_expression":
            return self._all_of(node, ("body", "alternative"), depth)
        if node.type == "assignment_expression":
            return self._all_of(node, ("right",), depth)
        if node.type == "parenthesized_expression":
            return self.read_values(first_named(node), depth + 1)
        if node.type == "array_creation_expression":
            elements = (child.named_children[-1] for child in node.named_children if child.named_children)
            values = (value for element in elements for value in self.read_values(element, depth + 1))
            return tuple(f"{value}.{{}}" for value in values) or (LITERAL,)
        expression = self.read(node, depth)
        return () if expression.startswith(UNKNOWN) else (expression,)

    def read_callee(self, node: tree_sitter.Node, depth: int = 0) -> Expression:
        """Return what a call calls: for `new X` the class X, for a function its bare name."""
        if node.type == "object_creation_expression":
            made = first_named(node)
            return self._names.read_class(made) if made is None or made.type != "variable_name" else UNKNOWN
        if node.type == "function_call_expression":
            function = node.child_by_field_name("function")
            if function is None or function.type not in {"name", "qualified_name", "relative_name"}:
                return self.read(function, depth)
            found = self._names.read_function(function)
            return found[0] if len(found) == 1 else read_text(function)
        name = node.child_by_field_name("name")
        if name is None or name.type != "name":
            return UNKNOWN
        scope = node.child_by_field_name("scope")
        owner = self._read_scope(scope, depth) if scope else self.read(node.child_by_field_name("object"), depth)
        return f"{owner}.{read_text(name)}"

    def read_type(self, node: tree_sitter.Node | None, depth: int = 0) -> tuple[Expression, ...]:
        """Return the types that a declaration allows, as instances."""
        if node is None or depth > MAX_DEPTH:
            return ()
        if node.type == "primitive_type":
            return () if read_text(node).lower() in _UNSAID_TYPES else (LITERAL,)
        if node.type == "named_type":
            name = self._names.read_class(first_named(node))
            return () if name.lower() in {f"::{word}" for word in _UNSAID_TYPES} else (f"{name}.@",)
        return tuple(value for child in node.named_children for value in self.read_type(child, depth + 1))

    def _all_of(self, node: tree_sitter.Node, fields: Iterable[str], depth: int) -> tuple[Expression, ...]:
        children = (node.child_by_field_name(field) for field in fields)
        return tuple(value for child in children for value in self.read_values(child, depth + 1))

    def _read_scope(self, node: tree_sitter.Node | None, depth: int) -> Expression:
        name = self._names.read_class(node)
        return name if name != UNKNOWN else self.read(node, depth)

    def _read_property(self, node: tree_sitter.Node, depth: int) -> Expression:
        name = node.child_by_field_name("name")
        owner = self.read(node.child_by_field_name("object"), depth)
        return f"{owner}.${read_text(name)}" if name is not None and name.type == "name" else UNKNOWN

    def _read_static_property(self, node: tree_sitter.Node, depth: int) -> Expression:
        name = read_text(node.child_by_field_name("name"))
        return f"{self._read_scope(node.child_by_field_name('scope'), depth)}.{name}"

    def _read_constant(self, node: tree_sitter.Node, depth: int) -> Expression:
        owner, name = node.named_children[0], read_text(node.named_children[-1])
        scope = self._read_scope(owner, depth)
        return scope if name == "class" else f"{scope}.{name}"
