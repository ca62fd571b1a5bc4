"""The graph store: one protocol, two backends. `connect(url)` is the way in."""

from graph.store.connecting import connect
from graph.store.protocol import GraphStore

__all__ = ["GraphStore", "connect"]
