"""Choosing and assembling the provider that the settings name."""

from __future__ import annotations

from hashlib import sha256

from processing.embedding.breaker import BreakerSettings, InProcessBreaker, SharedBreaker
from processing.embedding.buckets import InProcessBuckets, SharedBuckets
from processing.embedding.config import EmbeddingSettings
from processing.embedding.guard import Guard, ProviderLimits
from processing.embedding.guarded import GuardedProvider
from processing.embedding.local import LocalProvider
from processing.embedding.provider import EmbeddingProvider
from processing.embedding.shared_scripts import SharedScripts
from supastate.errors import ConfigurationError

_PROBE_MARGIN_SECONDS = 5.0


def make_provider(settings: EmbeddingSettings) -> EmbeddingProvider:
    """Return the provider; nothing is loaded or connected before its first use. Make one per process.

    Raises ConfigurationError when a setting that it needs is missing.
    """
    if settings.provider == "openai":
        return _make_openai(settings)
    if settings.model_dir is None:
        raise ConfigurationError("EMBEDDING_MODEL_DIR is not set: it names the folder of the local model.")
    return LocalProvider(
        model_dir=settings.model_dir,
        max_tokens=settings.local_chunk_tokens,
        batch_size=settings.local_batch_size,
    )


def _make_openai(settings: EmbeddingSettings) -> GuardedProvider:
    if not settings.openai_api_key:
        raise ConfigurationError("OPENAI_API_KEY is not set: EMBEDDING_PROVIDER=openai needs it.")
    # Here, because the client is 30 MB that a process with the local model does not need.
    from processing.embedding.openai_provider import OpenAIProvider

    inner = OpenAIProvider(
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        dimensions=settings.openai_dimensions,
        send_dimensions=settings.openai_send_dimensions,
        max_tokens=settings.openai_chunk_tokens,
        timeout=settings.request_timeout_seconds,
        query_timeout=settings.query_timeout_seconds,
    )
    # The breaker with the model: while one fails, another of the same account may be filling in well.
    return GuardedProvider(inner, make_guard(settings, budget="", breaker=settings.openai_model))


def make_guard(settings: EmbeddingSettings, *, budget: str, breaker: str) -> Guard:
    """Return the guard of a server and key; `budget` and `breaker` name what of it shares the two."""
    breaker_settings = BreakerSettings(
        failures=settings.breaker_failures,
        open_seconds=settings.breaker_open_seconds,
        probe_seconds=settings.request_timeout_seconds + _PROBE_MARGIN_SECONDS,
    )
    limits = ProviderLimits(
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        workspace_requests_per_minute=settings.workspace_requests_per_minute,
        workspace_tokens_per_minute=settings.workspace_tokens_per_minute,
    )
    own_buckets, own_breaker = InProcessBuckets(share=settings.fallback_share), InProcessBreaker(breaker_settings)
    if not settings.redis_url:
        return Guard(buckets=own_buckets, breaker=own_breaker, limits=limits)
    scripts = SharedScripts(settings.redis_url)
    return Guard(
        buckets=SharedBuckets(scripts, scope=_name_scope(settings, budget), fallback=own_buckets),
        breaker=SharedBreaker(
            scripts, scope=_name_scope(settings, breaker), settings=breaker_settings, fallback=own_breaker
        ),
        limits=limits,
    )


def _name_scope(settings: EmbeddingSettings, part: str) -> str:
    """Name what shares a limit, without giving the key away; the braces keep its keys on one Redis node."""
    parts = (settings.openai_base_url, settings.openai_api_key, *([part] if part else []))
    digest = sha256("\0".join(parts).encode()).hexdigest()[:16]
    return f"{settings.redis_key_prefix}embedding:{{{digest}}}"
