"""One hash for a project's graph: equal for the same nodes, edges and properties, in either store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from graph import cypher
from graph.store import rows
from graph.store.backend import Backend, Row

PAGE_NODES = 2_000
EXPORT_PROJECT = cypher.read_statement("export_project")
_PASSING = frozenset({"workspace", "epoch", "deletedAt"})


def read_checksum(backend: Backend, workspace_id: UUID, *, project: str) -> str:
    """Return the hash, 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    after = ""
    while page := backend.read(workspace_id, EXPORT_PROJECT, project=project, after=after, limit=PAGE_NODES):
        for line in _lines(page):
            digest.update(line.encode() + b"\n")
        after = page[-1]["uid"]
    return digest.hexdigest()


def _lines(page: list[Row]) -> Iterator[str]:
    for row in page:
        label = rows.read_label(row["labels"])
        is_buried = "deletedAt" in row["properties"]
        yield json.dumps([label, is_buried, _lasting(row["properties"])])
        edges = [edge for edge in row["edges"] if edge[0] is not None]
        yield from sorted(json.dumps([kind, target, _lasting(found)]) for kind, target, found in edges)


def _lasting(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a rebuild makes again, floats to the 12 digits that both stores keep."""
    return {
        key: format(value, ".12g") if isinstance(value, float) else value
        for key, value in sorted(properties.items())
        if key not in _PASSING
    }
