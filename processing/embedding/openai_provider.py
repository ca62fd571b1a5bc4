"""Any server that speaks OpenAI's embeddings API, through the official client; one call is one request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
import openai
from openai.types import CreateEmbeddingResponse

from processing.embedding.chunking import Atom, continues_character, opens_line, pack_atoms, whole_text
from processing.embedding.openai_errors import describe_outage, translate_failure
from processing.embedding.openai_limits import read_reset, read_usage
from processing.embedding.per_process import PerProcess
from processing.embedding.planning import plan_requests
from processing.embedding.provider import (
    Answer,
    Chunk,
    RequestLimits,
    Vector,
    Vectors,
    check_vectors,
    cut_query,
)
from supastate.errors import TransientError

_BYTES_PER_TOKEN = 3
"""The tokenizer's tables would be a download at run time; three bytes a token leaves headroom."""
_PIECE = re.compile(r"\S{1,16}")
_LONG_SPACE = re.compile(r"\s{24}\s+")
"""Tokenizers join long runs of space: beyond 24 characters they cost nothing more."""
_LIMITS = RequestLimits(max_inputs=2_048, max_input_tokens=8_192, max_tokens=250_000)


class OpenAIProvider:
    """Embeds over HTTP without retrying: retrying lives in one layer, the queue's row."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = "",
        model: str = "text-embedding-3-small",
        dimensions: int = 1536,
        send_dimensions: bool = True,
        max_tokens: int = 512,
        timeout: float = 30.0,
        query_timeout: float = 2.0,
        request_limits: RequestLimits = _LIMITS,
    ) -> None:
        """Times are seconds; `max_tokens` is a chunk's size; some servers refuse to be sent dimensions."""
        self.model = f"openai/{model}@{dimensions}"
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.request_limits = request_limits
        self._api_key = api_key
        self._base_url = base_url or None
        self._name = model
        self._asked_dimensions = dimensions if send_dimensions else openai.omit
        self._timeout = timeout
        self.query_timeout = query_timeout
        self._client = PerProcess(self._connect)

    def count_tokens(self, text: str) -> int:
        """Estimate, on the high side for prose and code."""
        return -(-_count_bytes(text) // _BYTES_PER_TOKEN)

    def split(self, text: str) -> tuple[Chunk, ...]:
        """Cut by estimated tokens, between words, at a line's end where one is near."""
        budget = self.max_tokens * _BYTES_PER_TOKEN
        if _count_bytes(text) <= budget:
            return whole_text(text) if text.strip() else ()
        return pack_atoms(_list_atoms(text), budget=budget, overlap=budget // 10, length=len(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed with as many requests as it takes; the first that fails fails the call."""
        plan = plan_requests(texts, limits=self.request_limits, count_tokens=self.count_tokens)
        parts = [self.request(texts[part.start : part.stop]).vectors for part in plan]
        return np.concatenate([np.empty((0, self.dimensions), dtype=np.float32), *parts])

    def embed_query(self, text: str, *, timeout: float | None = None) -> Vector:
        """Embed a query, cut to one chunk."""
        answer = self.request([cut_query(self, text)], timeout=timeout or self.query_timeout)
        vector: Vector = answer.vectors[0]
        return vector

    def request(self, texts: Sequence[str], *, timeout: float | None = None) -> Answer:
        """Send one request and check what comes back; every failure is a TransientError or PermanentError."""
        headers, response = self._send(texts, timeout=timeout or self._timeout)
        vectors = check_vectors(_order_vectors(response), count=len(texts), dimensions=self.dimensions)
        estimate = sum(self.count_tokens(text) for text in texts)
        return Answer(vectors, tokens=read_usage(response) or estimate, used_up_for=read_reset(headers) or 0.0)

    def for_workspace(self, workspace_id: UUID) -> OpenAIProvider:
        """Without a guard nobody is charged."""
        return self

    def close(self) -> None:
        """Close this process's connections."""
        client = self._client.take()
        if client is not None:
            client.close()

    def _send(self, texts: Sequence[str], *, timeout: float) -> tuple[Mapping[str, str], CreateEmbeddingResponse]:
        # `from None`: a traceback in a log would print the provider's message, which may quote text or key.
        try:
            raw = self._client.get().embeddings.with_raw_response.create(
                model=self._name, input=list(texts), dimensions=self._asked_dimensions, timeout=timeout
            )
            return raw.headers, raw.parse()
        except openai.OpenAIError as exc:
            raise translate_failure(exc) from None
        except (ValueError, TypeError, AttributeError):
            raise describe_outage("answered something that cannot be read") from None

    def _connect(self) -> openai.OpenAI:
        return openai.OpenAI(api_key=self._api_key, base_url=self._base_url, max_retries=0, timeout=self._timeout)


def _order_vectors(response: CreateEmbeddingResponse) -> list[list[float]]:
    """Return the vectors by their index; servers that number nothing answer in the order they were asked."""
    try:
        indices = [item.index for item in response.data]
        vectors = [item.embedding for item in response.data]
    except (AttributeError, TypeError):
        raise describe_outage("answered something that is no embedding response") from None
    if not any(isinstance(index, int) for index in indices):
        return vectors
    if sorted(indices) != list(range(len(indices))):
        raise TransientError("The embedding provider numbered its vectors wrongly.", code="provider_bad_answer")
    return [vector for _, vector in sorted(zip(indices, vectors, strict=True), key=lambda pair: pair[0])]


def _list_atoms(text: str) -> list[Atom]:
    """List the text's words and pieces of long words with their bytes; no character is cut from its marks."""
    starts = [match.start() for match in _PIECE.finditer(text) if not continues_character(text, match.start())]
    if not starts:
        return []
    starts[0] = 0  # leading space belongs to the first word
    atoms: list[Atom] = []
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        previous_start = atoms[-1].start if atoms else 0
        breaks = opens_line(text, previous_start=previous_start, start=start)
        atoms.append(Atom(start=start, cost=_count_bytes(text[start:stop]), opens_line=breaks))
    return atoms


def _count_bytes(text: str) -> int:
    saved = sum(match.end() - match.start() - 24 for match in _LONG_SPACE.finditer(text))
    return len(text.encode("utf-8", errors="surrogatepass")) - saved
