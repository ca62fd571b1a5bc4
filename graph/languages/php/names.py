"""What names mean in a PHP file: its namespaces and its `use` declarations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import tree_sitter

from graph.facts import UNKNOWN, Expression
from graph.languages.builder import read_text
from graph.languages.language import Captures

_OWN_CLASS = frozenset({"self", "static"})


class Names:
    """Makes the names of one file absolute."""

    def __init__(self, captures: Captures) -> None:
        namespaces = captures.get("namespace", ())
        self._starts = [node.start_byte for node in namespaces]
        self._namespaces = [read_text(node.child_by_field_name("name")) for node in namespaces]
        self._classes: dict[str, str] = {}
        self._functions: dict[str, str] = {}
        self.imported: list[tuple[str, int]] = []
        for node in captures.get("use", ()):
            for name, alias, is_function in _read_use(node):
                self.imported.append((name, node.start_point.row + 1))
                known = self._functions if is_function else self._classes
                known[(alias or name.rpartition("\\")[2]).lower()] = name

    def namespace_at(self, byte: int) -> str:
        """Return the namespace around a byte, empty for the global one."""
        index = bisect_right(self._starts, byte) - 1
        return self._namespaces[index] if index >= 0 else ""

    def read_class(self, node: tree_sitter.Node | None) -> Expression:
        """Return a class by its absolute name, or what `self`, `static` and `parent` stand for."""
        text = read_text(node)
        if node is None or node.type not in {"name", "qualified_name", "relative_scope", "relative_name"}:
            return UNKNOWN
        if text.lower() in _OWN_CLASS:
            return "Self"
        if text.lower() == "parent":
            return "super"
        first, separator, rest = text.partition("\\")
        if not first or first.lower() == "namespace":
            return as_root(rest if not first else f"{self.namespace_at(node.start_byte)}\\{rest}")
        imported = self._classes.get(first.lower())
        return as_root(
            imported + separator + rest if imported else f"{self.namespace_at(node.start_byte)}\\{text}"
        )

    def read_function(self, node: tree_sitter.Node) -> tuple[Expression, ...]:
        """Return the absolute names that a function's name may stand for: its namespace's, else the global."""
        text = read_text(node)
        if node.type != "name":
            return (self.read_class(node),)
        imported = self._functions.get(text.lower())
        if imported:
            return (as_root(imported),)
        namespace = self.namespace_at(node.start_byte)
        return (as_root(f"{namespace}\\{text}"), as_root(text)) if namespace else (as_root(text),)


def as_root(name: str) -> Expression:
    """Return an absolute name as the root of an expression."""
    return "::" + name.strip("\\").replace("\\", "::")


def _read_use(node: tree_sitter.Node) -> Iterator[tuple[str, str, bool]]:
    """Yield absolute name, alias, and whether it is a function; constants are no concern of the graph."""
    words = [child.type for child in node.children]
    prefix = next((read_text(child) for child in node.named_children if child.type == "namespace_name"), "")
    body = node.child_by_field_name("body")
    for clause in (body or node).named_children:
        kinds = {*words, *(child.type for child in clause.children)}
        if clause.type == "namespace_use_clause" and "const" not in kinds:
            alias = read_text(clause.child_by_field_name("alias"))
            name = read_text(clause.named_children[0])
            yield (f"{prefix}\\{name}" if prefix else name).strip("\\"), alias, "function" in kinds
