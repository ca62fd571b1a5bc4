"""Objects and classes that a file builds by assignment: `app.use = function …`, `View.prototype.draw = …`.

What is written so is a definition like any other, and the functions are its methods: `this` in them is the object.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import tree_sitter

from graph.facts import Expression
from graph.languages.builder import Draft, FactsBuilder, first_named, read_text
from graph.languages.javascript.expressions import FUNCTION_VALUES, read_expression
from graph.languages.language import Captures

CONSTRUCTOR = "constructor"
_PROTOTYPE = ".prototype"


@dataclass(frozen=True, slots=True)
class Owners:
    """The names that functions are assigned to: `objects` have them as they are, `classes` by their prototype."""

    objects: frozenset[str]
    classes: frozenset[str]


def find_owners(captures: Captures) -> Owners:
    """Return the owners of all functions that the file assigns."""
    objects: set[str] = set()
    classes: set[str] = set()
    for node in captures.get("assignment", ()):
        right = node.child_by_field_name("right")
        if right is not None and right.type in FUNCTION_VALUES:
            owner = read_expression(node.child_by_field_name("left")).rpartition(".")[0]
            (classes if owner.endswith(_PROTOTYPE) else objects).add(owner.removesuffix(_PROTOTYPE))
    return Owners(frozenset(objects), frozenset(classes))


def split_constructor(draft: Draft) -> tuple[Draft, Draft]:
    """Return the class that a function with a prototype is, and its constructor."""
    made = Draft("class", draft.name, draft.outer, draft.inner, draft.signature, draft.docstring)
    return made, replace(draft, name=CONSTRUCTOR)


def join_owners(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts, those of functions that are assigned to one of the file's objects as its methods."""
    found = list(drafts)
    owners = {draft.name for draft in found if draft.kind != "function"}
    return [_join_owner(draft, owners) for draft in found]


def _join_owner(draft: Draft, owners: set[str]) -> Draft:
    owner = draft.qualified_name.rpartition(".")[0]
    return replace(draft, owner=owner) if owner in owners else draft


def add_inheritance(builder: FactsBuilder, captures: Captures) -> None:
    """Hand on the bases that statements give: `inherits(A, B)`, `A.prototype = Object.create(B.prototype)`."""
    for node in captures.get("assignment", ()):
        target = read_expression(node.child_by_field_name("left"))
        if target.endswith(_PROTOTYPE):
            _add_base(builder, node, target, _read_prototype(node.child_by_field_name("right")))
    for node in captures.get("call", ()):
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if arguments is not None and read_text(function).rpartition(".")[2] == "inherits":
            given = [read_expression(child) for child in arguments.named_children]
            if len(given) == 2:
                _add_base(builder, node, *given)


def _add_base(builder: FactsBuilder, node: tree_sitter.Node, owner: Expression, base: Expression) -> None:
    if base:
        builder.add_extension(builder.scope_at(node.start_byte), owner.removesuffix(_PROTOTYPE), (base,))


def _read_prototype(value: tree_sitter.Node | None) -> Expression:
    """Return the class of which `Object.create(B.prototype)` or `new B()` is an instance, empty for others."""
    if value is None:
        return ""
    if value.type == "new_expression":
        return read_expression(value.child_by_field_name("constructor"))
    if value.type != "call_expression" or read_text(value.child_by_field_name("function")) != "Object.create":
        return ""
    made = read_expression(first_named(value.child_by_field_name("arguments")))
    return made.removesuffix(_PROTOTYPE) if made.endswith(_PROTOTYPE) else ""
