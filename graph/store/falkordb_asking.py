"""Readers' queries on FalkorDB: refused unless a write is refused, and cut off when the answer grows too large."""

from __future__ import annotations

from typing import Any

import falkordb  # type: ignore[import-untyped]
import redis
from redis import exceptions

from graph import cypher
from graph.elements import EdgeType
from graph.store import rows
from graph.store.asking import (
    INTERNAL,
    Answer,
    AnswerTooLargeError,
    GraphEdge,
    GraphPath,
    Limits,
    Question,
    find_ends,
    name_ends,
    take_rows,
)
from supastate.errors import PermanentError

PROBE_WRITE = cypher.read_statement("falkordb/probe_write")
UIDS_OF_NODES = cypher.read_statement("falkordb/uids_of_nodes")
MOST_ANSWER_BYTES = 32 * 1024 * 1024
_WRITE_REFUSED = "read-only"


class _MeteredSocket:
    """A socket that stops when more was received since the last command than an answer may have."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.room = MOST_ANSWER_BYTES

    def recv(self, *arguments: Any) -> bytes:
        received: bytes = self._socket.recv(*arguments)
        self.room -= len(received)
        if self.room < 0:
            raise AnswerTooLargeError(limit=MOST_ANSWER_BYTES)
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class _Metered:
    """A connection that is closed when an answer grows too large, before it fills this process."""

    def _connect(self) -> Any:
        return _MeteredSocket(super()._connect())  # type: ignore[misc]

    def send_packed_command(self, *arguments: Any, **options: Any) -> Any:
        if isinstance(socket := getattr(self, "_sock", None), _MeteredSocket):
            socket.room = MOST_ANSWER_BYTES
        return super().send_packed_command(*arguments, **options)  # type: ignore[misc]


class MeteredConnection(_Metered, redis.Connection):
    """Over TCP."""


class MeteredTlsConnection(_Metered, redis.SSLConnection):
    """Over TLS."""


def require_read_only(graph: Any) -> None:
    """Raise unless GRAPH.RO_QUERY refuses a write."""
    try:
        graph.ro_query(PROBE_WRITE)
    except exceptions.ResponseError as exc:
        if _WRITE_REFUSED in str(exc):
            return
        raise
    raise PermanentError("The graph store takes writes in read mode.", code="graph_not_read_only")


def read_answer(graph: Any, question: Question, limits: Limits) -> Answer:
    """Run the query and return its rows up to the limits."""
    result = graph.ro_query(question.text, dict(question.parameters), timeout=limits.seconds * 1000)
    answer = take_rows((tuple(map(_read_value, row)) for row in result.result_set), limits)
    ends = sorted(find_ends(answer.rows))
    if not ends:
        return answer
    found = graph.ro_query(UIDS_OF_NODES, {"ids": [int(end) for end in ends]}, timeout=limits.seconds * 1000)
    return Answer(name_ends(answer.rows, {str(row[0]): row[1] for row in found.result_set}), answer.truncated)


def _read_value(value: Any) -> Any:
    if isinstance(value, falkordb.Node):
        return rows.read_entity({"labels": value.labels or (), "properties": value.properties})
    if isinstance(value, falkordb.Edge):
        return _read_edge(value)
    if isinstance(value, falkordb.Path):
        return GraphPath(tuple(map(_read_value, value.nodes())), tuple(map(_read_edge, value.edges())))
    if isinstance(value, list):
        return [_read_value(item) for item in value]
    if isinstance(value, dict):
        return {key: _read_value(item) for key, item in value.items()}
    return value


def _read_edge(edge: Any) -> GraphEdge:
    properties = {key: value for key, value in edge.properties.items() if key not in INTERNAL}
    return GraphEdge(EdgeType(edge.relation), str(edge.src_node), str(edge.dest_node), properties)
