"""Classifies memories that were stored without it: by older rules, or behind the server's back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from processing.memories.classifying import judge
from processing.memories.type_rules import RULES_VERSION
from processing.models import Memory
from supastate.workspaces.scope import workspace_scope

AT_ONCE = 500
FIELDS = ("type", "importance", "set_by_hand", "rules_version")


def classify_outdated(workspace_id: UUID) -> int:
    """Judge by today's rules what older ones judged; return how many. What is done stays done if it is cut off."""
    return sum(_classify_slices(workspace_id))


def _classify_slices(workspace_id: UUID) -> Iterator[int]:
    last_id = UUID(int=0)
    while True:
        with workspace_scope(workspace_id):
            outdated = Memory.objects.exclude(rules_version=RULES_VERSION).filter(pk__gt=last_id).order_by("pk")
            memories = list(outdated.select_for_update().only("content", "role", *FIELDS)[:AT_ONCE])
            for memory in memories:
                _classify(memory)
            Memory.objects.bulk_update(memories, FIELDS)
        if not memories:
            return
        last_id = memories[-1].pk
        yield len(memories)


def _classify(memory: Memory) -> None:
    said = {name: getattr(memory, name) for name in memory.set_by_hand}
    for name, value in judge(memory.content, role=memory.role, said=said).items():
        setattr(memory, name, value)
