"""The leaders of topics: the nearest is found by a signature of 1,024 bits, and compared by its vector.

Bit i of a signature is the side of hyperplane i that a vector lies on (Charikar 2002): vectors of cosine 0.8, 37°
apart, differ in about 210 of 1,024 bits, unrelated ones in about 512. Signatures have one length whatever the
model, so one index serves all; the 20 nearest are compared exactly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pgvector import Bit, Vector

from processing.models import TopicLeader
from processing.models.patterns import SIGNATURE_BITS
from processing.patterns.sightings import Audience
from processing.patterns.statements import run_statement
from supastate.workspaces.scope import workspace_scope

LEAST_COSINE = 0.8
CANDIDATES = 20
SIGNED_AT_ONCE = 500

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class NewLeader:
    """A memory that looks for its group, with its vector by a model and the signature of that."""

    memory_id: UUID
    project_id: UUID | None
    audience: Audience
    model: str
    vector: Floats
    signature: str


def find_vectors(memory_ids: Sequence[UUID], *, model: str) -> dict[UUID, Floats]:
    """Return the vectors of the beginnings of memories that have one."""
    with run_statement("vectors_of_memories", {"ids": list(memory_ids), "model": model}) as cursor:
        return {memory_id: np.asarray(vector, dtype=np.float32) for memory_id, vector in cursor.fetchall()}


def find_leader(newcomer: NewLeader) -> UUID | None:
    """Return the leader nearest to a memory, of its audience and project, if it is near enough."""
    parameters = {
        "model": newcomer.model,
        "project": newcomer.project_id,
        "visibility": newcomer.audience.visibility,
        "author": newcomer.audience.author_id if newcomer.audience.is_private else None,
        "signature": newcomer.signature,
        "vector": Vector(newcomer.vector).to_text(),
        "candidates": CANDIDATES,
        "least": LEAST_COSINE,
    }
    with run_statement("nearest_leader", parameters) as cursor:
        found = cursor.fetchone()
    return found[0] if found else None


def lead(newcomer: NewLeader, *, workspace_id: UUID) -> None:
    """Make a memory the leader of a group of its own."""
    TopicLeader.objects.create(
        workspace_id=workspace_id,
        project_id=newcomer.project_id,
        author_id=newcomer.audience.author_id,
        visibility=newcomer.audience.visibility,
        memory_id=newcomer.memory_id,
        model=newcomer.model,
        signature=newcomer.signature,
    )


def sign_leaders_anew(model: str, *, workspace_id: UUID) -> None:
    """Give the leaders signatures of a model that became active, some in each transaction."""
    while True:
        with workspace_scope(workspace_id):
            others = TopicLeader.objects.filter(workspace_id=workspace_id).exclude(model=model).select_for_update()
            rows = list(others.order_by("pk")[:SIGNED_AT_ONCE])
            if not rows:
                return
            vectors = find_vectors([row.memory_id for row in rows], model=model)
            for row in rows:
                row.model = model
                if row.memory_id in vectors:
                    row.signature = sign(vectors[row.memory_id])
            TopicLeader.objects.bulk_update(rows, ["model", "signature"])


def allow_filtered_scans() -> None:
    """Let the index go on where the nearest leaders are of other projects; holds until the transaction ends."""
    with run_statement("scan_further", {}):
        pass


def sign(vector: Floats) -> str:
    """Return the side of each hyperplane that a vector lies on, as bits in text."""
    return Bit(_hyperplanes(len(vector)) @ vector > 0).to_text()


@lru_cache(maxsize=4)
def _hyperplanes(dimensions: int) -> Floats:
    """Normals of -1 and 1 from a stream of bits that is the same in every process and version (SHAKE-256)."""
    bits = SIGNATURE_BITS * dimensions
    stream = hashlib.shake_256(b"topic signatures").digest((bits + 7) // 8)
    signs = np.unpackbits(np.frombuffer(stream, dtype=np.uint8), count=bits).astype(np.float32) * 2 - 1
    return signs.reshape(SIGNATURE_BITS, dimensions)
