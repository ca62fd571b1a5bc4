"""Writing vectors by one statement, in Postgres's binary form: as text, a vector of 1,536 numbers is 30 kB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from django.db import connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

from processing.embedding.provider import Chunk, Vector, to_unit_length
from processing.statements import read_statement

_REAL, _REAL_ARRAY = 700, 1021  # oids, the same in every Postgres
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">f4")])


@dataclass(frozen=True, slots=True)
class ChunkVector:
    """The vector of one chunk of a text."""

    kind: str
    source_hash: str
    chunk: Chunk
    vector: Vector


def save_vectors(vectors: Sequence[ChunkVector], *, model: str, workspace_id: UUID) -> None:
    """Keep the vectors, of one model, that are not there yet. Runs inside a workspace scope.

    They are kept at length 1: 16 bits a number overflow above 65,504, and cosines know no length.
    """
    if not vectors:
        return
    numbers = np.stack([item.vector for item in vectors])
    parameters = {
        "workspace": workspace_id,
        "model": model,
        "dimensions": numbers.shape[1],
        "vectors": _Reals(to_unit_length(numbers).ravel()),
        "kinds": [item.kind for item in vectors],
        "hashes": [item.source_hash for item in vectors],
        "chunk_numbers": [item.chunk.chunk_no for item in vectors],
        "starts": [item.chunk.start for item in vectors],
        "ends": [item.chunk.end for item in vectors],
    }
    # Not Django's cursor: it would write every parameter into the statement's text.
    with psycopg.Cursor[Any](connection.connection) as cursor:
        cursor.adapters.register_dumper(_Reals, _RealsDumper)
        cursor.execute(read_statement("save_vectors").encode(), parameters)


@dataclass(frozen=True, slots=True)
class _Reals:
    values: Vector


class _RealsDumper(Dumper):
    """Postgres's binary form of real[]: dimensions, nulls, type, length, first index; then each with its size."""

    format = Format.BINARY
    oid = _REAL_ARRAY

    def dump(self, obj: _Reals) -> bytes:
        elements = np.empty(len(obj.values), dtype=_ELEMENT)
        elements["length"] = 4
        elements["value"] = obj.values
        header = np.array([1, 0, _REAL, len(elements), 1], dtype=">i4")
        return header.tobytes() + elements.tobytes()
