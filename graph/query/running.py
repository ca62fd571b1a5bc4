"""Raw Cypher for one reader: the one way in, for the REST endpoint, Studio and MCP."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from graph.connection import graph_store
from graph.query.allowed import LABELS
from graph.query.guarding import LABELS as LABELS_PARAMETER
from graph.query.guarding import PROJECTS
from graph.query.lowering import lower_query
from graph.query.parameters import check_parameters
from graph.query.parsing import parse_query
from graph.query.turns import take_turn
from graph.query.writing import write_query
from graph.store.asking import Answer, Limits
from graph.store.backend import Dialect, workspace_name
from supastate.errors import TooLargeError

MOST_CHARACTERS = 10_000
FALKORDB_HOME = "Entity"


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Columns by name and rows of values: JSON's, and the store's entities, edges and paths."""

    columns: tuple[str, ...]
    answer: Answer


def run_query(
    workspace_id: UUID, cypher: str, parameters: Mapping[str, Any], *, projects: Collection[str]
) -> QueryResult:
    """Answer a query from the nodes of `projects` (uids of all that the reader may see) in the workspace.

    Nothing is written. Raises InvalidInputError with a code and a place for what is not allowed, and what
    `GraphStore.ask` raises. Call it outside of any workspace scope.
    """
    if len(cypher) > MOST_CHARACTERS:
        raise TooLargeError(
            f"The query is longer than {MOST_CHARACTERS} characters.", code="query_too_long", limit=MOST_CHARACTERS
        )
    check_parameters(parameters)
    limits = read_limits()
    runnable = lower_query(parse_query(cypher), parameters=parameters, most_rows=limits.rows + 1)
    store = graph_store()
    on_neo4j = store.dialect is Dialect.NEO4J
    internal: dict[str, Any] = {PROJECTS: sorted(projects), LABELS_PARAMETER: sorted(LABELS)}
    if on_neo4j:
        internal["_workspace"] = str(workspace_id)
    question = write_query(
        runnable.query,
        home=workspace_name(workspace_id) if on_neo4j else FALKORDB_HOME,
        workspace_label=on_neo4j,
        parameters=parameters,
        internal=internal,
    )
    with take_turn(workspace_id, most=settings.GRAPH_QUERY_CONCURRENCY):
        return QueryResult(runnable.columns, store.ask(workspace_id, question, limits))


def read_limits() -> Limits:
    """Return what an answer may take."""
    return Limits(
        seconds=settings.GRAPH_QUERY_SECONDS, rows=settings.GRAPH_QUERY_ROWS, bytes=settings.GRAPH_QUERY_BYTES
    )
