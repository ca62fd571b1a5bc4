"""Vectors without a model: a bag of hashed words, so that texts that share words are near each other."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from itertools import repeat

import numpy as np
from numpy.typing import NDArray


def make_vector(text: str, dimensions: int) -> NDArray[np.float32]:
    """Return the same unit vector for the same text, always."""
    words = re.findall(r"\w+", text.lower()) or [text]
    total = np.sum(list(map(_hash_word, words, repeat(dimensions))), axis=0)
    vector: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
    return vector


@lru_cache(maxsize=20_000)
def _hash_word(word: str, dimensions: int) -> NDArray[np.float32]:
    seed = int.from_bytes(sha256(word.encode("utf-8", errors="surrogatepass")).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dimensions, dtype=np.float32)
