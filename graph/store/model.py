"""What goes into a graph store and what comes out of it: immutable values, the same for every store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from graph.elements import Edge, EdgeType, Node, NodeLabel, Scalar


class Layer(StrEnum):
    """The graph's two halves, each rebuilt and swept by itself."""

    CODE = "code"
    LINKS = "links"

    @property
    def labels(self) -> frozenset[NodeLabel]:
        return CODE_LABELS if self is Layer.CODE else LINK_LABELS

    @property
    def types(self) -> frozenset[EdgeType]:
        return LINK_TYPES if self is Layer.LINKS else frozenset(EdgeType) - LINK_TYPES


CODE_LABELS = frozenset({NodeLabel.FILE, NodeLabel.CLASS, NodeLabel.FUNCTION, NodeLabel.MODULE})
LINK_LABELS = frozenset({NodeLabel.SESSION, NodeLabel.MEMORY, NodeLabel.PATTERN})
LINK_TYPES = frozenset({EdgeType.TOUCHED, EdgeType.MENTIONS, EdgeType.NEXT, EdgeType.EVIDENCED_BY})


@dataclass(frozen=True, slots=True)
class FileGraph:
    """All that one file says: it owns its nodes, except those without `src_file`, and all of its edges.

    An edge belongs to the file in which at least one of its ends is defined.
    """

    path: str
    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()


@dataclass(frozen=True, slots=True)
class LinkScope:
    """What a write of links replaces: every edge of `types` that leaves one of `sources` (uids)."""

    sources: Collection[str]
    types: Collection[EdgeType]


@dataclass(frozen=True, slots=True)
class Written:
    """A write that was done: `missing_ends` counts edges left out because a node was not there."""

    nodes: int = 0
    edges: int = 0
    missing_ends: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class StaleEpoch:
    """A newer epoch has written to this project: this write changed nothing from then on and must stop."""

    epoch: int


WriteOutcome = Written | StaleEpoch


@dataclass(frozen=True, slots=True)
class GraphEntity:
    """One node. `properties` holds all that its writer gave; `deleted_at` (epoch ms) marks a tombstone."""

    uid: str
    label: NodeLabel
    project: str
    src_file: str | None = None
    deleted_at: int | None = None
    properties: Mapping[str, Scalar] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the property `name` as text, empty if there is none."""
        value = self.properties.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class GraphNeighbour:
    """A node and the best edge by which it was reached: next to `via`, `depth` steps from the start."""

    entity: GraphEntity
    depth: int
    via: str
    confidence: float | None
    method: str | None
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Neighbours in order of depth; `truncated` if there are more than were asked for."""

    items: tuple[GraphNeighbour, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class FileImports:
    """What a file imports, and the files that import it."""

    imports: Neighbourhood
    imported_by: Neighbourhood


@dataclass(frozen=True, slots=True)
class ImpactPath:
    """A caller, direct or not, and the uids from it (first) down to what it would be hit by (last).

    `confidence` is the product over the calls of the path, an unknown one counting as 1.
    """

    entity: GraphEntity
    path: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that may change when an entity changes, nearest first."""

    items: tuple[ImpactPath, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class EntityPage:
    """A page of search results; `next_cursor` is None on the last."""

    items: tuple[GraphEntity, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class GraphCounts:
    """Nodes by label (tombstones too) and edges by type; what there is none of is not named."""

    nodes: Mapping[NodeLabel, int]
    edges: Mapping[EdgeType, int]


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Hashes of a graph's code, one for each node and each edge with all that lasts of its properties."""

    nodes: frozenset[bytes]
    edges: frozenset[bytes]
