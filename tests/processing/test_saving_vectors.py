"""Vectors arrive in Postgres bit by bit as they were made, each once."""

from __future__ import annotations

import numpy as np

from processing.embedding.provider import Chunk
from processing.models import Embedding
from processing.saving_vectors import ChunkVector, save_vectors
from tests.conftest import Member


def make_vectors(count: int, dimensions: int) -> list[ChunkVector]:
    numbers = np.random.default_rng(3).standard_normal((count, dimensions), dtype=np.float32)
    return [
        ChunkVector("memory", f"{number:064}", Chunk(chunk_no=1, start=7, end=9), vector)
        for number, vector in enumerate(numbers)
    ]


def test_every_vector_is_kept_at_length_one_and_twice_is_once(ada: Member) -> None:
    vectors = make_vectors(5, 1_536)
    with ada.scope():
        for _ in range(2):
            save_vectors(vectors, model="m", workspace_id=ada.workspace.id)
        saved = list(Embedding.objects.order_by("source_hash"))
    assert [row.source_hash for row in saved] == [item.source_hash for item in vectors]
    assert {(row.subject_kind, row.model, row.chunk_no, row.start, row.end) for row in saved} == {
        ("memory", "m", 1, 7, 9)
    }
    for row, item in zip(saved, vectors, strict=True):
        kept = np.asarray(row.vector, dtype=np.float32)
        assert np.allclose(kept, item.vector / np.linalg.norm(item.vector), atol=1e-4)


def test_numbers_that_16_bits_cannot_hold_are_kept_all_the_same(ada: Member) -> None:
    [vector] = make_vectors(1, 8)
    huge = ChunkVector(vector.kind, vector.source_hash, vector.chunk, vector.vector * np.float32(1e30))
    with ada.scope():
        save_vectors([huge], model="m", workspace_id=ada.workspace.id)
        kept = np.asarray(Embedding.objects.get().vector)
    assert np.allclose(kept, vector.vector / np.linalg.norm(vector.vector), atol=1e-3)


def test_no_vectors_are_no_statement(ada: Member) -> None:
    with ada.scope():
        save_vectors([], model="m", workspace_id=ada.workspace.id)
        assert not Embedding.objects.exists()
