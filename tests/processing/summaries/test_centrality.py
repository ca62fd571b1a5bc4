"""What is chosen is near to the centre, and no two of it say the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from processing.summaries.centrality import choose_central
from processing.summaries.sentences import Vectors, to_length_one


def rows(*vectors: list[float]) -> Vectors:
    return to_length_one(np.array(vectors, dtype=np.float32))


def test_the_nearest_to_the_centre_is_chosen() -> None:
    vectors = rows([1, 0, 0], [1, 0.1, 0], [0.9, 0, 0.1], [0, 1, 0])
    assert choose_central(vectors, [1] * 4, most=1) in ([0], [1], [2])
    assert choose_central(vectors, [1, 1, 1, 9], most=1) == [3]


def test_a_repetition_is_chosen_last() -> None:
    vectors = rows([1, 0.2, 0], [1, 0.2, 0], [0.8, 0, 0.6])
    assert choose_central(vectors, [1] * 3, most=2) in ([0, 2], [1, 2])


def test_of_equals_the_first_is_chosen() -> None:
    assert choose_central(rows([1, 0], [1, 0], [1, 0]), [1] * 3, most=1) == [0]


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose_central(np.zeros((0, 3), dtype=np.float32), [], most=3) == []


@given(st.lists(st.tuples(*[st.floats(-1, 1, width=32)] * 3), max_size=12), st.integers(0, 15))
def test_as_many_as_asked_for_in_their_order(vectors: list[tuple[float, ...]], most: int) -> None:
    array = to_length_one(np.array(vectors, dtype=np.float32).reshape(len(vectors), 3))
    chosen = choose_central(array, [1.0] * len(vectors), most=most)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(most, len(vectors))
