"""Dividing texts into requests that a provider takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from processing.embedding.provider import RequestLimits


def plan_requests(
    texts: Sequence[str], *, limits: RequestLimits, count_tokens: Callable[[str], int]
) -> list[range]:
    """Return ranges of indices, in order, each within the limits of one request."""
    plan: list[range] = []
    start = tokens = 0
    for index, text in enumerate(texts):
        cost = count_tokens(text)
        is_full = index - start == limits.max_inputs or tokens + cost > limits.max_tokens
        if index > start and is_full:
            plan.append(range(start, index))
            start, tokens = index, 0
        tokens += cost
    if texts:
        plan.append(range(start, len(texts)))
    return plan
