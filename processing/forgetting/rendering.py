"""What is forgotten, and what was or would be done, as JSON."""

from __future__ import annotations

from typing import Any

from processing.forgetting.policy import Days, erases_at
from processing.forgetting.selecting import Preview
from processing.models import ForgettingAct, ForgettingPolicy


def describe_forgotten(memory: Any, policy: ForgettingPolicy) -> dict[str, Any]:
    """Return a forgotten memory read by `list_forgotten`, with when it is erased: what is pinned never is."""
    return {
        **_describe(memory),
        "forgottenAt": memory.forgotten_at,
        "eraseAt": None if memory.is_pinned else erases_at(policy, memory.forgotten_at),
    }


def describe_act(act: ForgettingAct) -> dict[str, Any]:
    """Return one time that memories were forgotten, restored or erased; without a person by the policy."""
    person = act.person
    return {
        "kind": act.kind,
        "memories": act.memories,
        "person": {"id": person.pk, "name": person.get_username()} if person else None,
        "policy": act.policy,
        "happenedAt": act.happened_at,
    }


def describe_preview(days: Days, preview: Preview) -> dict[str, Any]:
    """Return what a policy would do."""
    return {
        "forgetAfterDays": days.forget_after,
        "eraseAfterDays": days.erase_after,
        "forgets": preview.forgets,
        "examples": [_describe(memory) for memory in preview.examples],
        "erases": preview.erases,
        "erasesFrom": preview.erases_from,
    }


def _describe(memory: Any) -> dict[str, Any]:
    return {
        "id": memory.pk,
        "excerpt": memory.excerpt,
        "role": memory.role,
        "visibility": memory.visibility,
        "occurredAt": memory.occurred_at,
    }
