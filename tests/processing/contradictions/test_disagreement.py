"""The rules of contradictions: one case of each, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks.contradictions
from benchmarks.contradictions.__main__ import AGREE, read_cases
from processing.contradictions.disagreement import find_disagreement

FOLDER = Path(benchmarks.contradictions.__file__).parent


@pytest.mark.parametrize(
    ("first", "second", "kind", "difference"),
    [
        ("The API listens on port 5432.", "The API listens on port 5433.", "number", "port 5432 / port 5433"),
        ("A claim's lease is 30 s.", "The lease of a claim is 2 minutes.", "number", "30 s / 2 minutes"),
        ("Always squash commits.", "Never squash commits.", "polarity", "squash / not squash"),
        ("TLS is enabled in staging.", "TLS is disabled in staging.", "polarity", "enabled / disabled"),
        ("The login form is merged.", "The login form is not merged yet.", "state", "merged / not merged"),
        ("CI runs on CircleCI.", "CI moved from CircleCI to Buildkite.", "state", "circleci / buildkite"),
    ],
)
def test_a_disagreement_is_found_either_way_round(first: str, second: str, kind: str, difference: str) -> None:
    found = find_disagreement(first, second)
    assert found is not None
    assert (found.kind, found.difference) == (kind, difference)
    turned = find_disagreement(second, first)
    assert turned is not None
    assert turned.kind == kind


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Step 1 builds the image.", "Step 2 builds the image."),
        ("The lease is 2 minutes.", "The lease is 120 s."),
        ("Use tabs, not spaces.", "Don't use spaces, use tabs."),
        ("Is TLS enabled in staging?", "TLS is disabled in staging."),
        ("If TLS is enabled, restart.", "TLS is disabled in staging."),
        ("```\nport = 5432 is open\n```", "```\nport = 5433 is open\n```"),
        ("", "?!"),
        ("port 1.2.3.4 " * 2_000, "not " * 5_000),
    ],
)
def test_what_only_looks_like_one_is_none(first: str, second: str) -> None:
    assert find_disagreement(first, second) is None


@pytest.mark.parametrize("name", ["tuned", "held_out"])
def test_of_the_labelled_pairs_hardly_one_is_made_up(name: str) -> None:
    cases = read_cases(FOLDER / f"{name}.tsv")
    assert len(cases) >= 50
    suggested = [case for case in cases if case.found != AGREE]
    right = sum(case.label != AGREE for case in suggested)
    assert right / len(suggested) >= 0.95
    assert right / sum(case.label != AGREE for case in cases) >= 0.9
