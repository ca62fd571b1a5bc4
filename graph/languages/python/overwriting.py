"""Values that a file overwrites before anything can have read them: `key = one` right before `key = two`.

Facts have no order of time, so a name may be whatever it is ever bound to. Where one statement directly follows
the other in a block, and all between neither names the target nor calls anything, the older value never counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from graph.facts import Expression
from graph.languages.builder import first_named, read_text
from graph.languages.python.expressions import list_arguments, read_key

MAX_BYTES = 500
_STORES = re.compile(rb"\s*[:=](?!=)|\[|\.update\(")
_RUNS_CODE = re.compile(rb"\(|\byield\b|\bawait\b")


def drop_overwritten(
    assignment: tree_sitter.Node, values: tuple[Expression, ...], source: bytes
) -> tuple[Expression, ...]:
    """Return the values of an assignment to a name, without those that the next statements overwrite."""
    target, statement = assignment.child_by_field_name("left"), assignment.parent
    name = target.text if target is not None else None
    end = assignment.end_byte + MAX_BYTES
    while name and statement is not None and _is_stored_next(name, source, statement.end_byte, end):
        statement = statement.next_named_sibling
        stored = _read_store(statement, name) if statement is not None else None
        if stored is None:
            break
        values = tuple(value for value in values if not value.endswith(stored))
    return values


def _is_stored_next(name: bytes, source: bytes, start: int, end: int) -> bool:
    """Whether the text where a name is next seen looks like a store: most do not, and need no look at nodes."""
    at = source.find(name, start, end)
    return at >= 0 and _STORES.match(source, at + len(name)) is not None


def _read_store(statement: tree_sitter.Node, name: bytes) -> tuple[str, ...] | None:
    """Return how the values end that a statement overwrites in a variable: all do if it binds the name anew.

    None stands for a statement that may read the variable.
    """
    node = first_named(statement) if statement.type == "expression_statement" else None
    if node is None or node.type not in {"assignment", "call"}:
        return None
    target, value = (node.child_by_field_name(field) for field in ("left", "right"))
    if node.type == "call":
        return _read_update(node, name)
    if target is None or value is None or not _is_quiet(value, name):
        return None
    if target.type == "identifier":
        return ("",) if target.text == name else ()
    return tuple(_read_places(target, name)) or None


def _read_update(call: tree_sitter.Node, name: bytes) -> tuple[str, ...] | None:
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    given = list_arguments(arguments) if arguments is not None else []
    if function is None or function.type != "attribute" or len(given) != 1 or given[0].type != "dictionary":
        return None
    owner = function.child_by_field_name("object")
    is_update = read_text(function.child_by_field_name("attribute")) == "update"
    if owner is None or not is_update or owner.text != name or not _is_quiet(given[0], name):
        return None
    keys = (pair.child_by_field_name("key") for pair in given[0].named_children)
    return tuple(f".{{{key}:}}" for node in keys if (key := read_key(node)))


def _read_places(target: tree_sitter.Node, name: bytes) -> Iterator[str]:
    """Yield the steps into the variable's container, innermost first, that a chain of constant keys may be."""
    keys = []
    while target.type == "subscript":
        keys.append(read_key(target.child_by_field_name("subscript")))
        target = target.child_by_field_name("value") or target
    if all(keys) and target.type == "identifier" and target.text == name:
        yield "".join(f".{{{key}:}}" for key in keys)
        if len(keys) == 1 and keys[0].isdigit():
            yield f".{{{keys[0]}}}"


def _is_quiet(node: tree_sitter.Node, name: bytes) -> bool:
    text = node.text or b""
    return name not in text and not _RUNS_CODE.search(text)
