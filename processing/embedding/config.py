"""What the embedding providers can be told: one frozen value that the Django settings build."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingSettings:
    """One value per setting; the defaults make no paid call. A limit of 0 means unlimited."""

    provider: Literal["local", "openai"] = "local"
    redis_url: str = field(default="", repr=False)
    """Without one, each process keeps to its `fallback_share`."""
    redis_key_prefix: str = "supastate:"

    model_dir: Path | None = None
    local_batch_size: int = 4
    local_chunk_tokens: int = 256

    openai_api_key: str = field(default="", repr=False)
    openai_base_url: str = ""
    openai_model: str = "text-embedding-3-small"
    openai_dimensions: int = 1536
    openai_send_dimensions: bool = True
    """Off for compatible servers that refuse the `dimensions` parameter."""
    openai_chunk_tokens: int = 512

    request_timeout_seconds: float = 30.0
    query_timeout_seconds: float = 2.0

    requests_per_minute: int = 3_000
    tokens_per_minute: int = 1_000_000
    workspace_requests_per_minute: int = 1_500
    workspace_tokens_per_minute: int = 500_000
    fallback_share: float = 0.1
    """The part of every limit that one process allows itself while Redis is away."""

    breaker_failures: int = 5
    breaker_open_seconds: float = 30.0
