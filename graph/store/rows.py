"""From nodes and edges to the rows of a statement, and back."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from graph.elements import Edge, Node, NodeLabel, Scalar, make_uid
from graph.store.backend import Row
from graph.store.model import FileGraph, GraphEntity
from supastate.errors import PermanentError

BATCH_ROWS = 2_000
RESERVED = frozenset({"workspace", "uid", "project", "owner", "srcFile", "epoch", "deletedAt"})
# The owner of what no file owns: an index holds no null.
NO_OWNER = "none"
_LABELS = {label.value: label for label in NodeLabel}
_UID = re.compile(r"[0-9A-Za-z_-]{1,128}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

T = TypeVar("T")


def node_row(node: Node, *, workspace_id: UUID, project: str, epoch: int) -> dict[str, Any]:
    """Return the row of `write_nodes`."""
    properties = storable_properties(node.properties)
    properties |= {
        "workspace": str(workspace_id),
        "uid": node.uid,
        "project": project,
        "owner": owner_key(node.src_file),
        "epoch": epoch,
    }
    if node.src_file is not None:
        properties["srcFile"] = storable_text(node.src_file)
    if node.deleted_at is not None:
        properties["deletedAt"] = node.deleted_at
    return {"uid": checked_uid(node.uid), "properties": properties}


def edge_row(edge: Edge, *, epoch: int) -> dict[str, Any]:
    """Return the row of `write_edges`."""
    properties = storable_properties(edge.properties)
    properties |= {"owner": owner_key(edge.src_file), "epoch": epoch}
    return {"source": checked_uid(edge.source), "target": checked_uid(edge.target), "properties": properties}


@lru_cache(maxsize=256)
def owner_key(path: str | None) -> str:
    """Return what nodes and edges of a file are found by; remembered, since a file's rows come together.

    It is a hash, for indexes have limits: Neo4j's on length, and FalkorDB's cuts space off both ends of a text.
    """
    return NO_OWNER if path is None else make_uid("", path, "owner", "")


def checked_uid(uid: str) -> str:
    """Return the uid, or refuse it: an empty, overlong or space-ended one makes FalkorDB's constraint crash."""
    if not _UID.fullmatch(uid):
        raise PermanentError("A uid is 1 to 128 letters, digits, - and _.", code="invalid_uid")
    return uid


def storable_text(text: str) -> str:
    """Return the text with U+FFFD for what no store can hold: NUL and lone surrogates."""
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)


def storable_properties(properties: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return what both stores can hold: no nulls, NULs or lone surrogates; finite 64-bit numbers."""
    if not RESERVED.isdisjoint(properties):
        clash = ", ".join(sorted(RESERVED.intersection(properties)))
        raise PermanentError(f"The store keeps {clash} itself.", code="invalid_property")
    return {
        key: storable_text(value) if isinstance(value, str) else _storable_number(key, value)
        for key, value in properties.items()
        if value is not None
    }


def _storable_number(key: str, value: float) -> float:
    if isinstance(value, float) and not math.isfinite(value):
        raise PermanentError(f"The property {key} is not a finite number.", code="invalid_property")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise PermanentError(f"The property {key} does not fit 64 bits.", code="invalid_property")
    return value


def own_nodes(file: FileGraph) -> list[Node]:
    """Return the file's nodes, checked to be owned by it or by nobody."""
    for node in file.nodes:
        if node.src_file not in (None, file.path):
            raise PermanentError(f"{node.src_file} owns a node given with {file.path}.", code="foreign_node")
    return list(file.nodes)


def own_edges(file: FileGraph) -> list[Edge]:
    """Return the file's edges as its own, checked to have an end in it: by that end they are found again."""
    defined = {node.uid for node in file.nodes if node.src_file == file.path}
    for edge in file.edges:
        if edge.source not in defined and edge.target not in defined:
            raise PermanentError(f"An edge given with {file.path} has no end there.", code="foreign_edge")
    return [edge if edge.src_file == file.path else replace(edge, src_file=file.path) for edge in file.edges]


def batches(items: Collection[T]) -> Iterator[list[T]]:
    """Yield lists of at most `BATCH_ROWS` items."""
    rows = list(items)
    for start in range(0, len(rows), BATCH_ROWS):
        yield rows[start : start + BATCH_ROWS]


def group_sorted(pairs: Iterable[tuple[T, tuple[str, ...], dict[str, Any]]]) -> Iterator[tuple[T, list[Any]]]:
    """Group (kind, key, row) by kind, rows in order of key; of rows with one key the last counts."""
    unique: dict[T, dict[tuple[str, ...], dict[str, Any]]] = defaultdict(dict)
    for kind, key, row in pairs:
        unique[kind][key] = row
    for kind in sorted(unique, key=str):
        yield kind, [unique[kind][key] for key in sorted(unique[kind])]


def read_label(labels: Sequence[str]) -> NodeLabel:
    """Return the one label of the vocabulary among a node's labels."""
    return next(_LABELS[label] for label in labels if label in _LABELS)


def read_entity(row: Row) -> GraphEntity:
    """Return the entity of a row (labels, properties)."""
    properties = row["properties"]
    return GraphEntity(
        uid=properties["uid"],
        label=read_label(row["labels"]),
        project=properties["project"],
        src_file=properties.get("srcFile"),
        deleted_at=properties.get("deletedAt"),
        properties={key: properties[key] for key in sorted(properties) if key not in RESERVED},
    )


def read_lines(properties: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the lines of an edge, which it holds as "12,40"."""
    return tuple(int(line) for line in str(properties.get("lines") or "").split(",") if line)
