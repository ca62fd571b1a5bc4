"""The vocabulary of the code graph: labels, edge types, and the immutable rows between resolver and stores.

A `uid` is opaque and URL-safe: a hash of (project, path, kind, qualified name, ordinal). The ordinal tells
redefinitions apart (overloads, property setters, conditional definitions), in source order from 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Scalar = str | int | float | bool | None
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [left + right for left in _LETTERS for right in _LETTERS]


class NodeLabel(StrEnum):
    PROJECT = "Project"
    FILE = "File"
    CLASS = "Class"
    FUNCTION = "Function"
    MODULE = "Module"
    SESSION = "Session"
    MEMORY = "Memory"
    PATTERN = "Pattern"


class EdgeType(StrEnum):
    CONTAINS = "CONTAINS"
    DEFINES = "DEFINES"
    IMPORTS = "IMPORTS"
    CALLS = "CALLS"
    INHERITS = "INHERITS"
    OVERRIDES = "OVERRIDES"
    TOUCHED = "TOUCHED"
    MENTIONS = "MENTIONS"
    NEXT = "NEXT"
    EVIDENCED_BY = "EVIDENCED_BY"


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `src_file` is the path whose change makes it stale (None for nodes that no file owns).

    With `deleted_at` (epoch ms) it is a tombstone: gone from its file, kept because memories mention it.
    """

    label: NodeLabel
    uid: str
    properties: Mapping[str, Scalar] = field(default_factory=dict)
    src_file: str | None = None
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One relationship between two uids: at most one per (type, source, target), repeats merged."""

    type: EdgeType
    source_label: NodeLabel
    source: str
    target_label: NodeLabel
    target: str
    properties: Mapping[str, Scalar] = field(default_factory=dict)
    src_file: str | None = None


def make_uid(project: str, path: str, kind: str, qualified_name: str, ordinal: int = 0) -> str:
    """Return the 26-character uid of a graph node; stable for ever for the same five parts."""
    parts = "\x00".join((project, path, kind, qualified_name, str(ordinal)))
    digest = hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return _base32(digest)


def _base32(digest: bytes) -> str:
    number = int.from_bytes(digest, "big")
    pairs = []
    for _ in range(13):
        number, index = divmod(number, 1024)
        pairs.append(_PAIRS[index])
    return "".join(reversed(pairs))
