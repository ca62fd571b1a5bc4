"""What the tests of contradictions begin with: memories whose vectors are near or far."""

from __future__ import annotations

from typing import Any

from processing.models import Contradiction, Memory
from tests.conftest import Member
from tests.processing.patterns.conversations import NOON, past_id
from tests.processing.patterns.test_semantic import give_vector

NEAR = (1.0, 0.0, 0.0, 0.0)
FAR = (0.0, 1.0, 0.0, 0.0)
OLD, NEW = "The API listens on port 5432.", "The API listens on port 5433."


def say(member: Member, text: str, vector: Any = NEAR, **values: Any) -> Memory:
    """Store what a member says, with its vector."""
    fields = {"author": member.user, "occurred_at": NOON, **values}
    with member.scope():
        memory = Memory.objects.create(id=past_id(), workspace=member.workspace, content=text, **fields)
    give_vector(member, memory, vector)
    return memory


def rows_of(member: Member, reader: Any = None) -> list[Contradiction]:
    """What `reader` (the pipeline by default) sees."""
    with member.scope(reader) if reader else member.scope():
        return list(Contradiction.objects.order_by("pk"))
