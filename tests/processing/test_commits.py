"""The commits that a conversation speaks of are kept, from what git prints and from what people write."""

from __future__ import annotations

from typing import Any

import pytest

from processing.models import CodeReference, Memory
from tests import pipeline
from tests.conftest import Member

FULL = "9f2c1d7a0b3e4f5566778899aabbccddeeff0011"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[main ca2c0d3] Leases outlive the task\n 3 files changed", {"ca2c0d3"}),
        ("[main (root-commit) 1a2b3c4] First", {"1a2b3c4"}),
        ("[fix/login-2 0123abc] Mend it", {"0123abc"}),
        (f"commit {FULL}\nAuthor: Ada", {FULL}),
        ("It broke with commit `deadbeef1`, see commits ca2c0d3 and others.", {"deadbeef1", "ca2c0d3"}),
        ("We commit 1234567890 rows an hour, which commit defaced?", set()),
        ("[INFO 1234567] started", set()),
        ("The hash ca2c0d3 alone, a colour #ca2c0d3, commit ca2c0d, commit CA2C0D3.", set()),
        ("commit ca2c0d3-dirty", set()),
    ],
)
def test_a_commit_is_known_by_what_stands_before_it(ada: Member, text: str, found: set[str]) -> None:
    pipeline.queue_chunk(ada, text, messageType="tool")
    pipeline.store(ada)
    with ada.scope():
        commits = CodeReference.objects.filter(kind=CodeReference.Kind.COMMIT)
        assert set(commits.values_list("text", flat=True)) == found


def test_a_memory_names_its_commits_beside_its_code(ada: Member, cleo: Member) -> None:
    pipeline.queue_chunk(ada, "Mended in commit ca2c0d3.")
    pipeline.store(ada)
    with ada.scope():
        address = f"/api/memories/{Memory.objects.get().pk}/code"
    body: dict[str, Any] = ada.api.get(address).json()
    assert body == {"items": [], "truncated": False, "commits": ["ca2c0d3"]}
    assert cleo.api.get(address).status_code == 404
