"""A reader's own query in a store: what goes in, what comes out, and the caps on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.elements import EdgeType, Scalar
from graph.store.model import GraphEntity
from supastate.errors import SupastateError

_VALUE_BYTES = 8
INTERNAL = frozenset({"owner", "epoch"})


class QueryTimeoutError(SupastateError):
    """The query took too long: start from fewer nodes, follow shorter paths, or set a LIMIT."""

    code = "query_timeout"
    http_status = 422


class QueryFailedError(SupastateError):
    """The graph store could not run this query."""

    code = "cypher_failed"
    http_status = 400


class AnswerTooLargeError(SupastateError):
    """The answer is too large: return fewer columns, or properties instead of nodes, or set a LIMIT."""

    code = "answer_too_large"
    http_status = 413


@dataclass(frozen=True, slots=True)
class Question:
    """A guarded query as a store takes it."""

    text: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may take: seconds, rows, and bytes, roughly as JSON."""

    seconds: int
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """One relationship. `source` and `target` are uids; on the way out of a store, its own ids."""

    type: EdgeType
    source: str
    target: str
    properties: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphPath:
    """Nodes, and the edge between each two of them."""

    nodes: tuple[GraphEntity, ...]
    edges: tuple[GraphEdge, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of JSON values, `GraphEntity`, `GraphEdge` and `GraphPath`; `truncated` if there were more."""

    rows: tuple[tuple[Any, ...], ...] = ()
    truncated: bool = False


def take_rows(rows: Iterable[tuple[Any, ...]], limits: Limits) -> Answer:
    """Return the rows up to the limits, reading no further."""
    taken: list[tuple[Any, ...]] = []
    room = limits.bytes
    for row in rows:
        room -= sum(map(count_bytes, row))
        if len(taken) == limits.rows or (room < 0 and taken):
            return Answer(tuple(taken), truncated=True)
        if room < 0:
            raise AnswerTooLargeError(limit=limits.bytes)
        taken.append(row)
    return Answer(tuple(taken))


def count_bytes(value: Any) -> int:
    """Return about how long a value is as JSON."""
    if isinstance(value, str):
        return len(value) + 2
    if isinstance(value, GraphEntity | GraphEdge):
        return 200 + count_bytes(value.properties)
    if isinstance(value, GraphPath):
        return sum(map(count_bytes, (*value.nodes, *value.edges)))
    if isinstance(value, list | tuple):
        return 2 + sum(map(count_bytes, value))
    if isinstance(value, Mapping):
        return 2 + sum(len(key) + 4 + count_bytes(item) for key, item in value.items())
    return _VALUE_BYTES


def find_ends(value: Any) -> set[str]:
    """Return the store's ids of all nodes between which the value has edges."""
    if isinstance(value, GraphEdge):
        return {value.source, value.target}
    return {end for part in _parts(value) for end in find_ends(part)}


def name_ends(value: Any, uids: Mapping[str, str]) -> Any:
    """Return the value with uids in place of the store's ids."""
    if isinstance(value, GraphEdge):
        return GraphEdge(value.type, uids.get(value.source, ""), uids.get(value.target, ""), value.properties)
    if isinstance(value, GraphPath):
        return GraphPath(value.nodes, tuple(name_ends(edge, uids) for edge in value.edges))
    if isinstance(value, list | tuple):
        return type(value)(name_ends(item, uids) for item in value)
    if isinstance(value, dict):
        return {key: name_ends(item, uids) for key, item in value.items()}
    return value


def _parts(value: Any) -> Collection[Any]:
    if isinstance(value, GraphPath):
        return value.edges
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
