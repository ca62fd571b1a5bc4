"""Which of many texts stand for all of them: near to the centre, and not near to each other.

A text's relevance is its cosine to the weighted mean of all (centroid summarisation, Radev and others 2004). Texts
are taken one by one by maximal marginal relevance (Carbonell and Goldstein 1998): less the cosine to the nearest
that is taken already. Numbers are rounded before they are compared, and of equals the first is taken: the
same texts give the same choice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from processing.summaries.sentences import Vectors, to_length_one

RELEVANCE_SHARE = 0.7
DIGITS = 5


def measure_relevance(vectors: Vectors, weights: Sequence[float]) -> Vectors:
    """Return the weighted cosine of each row (of length 1) to the centre of all."""
    weighted = np.asarray(weights, dtype=np.float32)
    centre = to_length_one((vectors * weighted[:, None]).sum(axis=0, keepdims=True))[0]
    relevance: Vectors = (vectors @ centre) * weighted
    return relevance


def choose_central(vectors: Vectors, weights: Sequence[float], *, most: int) -> list[int]:
    """Return the indices of at most so many rows, in their own order."""
    if not len(vectors):
        return []
    relevance = measure_relevance(vectors, weights)
    nearest = np.zeros(len(vectors), dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < min(most, len(vectors)):
        worth = np.round(RELEVANCE_SHARE * relevance - (1 - RELEVANCE_SHARE) * nearest, DIGITS)
        worth[chosen] = -np.inf
        best = int(np.argmax(worth))
        chosen.append(best)
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return sorted(chosen)
