"""Circles are found whole, and the way shown through one is short."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.cycles import Cycle, find_cycles


def test_a_line_has_no_circle() -> None:
    assert find_cycles([("a", "b"), ("b", "c"), ("a", "c")]) == []


def test_groups_are_told_apart_the_largest_first() -> None:
    pairs = [("x", "y"), ("y", "x"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "x"), ("z", "z")]
    assert find_cycles(pairs) == [
        Cycle(("a", "b", "c"), ("a", "b", "c")),
        Cycle(("x", "y"), ("x", "y")),
        Cycle(("z",), ("z",)),
    ]


def test_the_way_shown_is_a_shortest_one() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "d")]
    [cycle] = find_cycles(pairs)
    assert cycle == Cycle(("a", "b", "c", "d"), ("a", "d"))


def test_a_very_long_circle_needs_no_recursion() -> None:
    ring = [(f"{number:05}", f"{(number + 1) % 20_000:05}") for number in range(20_000)]
    [cycle] = find_cycles(ring)
    assert len(cycle.members) == len(cycle.shortest) == 20_000


@given(st.sets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))))
def test_two_nodes_share_a_group_just_when_each_reaches_the_other(pairs: set[tuple[str, str]]) -> None:
    reach = set(pairs)
    for middle in "abcdefgh":
        reach |= {(a, d) for a, b in reach if b == middle for c, d in reach if c == middle}
    group_of = {member: cycle.members for cycle in find_cycles(pairs) for member in cycle.members}
    assert set(group_of) == {a for a, b in reach if a == b}
    for a, members in group_of.items():
        assert set(members) == {b for b in "abcdefgh" if (a, b) in reach and (b, a) in reach} | {a}
    for cycle in find_cycles(pairs):
        steps = zip(cycle.shortest, [*cycle.shortest[1:], cycle.shortest[0]], strict=True)
        assert all(step in pairs for step in steps)
