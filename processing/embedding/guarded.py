"""A remote embedding provider whose every request passes the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from processing.embedding.guard import Guard, ProviderLimits
from processing.embedding.planning import plan_requests
from processing.embedding.provider import (
    Answer,
    Chunk,
    RemoteProvider,
    RequestLimits,
    Vector,
    Vectors,
    cut_query,
)
from supastate.queueing.provider_state import ProviderState

_LARGEST_SHARE_OF_A_MINUTE = 4


class GuardedProvider:
    """The provider protocol, with every request inside shared buckets and behind the shared breaker."""

    def __init__(self, inner: RemoteProvider, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard
        self.model = inner.model
        self.dimensions = inner.dimensions
        self.max_tokens = inner.max_tokens
        self.request_limits = _fit_to_budget(inner.request_limits, guard.limits)

    def count_tokens(self, text: str) -> int:
        """Estimate the tokens that `text` costs."""
        return self._inner.count_tokens(text)

    def split(self, text: str) -> tuple[Chunk, ...]:
        """Cut `text` into chunks."""
        return self._inner.split(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed with as many requests as it takes; the first that fails fails the call."""
        plan = plan_requests(texts, limits=self.request_limits, count_tokens=self.count_tokens)
        parts = [self._request(texts[part.start : part.stop]).vectors for part in plan]
        return np.concatenate([np.empty((0, self.dimensions), dtype=np.float32), *parts])

    def embed_query(self, text: str, *, timeout: float | None = None) -> Vector:
        """Embed a query now or fail at once; it may borrow from the buckets what a backfill has emptied."""
        seconds = timeout or self._inner.query_timeout
        answer = self._request([cut_query(self, text)], timeout=seconds, urgent=True)
        vector: Vector = answer.vectors[0]
        return vector

    def for_workspace(self, workspace_id: UUID) -> GuardedProvider:
        """The same provider, limits and connections, its use charged to one workspace."""
        return GuardedProvider(self._inner, self._guard.for_workspace(workspace_id))

    def look(self) -> ProviderState:
        """Return whether requests are held or the breaker is open, and what is left of the budgets."""
        return self._guard.look()

    def close(self) -> None:
        """Close the provider's connections."""
        self._inner.close()

    def _request(self, texts: Sequence[str], *, timeout: float | None = None, urgent: bool = False) -> Answer:
        tokens = sum(self.count_tokens(text) for text in texts)
        return self._guard.call(lambda: self._inner.request(texts, timeout=timeout), tokens=tokens, urgent=urgent)


def _fit_to_budget(request: RequestLimits, limits: ProviderLimits) -> RequestLimits:
    """Keep one request to a quarter of a minute's tokens, so that its debt is paid off in seconds."""
    budgets = (limits.tokens_per_minute, limits.workspace_tokens_per_minute)
    quarters = [budget // _LARGEST_SHARE_OF_A_MINUTE for budget in budgets if budget > 0]
    return replace(request, max_tokens=min([request.max_tokens, *quarters]))
