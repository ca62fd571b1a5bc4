"""A remote reranker whose every request passes the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_guard
from processing.embedding.guard import Guard
from processing.reranking.openai_reranker import OpenAIReranker
from processing.reranking.reranker import Candidate


class GuardedReranker:
    """The reranker protocol, inside shared buckets and behind a shared breaker; it never borrows."""

    def __init__(self, inner: OpenAIReranker, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard

    def rank(self, query: str, candidates: Sequence[Candidate]) -> list[int]:
        """Return the indices of all candidates, the best first."""
        tokens = self._inner.count_tokens(query, candidates)
        return self._guard.call(lambda: self._inner.request(query, candidates), tokens=tokens).indices

    def for_workspace(self, workspace_id: UUID) -> GuardedReranker:
        """The same reranker, its use charged to one workspace."""
        return GuardedReranker(self._inner, self._guard.for_workspace(workspace_id))

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def make_reranker(settings: EmbeddingSettings, *, model: str, seconds: float) -> GuardedReranker:
    """Return the reranker of the server and key that embed, with a budget and a breaker of its own.

    Providers limit each model by itself, and a refused order must not hold up embedding.
    """
    scope = f"reranking\0{model}"
    guard = make_guard(replace(settings, request_timeout_seconds=seconds), budget=scope, breaker=scope)
    inner = OpenAIReranker(
        api_key=settings.openai_api_key, base_url=settings.openai_base_url, model=model, seconds=seconds
    )
    return GuardedReranker(inner, guard)
