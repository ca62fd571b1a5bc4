"""What an expression may stand for, and how sure each way of finding out is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal[
    "class",  # a class, by name
    "cls",  # a class, as its own methods see it: perhaps a subclass
    "instance",
    "self",  # an instance, as its own methods see it
    "super",
    "function",
    "module",
    "sequence",
    "mapping",
    "gives",  # a method of a container, whose call gives `element`
    "literal",
    "external",  # something from outside the project
]

(LEXICAL, IMPORT, SELF, SUPER, CONSTRUCTOR, ATTRIBUTE, ANNOTATION, RETURN, CONTAINER) = range(9)
(ARGUMENT, SUBCLASS, OVERLOAD, UNIQUE) = range(9, 13)

METHODS: tuple[tuple[str, float], ...] = (
    ("lexical", 1.0),
    ("import", 0.98),
    ("self", 0.95),
    ("super", 0.95),
    ("constructor", 0.95),
    ("attribute", 0.9),
    ("annotation", 0.9),
    ("return", 0.85),
    ("container", 0.75),
    ("argument", 0.7),
    ("subclass", 0.5),
    ("overload", 0.45),
    ("unique_method", 0.4),
)
"""Name and confidence of each rank: a call is as sure as the least sure step that led to it."""

MAX_VALUES = 64


class Value(NamedTuple):
    """One thing that an expression may be. `key` numbers a definition or a module, `owner` the receiver's class.

    `bound` functions have their receiver already; `at` is the constant key under which a container holds
    `element`, empty for any.
    """

    kind: Kind
    key: int
    rank: int
    owner: int = -1
    element: Value | None = None
    at: str = ""
    bound: bool = False


Values = tuple[Value, ...]

EXTERNAL = Value("external", 0, LEXICAL)
LITERAL_VALUE = Value("literal", 0, LEXICAL)


def is_outside(value: Value) -> bool:
    """Whether a value, or what a container holds, comes from outside the project."""
    return value.kind == "external" or (value.element is not None and is_outside(value.element))


def merge(values: Iterable[Value]) -> Values:
    """Return the distinct values, each with its surest rank."""
    found = tuple(values)
    if len(found) < 2 or (len(found) == 2 and found[0] == found[1]):
        return found[:1]
    best: dict[tuple[Kind, int, int, Value | None, str], Value] = {}
    for value in found:
        key = (value.kind, value.key, value.owner, value.element, value.at)
        known = best.get(key)
        if known is None or value.rank < known.rank:
            best[key] = value
    return tuple(best.values())[:MAX_VALUES]


def weaken(values: Iterable[Value], rank: int) -> Values:
    """Return the values, none surer than `rank`."""
    return tuple(value if value.rank >= rank else value._replace(rank=rank) for value in values)
