"""This process's embedding provider, built from the settings; the model loads on first use."""

from __future__ import annotations

from math import ceil
from uuid import UUID

from django.conf import settings

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_provider
from processing.embedding.guarded import GuardedProvider
from processing.embedding.per_process import PerProcess
from processing.embedding.provider import EmbeddingProvider
from supastate.queueing.provider_state import ProviderState
from supastate.workspaces.scope import require_outside_scope


def _build() -> EmbeddingProvider:
    return make_provider(
        EmbeddingSettings(
            provider=settings.EMBEDDING_PROVIDER,  # type: ignore[arg-type]
            redis_url=settings.REDIS_URL,
            model_dir=settings.EMBEDDING_MODEL_DIR,
            openai_api_key=settings.OPENAI_API_KEY,
            openai_base_url=settings.OPENAI_BASE_URL,
            openai_model=settings.EMBEDDING_MODEL,
            openai_dimensions=settings.EMBEDDING_DIMENSIONS,
            requests_per_minute=settings.PROVIDER_REQUESTS_PER_MINUTE,
            tokens_per_minute=settings.PROVIDER_TOKENS_PER_MINUTE,
            workspace_requests_per_minute=ceil(settings.PROVIDER_REQUESTS_PER_MINUTE / 2),
            workspace_tokens_per_minute=ceil(settings.PROVIDER_TOKENS_PER_MINUTE / 2),
            request_timeout_seconds=settings.PROVIDER_TIMEOUT_SECONDS,
            breaker_open_seconds=settings.PROVIDER_PAUSE_SECONDS,
        )
    )


_provider = PerProcess(_build)


def embedding_provider(workspace_id: UUID) -> EmbeddingProvider:
    """Return the provider, its use charged to a workspace. Refused inside a workspace's transaction."""
    require_outside_scope("The embedding provider")
    return _provider.get().for_workspace(workspace_id)


def active_model() -> str:
    """Return the id of the model whose vectors are searched."""
    return _provider.get().model


def provider_state() -> ProviderState:
    """Return whether the provider is held or its breaker open; the local model never is."""
    provider = _provider.get()
    if not isinstance(provider, GuardedProvider):
        return ProviderState()
    return provider.look()


def forget_provider() -> None:
    """Close the provider; the next use builds another from the settings."""
    provider = _provider.take()
    if provider is not None:
        provider.close()
