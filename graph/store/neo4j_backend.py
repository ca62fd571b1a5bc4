"""Neo4j over Bolt: one database for all workspaces, told apart by a property in every match and by a label.

A write is one transaction. The driver retries nothing: what failed is tried again as a whole by whoever holds
the work, since every write may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import neo4j
from neo4j import exceptions

from graph import cypher
from graph.store import neo4j_asking, rows
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
from supastate.errors import PermanentError, SupastateError, TransientError

WRITE_SECONDS = 120
INDEX_SECONDS = 60
SCHEMA = tuple(cypher.read_statement(f"neo4j/{name}") for name in ("create_uid_constraint", "create_file_index"))
AWAIT_INDEXES = cypher.read_statement("neo4j/await_indexes")
DELETE_WORKSPACE = cypher.read_statement("neo4j/delete_workspace")
PING = cypher.read_statement("ping")
_TIMED_OUT = "TransactionTimedOut"


class Neo4jBackend:
    """See `Backend`."""

    dialect = Dialect.NEO4J

    def __init__(self, url: str) -> None:
        """Take `bolt://user:password@host:port` (or `neo4j://…`, and either with `+s` or `+ssc` for TLS)."""
        self._url = url
        self._driver = PerProcess(self._open)
        self._is_prepared = False
        self._refuses_writes = False

    def read(self, workspace_id: UUID, statement: str, **parameters: Any) -> list[Row]:
        with self._transaction(neo4j.READ_ACCESS, READ_SECONDS) as transaction:
            return _runner(transaction, workspace_id)(statement, **parameters)

    def ask(self, workspace_id: UUID, question: Question, limits: Limits) -> Answer:
        if not self._refuses_writes:
            with self._session(neo4j.READ_ACCESS) as session:
                neo4j_asking.require_read_only(session)
            self._refuses_writes = True
        with (
            self._session(neo4j.READ_ACCESS) as session,
            _asked(),
            session.begin_transaction(timeout=limits.seconds) as transaction,
        ):
            neo4j_asking.require_local_plan(transaction, workspace_id, question)
            return neo4j_asking.stream_answer(transaction, workspace_id, question, limits)

    def write(self, workspace_id: UUID, work: Callable[[Run], T]) -> T:
        if not self._is_prepared:
            self.prepare()
        with self._transaction(neo4j.WRITE_ACCESS, WRITE_SECONDS) as transaction:
            return work(_runner(transaction, workspace_id))

    def prepare(self) -> None:
        for statement in SCHEMA:
            with self._transaction(neo4j.WRITE_ACCESS, INDEX_SECONDS) as transaction:
                _run(transaction, statement)
        with self._transaction(neo4j.WRITE_ACCESS, INDEX_SECONDS) as transaction:
            _run(transaction, AWAIT_INDEXES, seconds=INDEX_SECONDS)
        self._is_prepared = True

    def prepare_workspace(self, workspace_id: UUID) -> None:
        self.prepare()

    def drop_workspace(self, workspace_id: UUID) -> None:
        while self.write(workspace_id, _remove_batch):
            pass

    def ping(self) -> None:
        with self._transaction(neo4j.READ_ACCESS, CONNECT_SECONDS) as transaction:
            _run(transaction, PING)

    def close(self) -> None:
        if driver := self._driver.take():
            driver.close()

    @contextmanager
    def _transaction(self, access: str, seconds: float) -> Iterator[neo4j.Transaction]:
        """Commit on leaving, roll back on an error, and translate the driver's errors."""
        with self._session(access) as session, session.begin_transaction(timeout=seconds) as transaction:
            yield transaction

    @contextmanager
    def _session(self, access: str) -> Iterator[neo4j.Session]:
        try:
            with self._driver.get().session(default_access_mode=access) as session:
                yield session
        except (exceptions.Neo4jError, exceptions.DriverError) as exc:
            raise _translate(exc) from exc

    def _open(self) -> neo4j.Driver:
        parts = urlsplit(self._url)
        return neo4j.GraphDatabase.driver(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=CONNECT_SECONDS,
            # A server that has hung is noticed when a connection is taken, within the timeout above.
            liveness_check_timeout=0,
            notifications_min_severity="OFF",
        )


def _runner(transaction: neo4j.Transaction, workspace_id: UUID) -> Run:
    def run(statement: str, **parameters: Any) -> list[Row]:
        place = {"workspace": str(workspace_id), "workspaceLabel": workspace_name(workspace_id)}
        return _run(transaction, statement, **parameters, **place)

    return run


def _run(transaction: neo4j.Transaction, statement: str, **parameters: Any) -> list[Row]:
    return transaction.run(statement, parameters).data()


def _remove_batch(run: Run) -> int:
    removed: int = run(DELETE_WORKSPACE, limit=rows.BATCH_ROWS)[0]["removed"]
    return removed


@contextmanager
def _asked() -> Iterator[None]:
    """Translate what a reader's own query can do wrong; the store's words stay here, they quote rewritten text."""
    try:
        yield
    except exceptions.ClientError as exc:
        if _TIMED_OUT in (exc.code or ""):
            raise QueryTimeoutError from exc
        if isinstance(exc, exceptions.AuthError):
            raise
        raise QueryFailedError(f"The graph store could not run this query ({exc.code}).") from exc


def _translate(exc: exceptions.Neo4jError | exceptions.DriverError) -> SupastateError:
    if isinstance(exc, exceptions.Neo4jError) and _TIMED_OUT in (exc.code or ""):
        return TransientError("The graph took too long to answer.", code="graph_timeout")
    if exc.is_retryable() or isinstance(exc, exceptions.DriverError | exceptions.AuthError):
        detail = f"The graph store is away ({type(exc).__name__})."
        return TransientError(detail, code="graph_unavailable", counts_as_attempt=False)
    return PermanentError(f"The graph store refused this ({exc.code}).", code="graph_refused")
