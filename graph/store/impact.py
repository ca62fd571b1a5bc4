"""Who is hit when an entity changes: every caller, direct or not, with the path of its calls."""

from __future__ import annotations

from graph.store.model import Impact, ImpactPath, Neighbourhood


def trace_impact(uid: str, callers: Neighbourhood) -> Impact:
    """Return the paths by which `callers`, in order of depth, reach `uid`."""
    traced: dict[str, ImpactPath] = {}
    for caller in callers.items:
        onward = traced.get(caller.via)
        certainty = 1.0 if caller.confidence is None else caller.confidence
        traced[caller.entity.uid] = ImpactPath(
            entity=caller.entity,
            path=(caller.entity.uid, *(onward.path if onward else (uid,))),
            confidence=certainty * (onward.confidence if onward else 1.0),
        )
    return Impact(tuple(traced.values()), callers.truncated)
