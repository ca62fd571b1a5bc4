"""Sentences of any text, and vectors of their words that are the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processing.summaries.sentences import (
    DIMENSIONS,
    LONGEST_SENTENCE,
    count_words,
    cut,
    list_sentences,
    make_word_vectors,
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("--- *** ...", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("v1.2.3 of a.py is out. It works.", ["v1.2.3 of a.py is out.", "It works."]),
        ("# Title\n\n- **first** thing\n- `second`\n1. third\n> said", None),
        ("Before.\n```python\nprint('code.')\n```\nAfter.", ["Before.", "After."]),
        ("Open.\n```\nnever closed.", ["Open."]),
        ("一つ目。二つ目\uff01三つ目\uff1f", ["一つ目。", "二つ目\uff01", "三つ目\uff1f"]),
        ("Call `claim_rows` of __init__.py with **options.", ["Call `claim_rows` of __init__.py with **options."]),
        ("Привет. Как дела?", ["Привет.", "Как дела?"]),
    ],
)
def test_a_text_is_told_apart(text: str, sentences: list[str] | None) -> None:
    expected = ["Title", "first thing", "`second`", "third", "said"] if sentences is None else sentences
    assert list_sentences(text) == expected


def test_a_long_text_is_cut_at_a_word() -> None:
    assert cut("short  text\nhere") == "short text here"
    assert cut("word " * 100).endswith("word…")
    assert len(cut("x" * 1_000)) == LONGEST_SENTENCE


def test_words_of_scripts_without_spaces_are_their_characters() -> None:
    assert count_words("キュー no 行") == 5


@given(st.lists(st.text(max_size=80), max_size=20))
def test_every_row_has_length_one_or_zero(texts: list[str]) -> None:
    vectors = make_word_vectors(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    lengths = np.linalg.norm(vectors, axis=1)
    assert all(abs(length - 1) < 1e-4 or length == 0 for length in lengths)


def test_texts_of_the_same_words_are_nearer_than_others() -> None:
    one, same, other = make_word_vectors(["the lease ends", "ends the lease", "coffee is ready"])
    assert one @ same > 0.99
    assert one @ other < 0.01
