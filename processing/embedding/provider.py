"""What every embedding provider offers, and the checks that its vectors pass before anything uses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from supastate.errors import InvalidInputError, PermanentError, TransientError

Vector: TypeAlias = NDArray[np.float32]
"""One embedding, shape (dimensions,). Compare by cosine: only the local model's are of length 1."""
Vectors: TypeAlias = NDArray[np.float32]
"""Embeddings in the order of their texts, shape (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a text: `text[start:end]`, counted in characters."""

    chunk_no: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How much one call of a provider may carry."""

    max_inputs: int
    max_input_tokens: int
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought back, the tokens it is billed for, and the seconds for which a limit is used up."""

    vectors: Vectors
    tokens: int
    used_up_for: float = 0.0


class EmbeddingProvider(Protocol):
    """A model that turns texts into vectors, wherever it runs."""

    @property
    def model(self) -> str:
        """The stable id that sidecars carry, such as `openai/text-embedding-3-small@1536`."""

    @property
    def dimensions(self) -> int:
        """The length of every vector."""

    @property
    def max_tokens(self) -> int:
        """The most tokens in one chunk."""

    @property
    def request_limits(self) -> RequestLimits:
        """How much one call of `embed` sends at once."""

    def count_tokens(self, text: str) -> int:
        """Count (local) or estimate (remote) the tokens that `text` costs."""

    def split(self, text: str) -> tuple[Chunk, ...]:
        """Cut `text` into chunks that overlap a little and cover it; blank text has none."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts that are not blank. Raises TransientError, or PermanentError for the whole call."""

    def embed_query(self, text: str, *, timeout: float | None = None) -> Vector:
        """Embed what a person searches for; fail after `timeout` seconds rather than keep them waiting."""

    def for_workspace(self, workspace_id: UUID) -> EmbeddingProvider:
        """The same model, its use charged to one workspace."""

    def close(self) -> None:
        """Let go of connections and models; the provider opens them again when used."""


class RemoteProvider(EmbeddingProvider, Protocol):
    """A provider whose every call is one request over the network, worth guarding."""

    @property
    def query_timeout(self) -> float:
        """The seconds that a query may take unless its caller says otherwise."""

    def request(self, texts: Sequence[str], *, timeout: float | None = None) -> Answer:
        """Send one request that is within `request_limits`."""


def check_vectors(vectors: Sequence[Any] | Vectors, *, count: int, dimensions: int) -> Vectors:
    """Return the vectors as one float32 array, or raise TransientError `provider_bad_answer`."""
    if len(vectors) != count:
        raise _bad_answer(f"{len(vectors)} vectors came back for {count} texts")
    try:
        with np.errstate(over="ignore"):
            array = np.asarray(vectors, dtype=np.float32)
    except (TypeError, ValueError):
        raise _bad_answer("what came back are not vectors of one length") from None
    if count and array.shape != (count, dimensions):
        raise _bad_answer(f"vectors of shape {array.shape[1:]} came back instead of ({dimensions},)")
    array = array.reshape(count, dimensions)
    if not np.isfinite(array).all():
        raise _bad_answer("a vector came back with a number that is not finite")
    if not array.any(axis=1).all():
        raise _bad_answer("a vector of zeros came back, which has no direction")
    return array


def to_unit_length(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one vector, or each of many, at length 1. None of them is zeros (`check_vectors`)."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)  # first, since squares overflow
    scaled = vectors / largest
    unit: NDArray[np.float32] = scaled / np.linalg.norm(scaled, axis=-1, keepdims=True)
    return unit


def find_refusal(provider: EmbeddingProvider, text: str) -> PermanentError | None:
    """Say why `text` must not be sent: one blank or over-long input makes an API refuse its whole request."""
    if not text.strip():
        return PermanentError("The text is blank.", code="provider_rejected_input")
    limit = provider.request_limits.max_input_tokens
    if provider.count_tokens(text) > limit:
        return PermanentError(f"The text is longer than {limit} tokens.", code="provider_rejected_input")
    return None


def cut_query(provider: EmbeddingProvider, text: str) -> str:
    """Return the part of a query that fits into one chunk. Raises InvalidInputError when nothing does."""
    chunks = provider.split(text)
    if not chunks:
        raise InvalidInputError("The query is empty.")
    return text[: chunks[0].end]


def _bad_answer(reason: str) -> TransientError:
    return TransientError(f"The embedding provider answered wrongly: {reason}.", code="provider_bad_answer")
