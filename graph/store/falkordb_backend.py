"""FalkorDB over RESP: one graph per workspace.

Each statement is atomic, a write of several is not. The schema lives in the graph and goes with it, so every
write looks whether it is there, which costs one round trip.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import falkordb  # type: ignore[import-untyped]
import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from graph import cypher
from graph.store import falkordb_asking
from graph.store.asking import Answer, Limits, QueryFailedError, QueryTimeoutError, Question
from graph.store.backend import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Dialect,
    PerProcess,
    Row,
    Run,
    T,
    workspace_name,
)
from graph.store.falkordb_text import write_parameters
from supastate.errors import PermanentError, SupastateError, TransientError

ANSWER_SECONDS = READ_SECONDS + 5
SCHEMA_SECONDS = 30
INDEXED = cypher.read_statement("falkordb/indexed_properties")
CREATE_INDEX = {
    ("uid",): cypher.read_statement("falkordb/create_uid_index"),
    ("project", "owner"): cypher.read_statement("falkordb/create_file_index"),
}
CONSTRAINT_STATUS = cypher.read_statement("falkordb/constraint_status")
METERED = {
    "falkor": falkordb_asking.MeteredConnection,
    "falkors": falkordb_asking.MeteredTlsConnection,
}
_NO_GRAPH = "empty key"
_TIMED_OUT = "timed out"
_REASONS = ("Type mismatch", "Division by zero")


class FalkorBackend:
    """See `Backend`."""

    dialect = Dialect.FALKORDB

    def __init__(self, url: str) -> None:
        """Take `falkor://[user:password@]host:port`, or `falkors://` for TLS."""
        self._url = url
        self._client = PerProcess(self._open)
        self._probe = PerProcess(self._open_probe)
        self._refuses_writes = False

    def read(self, workspace_id: UUID, statement: str, **parameters: Any) -> list[Row]:
        with _translated():
            graph = self._graph(workspace_id)
            return _read(graph, statement, {**parameters, "workspace": str(workspace_id)})

    def ask(self, workspace_id: UUID, question: Question, limits: Limits) -> Answer:
        with _translated(), _asked():
            graph = self._graph(workspace_id)
            if not self._client.get().connection.exists(graph.name):
                return Answer()
            if not self._refuses_writes:
                falkordb_asking.require_read_only(graph)
                self._refuses_writes = True
            return falkordb_asking.read_answer(graph, question, limits)

    def write(self, workspace_id: UUID, work: Callable[[Run], T]) -> T:
        with _translated():
            graph = self._graph(workspace_id)
            self._ensure_schema(graph)

            def run(statement: str, **parameters: Any) -> list[Row]:
                header = write_parameters({**parameters, "workspace": str(workspace_id)})
                return _rows(graph.query(header + statement))

            return work(run)

    def prepare(self) -> None:
        self.ping()

    def prepare_workspace(self, workspace_id: UUID) -> None:
        with _translated():
            self._ensure_schema(self._graph(workspace_id))

    def drop_workspace(self, workspace_id: UUID) -> None:
        with _translated():
            try:
                self._graph(workspace_id).delete()
            except exceptions.ResponseError as exc:
                if _NO_GRAPH not in str(exc):
                    raise

    def ping(self) -> None:
        with _translated():
            self._probe.get().ping()

    def close(self) -> None:
        for kept in (self._client, self._probe):
            if client := kept.take():
                client.close()

    def _graph(self, workspace_id: UUID) -> Any:
        """Ask first whether the server lives: a statement may take its time, a dead server may not."""
        self._probe.get().ping()
        return self._client.get().select_graph(workspace_name(workspace_id))

    def _open_probe(self) -> redis.Redis:
        scheme = {"falkor": "redis", "falkors": "rediss"}[urlsplit(self._url).scheme]
        return redis.Redis.from_url(
            f"{scheme}:{self._url.partition(':')[2]}",
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=CONNECT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    def _open(self) -> Any:
        return falkordb.FalkorDB.from_url(
            self._url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            health_check_interval=0,
            retry=Retry(NoBackoff(), 0),
            connection_class=METERED[urlsplit(self._url).scheme],
        )

    def _ensure_schema(self, graph: Any) -> None:
        """Create what is missing: the constraint needs its index first, and holds once it is OPERATIONAL."""
        if _status(graph) == "OPERATIONAL":
            return
        indexed = {name for row in _read(graph, INDEXED, {}) for name in row["properties"]}
        for names, statement in CREATE_INDEX.items():
            if not indexed.issuperset(names):
                graph.query(statement)
        if _status(graph) is None:
            graph.create_node_unique_constraint("Entity", "uid")
        _await_constraint(graph)


def _await_constraint(graph: Any) -> None:
    deadline = time.monotonic() + SCHEMA_SECONDS
    while (status := _status(graph)) != "OPERATIONAL":
        if status == "FAILED":
            raise PermanentError("Two nodes of this graph have one uid: rebuild it.", code="graph_corrupt")
        if time.monotonic() > deadline:
            raise TransientError("The graph's constraint is still being made.", code="graph_timeout")
        time.sleep(0.01)


def _status(graph: Any) -> str | None:
    found = _read(graph, CONSTRAINT_STATUS, {})
    return str(found[0]["status"]) if found else None


def _read(graph: Any, statement: str, parameters: dict[str, Any]) -> list[Row]:
    try:
        return _rows(graph.ro_query(statement, parameters, timeout=READ_SECONDS * 1000))
    except exceptions.ResponseError as exc:
        if _NO_GRAPH in str(exc):
            return []
        raise


def _rows(result: Any) -> list[Row]:
    names = [column[1] for column in result.header]
    return [dict(zip(names, row, strict=True)) for row in result.result_set]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except exceptions.RedisError as exc:
        raise _translate(exc) from exc


@contextmanager
def _asked() -> Iterator[None]:
    """Translate what a reader's own query can do wrong; the store's words stay here, they quote rewritten text."""
    try:
        yield
    except exceptions.ResponseError as exc:
        if _TIMED_OUT in str(exc):
            raise QueryTimeoutError from exc
        if isinstance(exc, exceptions.OutOfMemoryError | exceptions.ReadOnlyError) or "pending queries" in str(
            exc
        ):
            raise
        reason = next((words for words in _REASONS if str(exc).startswith(words)), "refused")
        raise QueryFailedError(f"The graph store could not run this query ({reason}).") from exc


def _translate(exc: exceptions.RedisError) -> SupastateError:
    if isinstance(exc, exceptions.ResponseError) and _TIMED_OUT in str(exc):
        return TransientError("The graph took too long to answer.", code="graph_timeout")
    away = (
        exceptions.ConnectionError
        | exceptions.TimeoutError
        | exceptions.OutOfMemoryError
        | exceptions.ReadOnlyError
    )
    if isinstance(exc, away) or "pending queries" in str(exc):
        detail = f"The graph store is away ({type(exc).__name__})."
        return TransientError(detail, code="graph_unavailable", counts_as_attempt=False)
    return PermanentError("The graph store refused this.", code="graph_refused")
