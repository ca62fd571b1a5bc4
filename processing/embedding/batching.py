"""Embedding many texts so that each has its own outcome: one poison text fails alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from processing.embedding.planning import plan_requests
from processing.embedding.provider import EmbeddingProvider, Vector, find_refusal
from supastate.errors import PermanentError, SupastateError, TransientError

Outcome: TypeAlias = Vector | SupastateError

_MOST_BISECTIONS = 64
"""Extra requests for one call: finds every bad text among 2,048 when there are few of them."""


def embed_isolating(provider: EmbeddingProvider, texts: Sequence[str]) -> list[Outcome]:
    """Return a vector or an error for each text, in order; nothing is raised and no finished vector is lost.

    A PermanentError names a text that the provider refuses by itself. A TransientError belongs to texts
    that wait: their own request failed, or an outage ended the call before it reached them.
    """
    run = _Run(provider, texts)
    run.embed_all()
    return run.list_outcomes()


class _Run:
    """The outcomes found so far, the requests left to send, and the budget for bisecting."""

    def __init__(self, provider: EmbeddingProvider, texts: Sequence[str]) -> None:
        self._provider = provider
        self._texts = texts
        self._outcomes: dict[int, Outcome] = {}
        self._bisections_left = _MOST_BISECTIONS

    def embed_all(self) -> None:
        pending = self._plan()
        while pending:
            part = pending.pop()
            error = self._embed_part(part)
            if error is None:
                continue
            if _is_outage(error):
                self._settle([index for left in (part, *pending) for index in left], error)
                return
            pending.extend(self._divide(part, error))

    def list_outcomes(self) -> list[Outcome]:
        return [self._outcomes[index] for index in range(len(self._texts))]

    def _plan(self) -> list[list[int]]:
        """Return the indices of each request, last request first, without texts that must not be sent."""
        sendable: list[int] = []
        for index, text in enumerate(self._texts):
            refusal = find_refusal(self._provider, text)
            if refusal is None:
                sendable.append(index)
            else:
                self._outcomes[index] = refusal
        plan = plan_requests(
            [self._texts[index] for index in sendable],
            limits=self._provider.request_limits,
            count_tokens=self._provider.count_tokens,
        )
        return [sendable[part.start : part.stop] for part in reversed(plan)]

    def _embed_part(self, part: list[int]) -> SupastateError | None:
        try:
            vectors = self._provider.embed([self._texts[index] for index in part])
        except (TransientError, PermanentError) as exc:
            return exc
        self._outcomes.update(zip(part, vectors, strict=True))
        return None

    def _divide(self, part: list[int], error: SupastateError) -> list[list[int]]:
        """Return the halves of a refused request, or settle it when it is not to be bisected."""
        if len(part) == 1 or not isinstance(error, PermanentError):
            self._settle(part, error)
            return []
        if self._bisections_left == 0:
            self._settle(part, _postpone())
            return []
        self._bisections_left -= 1
        middle = len(part) // 2
        return [part[middle:], part[:middle]]

    def _settle(self, indices: list[int], error: SupastateError) -> None:
        self._outcomes.update(dict.fromkeys(indices, error))


def _is_outage(error: SupastateError) -> bool:
    """Tell whether the next request would meet the same fate; one bad answer does not mean that."""
    return isinstance(error, TransientError) and not error.counts_as_attempt


def _postpone() -> TransientError:
    return TransientError(
        "Too many texts of this batch were refused to find them all at once.",
        code="provider_rejected_batch",
        counts_as_attempt=False,
    )
