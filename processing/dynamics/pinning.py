"""Pins memories: what is pinned stays in the core and does not fade."""

from __future__ import annotations

from processing.models import Layer, Memory, MemoryStrength


def pin_memory(memory: Memory, *, pinned: bool) -> None:
    """Pin or release a memory; runs inside the caller's scope. What is released fades from where it is."""
    values = {"pinned": True, "layer": Layer.CORE} if pinned else {"pinned": False}
    MemoryStrength.objects.update_or_create(
        memory_id=memory.pk,
        defaults=values,
        create_defaults={"workspace_id": memory.workspace_id, **values},
    )
