"""What links memories to code: the paths and names that they speak of, else what their vectors are near to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from processing.embedding_models import active_model
from processing.linking.calibration import FEWEST_WORDS, MOST_LINKS, calibration_of
from processing.linking.statements import fetch_rows
from processing.models import MemoryLink
from processing.statements import run_statement

How = MemoryLink.How


@dataclass(frozen=True, slots=True)
class Link:
    """A memory and a piece of code, or what is left of it; one of the two ids is None."""

    memory_id: UUID
    code_object_id: UUID | None
    tombstone_id: UUID | None
    uid: str
    kind: str
    how: str
    confidence: float

    @property
    def edge(self) -> str:
        """A tool touched the file; words only mention it."""
        touched = self.how in {How.TOOL_EDIT, How.TOOL_READ}
        return MemoryLink.Edge.TOUCHED if touched else MemoryLink.Edge.MENTIONS


def find_links(memory_ids: Sequence[UUID]) -> list[Link]:
    """Return the links of memories, by vectors where nothing else was found. Runs inside a workspace scope."""
    with run_statement("links_of_memories", {"memory_ids": list(memory_ids)}) as cursor:
        named = [Link(*row) for row in cursor.fetchall()]
    linked = {link.memory_id for link in named}
    return [*named, *_find_nearest([memory_id for memory_id in memory_ids if memory_id not in linked])]


def _find_nearest(memory_ids: Sequence[UUID]) -> list[Link]:
    model = active_model()
    calibration = calibration_of(model.spec)
    if calibration is None or not memory_ids:
        return []
    parameters = {
        "memory_ids": list(memory_ids),
        "fewest_words": FEWEST_WORDS,
        "model": model.name,
        "least": calibration.least,
        "most": MOST_LINKS,
    }
    return [
        Link(memory_id, code_id, None, uid, kind, How.VECTOR, calibration.confidence(similarity))
        for memory_id, code_id, uid, kind, similarity in fetch_rows("nearest_code", parameters)
    ]
