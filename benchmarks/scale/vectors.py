"""Vectors that lie as real ones do: each between two real texts' vectors, and a little off.

Uniformly random vectors are all about equally far from each other, which no real text is and no index can order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FARTHEST = 0.5  # of the way from the first text to the second
NOISE = 0.3  # its length, where a vector's is 1

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Vectors of length 1, shape (rows, dimensions), and the places of the two texts that each is made of."""

    vectors: Floats
    first: Places
    second: Places


def mix_vectors(texts: Floats, count: int, chance: np.random.Generator) -> Mixture:
    """Mix pairs of `texts` (vectors of length 1); the noise is spread as the texts themselves are."""
    first, second = chance.integers(len(texts), size=(2, count))
    way = chance.random((count, 1), dtype=np.float32) * FARTHEST
    noise = chance.standard_normal((count, texts.shape[1]), dtype=np.float32) @ _find_spread(texts)
    mixed = texts[first] * (1 - way) + texts[second] * way + NOISE * _unit(noise)
    return Mixture(_unit(mixed), first, second)


def _find_spread(texts: Floats) -> Floats:
    """A matrix that gives independent normal numbers the covariance of the texts' vectors."""
    covariance = np.cov(texts, rowvar=False) + 1e-6 * np.eye(texts.shape[1])
    return np.linalg.cholesky(covariance).T.astype(np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / lengths
    return unit
