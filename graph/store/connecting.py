"""From GRAPH_URL to a store."""

from __future__ import annotations

from urllib.parse import urlsplit

from graph.store.cypher_store import CypherStore
from graph.store.falkordb_backend import FalkorBackend
from graph.store.neo4j_backend import Neo4jBackend
from graph.store.protocol import GraphStore
from supastate.errors import ConfigurationError

_NEO4J = frozenset(f"{scheme}{tls}" for scheme in ("bolt", "neo4j") for tls in ("", "+s", "+ssc"))
_FALKORDB = frozenset({"falkor", "falkors"})


def connect(url: str) -> GraphStore:
    """Return the store that a URL names, without opening a connection yet.

    `bolt://user:password@host:port`, `neo4j://…` or `falkor://[user:password@]host:port`.
    """
    scheme = urlsplit(url).scheme
    if scheme in _NEO4J:
        return CypherStore(Neo4jBackend(url))
    if scheme in _FALKORDB:
        return CypherStore(FalkorBackend(url))
    raise ConfigurationError(f"GRAPH_URL begins with bolt://, neo4j:// or falkor://, not {scheme or 'nothing'}://")
