"""The least that writes the rows of a graph to a store: one label, one type, MERGE by uid, in batches."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import falkordb  # type: ignore[import-untyped]
import neo4j

from graph.store.rows import batches

_CYPHER = Path(__file__).parent / "cypher"
_Rows = Sequence[dict[str, object]]


def _read(name: str) -> str:
    return (_CYPHER / f"{name}.cypher").read_text()


class BareGraph(Protocol):
    """A store as its client library gives it."""

    def write(self, nodes: _Rows, edges: _Rows) -> float:
        """Write the rows; returns the seconds."""

    def clear(self) -> None:
        """Remove everything that was written here."""

    def close(self) -> None:
        """Close the connection."""


class BareFalkorDB:
    """FalkorDB: every statement by itself."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._graph = falkordb.FalkorDB(host=address.hostname, port=address.port).select_graph("bare")

    def write(self, nodes: _Rows, edges: _Rows) -> float:
        """Write the rows; returns the seconds."""
        self._graph.query(_read("create_index"))
        began = time.perf_counter()
        for name, found in (("merge_nodes", nodes), ("merge_edges", edges)):
            for batch in batches(found):
                self._graph.query(_read(name), {"rows": batch})
        seconds = time.perf_counter() - began
        _require_edges(self._graph.query(_read("count_edges")).result_set[0][0], edges)
        return seconds

    def clear(self) -> None:
        """Remove the graph, index and all."""
        self._graph.delete()

    def close(self) -> None:
        """Close the connection."""
        self._graph.client.connection.close()


class BareNeo4j:
    """Neo4j: one transaction for all statements, as the store has it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._driver = neo4j.GraphDatabase.driver(
            f"bolt://{address.hostname}:{address.port}", auth=(address.username or "", address.password or "")
        )

    def write(self, nodes: _Rows, edges: _Rows) -> float:
        """Write the rows; returns the seconds."""
        self._run("create_index_once")
        self._run("await_indexes")
        began = time.perf_counter()
        with self._driver.session() as session, session.begin_transaction() as transaction:
            for name, found in (("merge_nodes", nodes), ("merge_edges", edges)):
                for batch in batches(found):
                    transaction.run(_read(name), {"rows": batch}).consume()
        seconds = time.perf_counter() - began
        _require_edges(self._run("count_edges")[0]["edges"], edges)
        return seconds

    def clear(self) -> None:
        """Remove the nodes with their edges."""
        self._run("delete_all")

    def close(self) -> None:
        """Close the driver."""
        self._driver.close()

    def _run(self, name: str) -> list[dict[str, Any]]:
        found, _, _ = self._driver.execute_query(_read(name))
        return [record.data() for record in found]


def _require_edges(written: int, edges: _Rows) -> None:
    if written == 0 or written > len(edges):
        raise RuntimeError(f"{written} of {len(edges)} edges were written.")
