"""Registers every page; Django's admin imports this module when it starts."""

from supastate.studio.pages import (
    code,
    dynamics,
    forgetting,
    intake,
    keys,
    memory,
    patterns,
    people,
    queues,
    schedules,
    summaries,
)

__all__ = [
    "code",
    "dynamics",
    "forgetting",
    "intake",
    "keys",
    "memory",
    "patterns",
    "people",
    "queues",
    "schedules",
    "summaries",
]
