"""Sentences of prose in any language, and vectors of the words in them."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DIMENSIONS = 1_024
LONGEST_SENTENCE = 240
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])")
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1\s*$|\Z)", re.MULTILINE | re.DOTALL)
_MARKS = re.compile(r"^\s*(?:#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|>\s?|\|)+")
_BOLD = re.compile(r"\*\*(\S[^*]*)\*\*")
# Scripts that are written without spaces: each character is a word.
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


def list_sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text that hold a word, without code blocks and marks of Markdown."""
    lines = (_BOLD.sub(r"\1", _MARKS.sub("", line)) for line in _FENCED.sub("\n", text).split("\n"))
    parts = (part.strip() for line in lines for part in _SENTENCE_END.split(line))
    return [part for part in parts if _WORD.search(part)]


def cut(text: str, most: int = LONGEST_SENTENCE) -> str:
    """Return a text on one line, cut at a word's end where one is near."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    beginning = line[: most - 1]
    return (beginning.rpartition(" ")[0] if " " in beginning[-40:] else beginning).rstrip() + "…"


def count_words(text: str) -> int:
    """Return how many words a text has."""
    return len(_WORD.findall(text))


def make_word_vectors(texts: Sequence[str]) -> Vectors:
    """Return a row of length 1 for each text: tf-idf of its words, hashed into `DIMENSIONS` numbers.

    idf as in BM25, ln(1 + (n - df + 0.5) / (df + 0.5)), over these texts; a text without words is all zeros.
    """
    counts = [Counter(_hash_words(text)) for text in texts]
    frequency = Counter(place for count in counts for place in count)
    size = len(texts)
    idf = {place: math.log(1 + (size - df + 0.5) / (df + 0.5)) for place, df in frequency.items()}
    vectors = np.zeros((size, DIMENSIONS), dtype=np.float32)
    for row, count in enumerate(counts):
        for place, times in count.items():
            vectors[row, place] = (1 + math.log(times)) * idf[place]
    return to_length_one(vectors)


def to_length_one(vectors: Vectors) -> Vectors:
    """Return rows of length 1; those of zeros stay so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    divided: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return divided


def _hash_words(text: str) -> Iterator[int]:
    return (zlib.crc32(word.encode()) % DIMENSIONS for word in _WORD.findall(text.lower()))
