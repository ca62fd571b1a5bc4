"""Collects what an extractor sees in one syntax tree and makes it facts: parents, qualified names, ordinals,
scopes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import tree_sitter

from graph.facts import (
    LITERAL,
    MODULE_SCOPE,
    UNKNOWN,
    Argument,
    Assignment,
    Call,
    Definition,
    Export,
    Expression,
    Extension,
    FileFacts,
    Import,
    Parameter,
)

MAX_SIGNATURE = 500
MAX_DOCSTRING = 4000
MAX_ALTERNATIVES = 64


@dataclass(frozen=True, slots=True)
class Draft:
    """A definition before its place among the others is known.

    `outer` is all that belongs to it, `inner` the part whose names are its own. A `qualified_name` of its own
    stands for a definition that is assigned to an attribute and thus bound nowhere, or that has an `owner`: the
    class that it is a method of though written outside.
    """

    kind: str
    name: str
    outer: tree_sitter.Node
    inner: tree_sitter.Node
    signature: str = ""
    docstring: str = ""
    modifiers: tuple[str, ...] = ()
    decorators: tuple[Expression, ...] = ()
    bases: tuple[Expression, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    returns: tuple[Expression, ...] = ()
    qualified_name: str = ""
    owner: Expression = ""


class FactsBuilder:
    """Knows the file's definitions from the start, and takes the other facts one by one, by the byte they
    start at."""

    def __init__(self, language: str, drafts: Iterable[Draft], class_kinds: frozenset[str]) -> None:
        self._language = language
        self._drafts = sorted(drafts, key=lambda draft: (draft.inner.start_byte, -draft.inner.end_byte))
        self._starts = [draft.inner.start_byte for draft in self._drafts]
        self._ends = [draft.inner.end_byte for draft in self._drafts]
        self._class_kinds = class_kinds
        self._parents = self._find_parents()
        self._returned: dict[int, list[Expression]] = {}
        self._assigned: dict[tuple[int, Expression, int], dict[Expression, None]] = {}
        self._bound: set[tuple[int, Expression]] = set()
        self._imports: dict[Import, None] = {}
        self._exports: dict[Export, None] = {}
        self._calls: list[tuple[int, Call]] = []
        self._extensions: dict[Extension, None] = {}
        self._implied: set[tuple[int, Expression, int]] = set()
        self._changed: dict[tuple[int, Expression], dict[Expression, None]] = {}

    def scope_at(self, byte: int) -> int:
        """Return the index of the innermost definition around this byte."""
        index = bisect_right(self._starts, byte) - 1
        while index >= 0 and self._ends[index] <= byte:
            index = self._parents[index]
        return index

    def function_at(self, byte: int) -> int:
        """Return the innermost function around this byte, or `MODULE_SCOPE`."""
        index = self.scope_at(byte)
        while index >= 0 and self._drafts[index].kind in self._class_kinds:
            index = self._parents[index]
        return index

    def add_call(
        self, node: tree_sitter.Node, callee: Expression, arguments: tuple[Argument, ...] = (), count: int = -1
    ) -> None:
        """Keep a call, unless nothing at all is known of what is called."""
        if callee != UNKNOWN:
            call = Call(self.scope_at(node.start_byte), callee, node.start_point.row + 1, arguments, count)
            self._calls.append((node.start_byte, call))

    def add_implied(self, node: tree_sitter.Node, callee: Expression) -> None:
        """Keep a call that no parentheses show, unless nothing is known of its receiver."""
        if not callee.startswith((UNKNOWN, LITERAL)):
            self._implied.add((self.scope_at(node.start_byte), callee, node.start_point.row + 1))

    def add_assignment(
        self, scope: int, target: Expression, values: Iterable[Expression], *, origin: int | None = None
    ) -> None:
        """Keep that `target` is bound in `scope`, and to what (as seen in `origin`); repeats are merged."""
        self._bound.add((scope, target))
        known = self._assigned.setdefault((scope, target, scope if origin is None else origin), {})
        known.update(dict.fromkeys(value for value in values if not value.startswith(UNKNOWN)))

    def add_change(self, scope: int, target: Expression, values: Iterable[Expression]) -> None:
        """Keep that the container `target`, wherever it is bound, may hold what the `values` hold."""
        known = self._changed.setdefault((scope, target), {})
        known.update(dict.fromkeys(value for value in values if not value.startswith(UNKNOWN)))

    def add_returned(self, byte: int, values: Iterable[Expression]) -> None:
        """Keep what the function around this byte returns."""
        scope = self.function_at(byte)
        if scope != MODULE_SCOPE:
            self._returned.setdefault(scope, []).extend(v for v in values if not v.startswith(UNKNOWN))

    def add_import(self, item: Import) -> None:
        """Keep an import."""
        self._imports[item] = None

    def add_export(self, name: str, value: Expression) -> None:
        """Keep that other files see `value` as `name`."""
        self._exports[Export(name, value)] = None

    def add_extension(self, scope: int, owner: Expression, bases: tuple[Expression, ...]) -> None:
        """Keep that a class has bases which its own definition does not name."""
        self._extensions[Extension(scope, owner, bases)] = None

    def build(self, root: tree_sitter.Node, docstring: str = "", package: str = "") -> FileFacts:
        """Return the facts of the file whose syntax tree is `root`."""
        for (scope, target), changes in self._changed.items():
            self.add_assignment(self._find_binding(scope, target), target, changes, origin=scope)
        assignments = (
            Assignment(scope, target, tuple(values)[:MAX_ALTERNATIVES], origin)
            for (scope, target, origin), values in self._assigned.items()
            if values or "." not in target
        )
        return FileFacts(
            language=self._language,
            lines=root.end_point.row + 1,
            docstring=docstring[:MAX_DOCSTRING],
            marks=("parse_error",) if root.has_error else (),
            definitions=self._build_definitions(),
            imports=tuple(self._imports),
            assignments=tuple(assignments),
            exports=tuple(self._exports),
            calls=tuple(call for _, call in sorted(self._calls, key=lambda item: (item[0], item[1].callee))),
            implied=tuple(Call(*item) for item in sorted(self._implied)),
            extensions=tuple(self._extensions),
            package=package,
        )

    def _find_binding(self, scope: int, name: Expression) -> int:
        """Return the scope, this one or one around it, that binds a name: the module's if none does."""
        while "." not in name and scope != MODULE_SCOPE:
            parameters = self._drafts[scope].parameters
            if (scope, name) in self._bound or any(item.name == name for item in parameters):
                break
            scope = self._parents[scope]
        return scope

    def _find_parents(self) -> list[int]:
        parents: list[int] = []
        stack: list[int] = []
        for index, start in enumerate(self._starts):
            while stack and (self._ends[stack[-1]] <= start or self._are_twins(stack[-1], index)):
                stack.pop()
            parents.append(stack[-1] if stack else MODULE_SCOPE)
            stack.append(index)
        return parents

    def _are_twins(self, one: int, other: int) -> bool:
        """Whether two functions have one body, as a getter and a setter may: neither is inside the other."""
        places = [(self._starts[at], self._ends[at]) for at in (one, other)]
        return places[0] == places[1] and self._drafts[one].kind == "function"

    def _build_definitions(self) -> tuple[Definition, ...]:
        names: list[str] = []
        seen: Counter[tuple[str, str]] = Counter()
        definitions = []
        for index, (draft, parent) in enumerate(zip(self._drafts, self._parents, strict=True)):
            in_class = parent != MODULE_SCOPE and self._drafts[parent].kind in self._class_kinds
            kind = "method" if draft.kind == "function" and (in_class or draft.owner) else draft.kind
            name = draft.qualified_name or draft.name
            names.append(f"{names[parent]}.{name}" if parent != MODULE_SCOPE else name)
            ordinal = seen[kind, names[index]]
            seen[kind, names[index]] += 1
            definitions.append(self._define(draft, index, kind=kind, qualified_name=names[index], ordinal=ordinal))
        return tuple(definitions)

    def _define(self, draft: Draft, index: int, *, kind: str, qualified_name: str, ordinal: int) -> Definition:
        return Definition(
            kind=kind,
            name=draft.name,
            qualified_name=qualified_name,
            ordinal=ordinal,
            parent=self._parents[index],
            signature=draft.signature[:MAX_SIGNATURE],
            docstring=draft.docstring[:MAX_DOCSTRING],
            start_line=draft.outer.start_point.row + 1,
            end_line=draft.outer.end_point.row + 1,
            start_byte=draft.outer.start_byte,
            end_byte=draft.outer.end_byte,
            modifiers=draft.modifiers,
            decorators=draft.decorators,
            bases=draft.bases,
            parameters=draft.parameters,
            returns=draft.returns,
            returned=tuple(dict.fromkeys(self._returned.get(index, ())))[:MAX_ALTERNATIVES],
            owner=draft.owner,
        )


def read_text(node: tree_sitter.Node | None) -> str:
    """Return a node's source text."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def first_named(node: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """Return the first named child that is not a comment."""
    if node is None:
        return None
    return next((child for child in node.named_children if child.type != "comment"), None)


def flatten(text: str) -> str:
    """Return the text with every run of white space as one blank."""
    return " ".join(text.split())
