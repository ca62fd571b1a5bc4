"""This process's embedding providers, one for each model in use; a model loads on first use.

The settings say how a provider is reached. Which model is searched, the registry says (`embedding_models`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from threading import Lock
from uuid import UUID

from django.conf import settings

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_provider
from processing.embedding.guarded import GuardedProvider
from processing.embedding.local import LocalProvider
from processing.embedding.per_process import PerProcess
from processing.embedding.provider import EmbeddingProvider
from supastate.errors import TransientError
from supastate.queueing.provider_state import ProviderState
from supastate.workspaces.scope import require_outside_scope

LOCAL, OPENAI = "local", "openai"
NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A provider's model: what a provider can be built from, given the settings."""

    provider: str
    remote_model: str
    dimensions: int

    @property
    def name(self) -> str:
        """The provider's own name of it."""
        return LocalProvider.model if self.provider == LOCAL else f"{OPENAI}/{self.remote_model}@{self.dimensions}"


def spec_of_settings() -> ModelSpec:
    """Return the model that the settings name: the first one of a new installation."""
    if settings.EMBEDDING_PROVIDER == LOCAL:
        return ModelSpec(LOCAL, "", LocalProvider.dimensions)
    return ModelSpec(OPENAI, settings.EMBEDDING_MODEL, settings.EMBEDDING_DIMENSIONS)


def embedding_provider(spec: ModelSpec, workspace_id: UUID) -> EmbeddingProvider:
    """Return a model's provider, its use charged to a workspace. Refused inside a workspace's transaction."""
    require_outside_scope("The embedding provider")
    return _providers.get().provide(spec).for_workspace(workspace_id)


def read_provider_settings() -> EmbeddingSettings:
    """Return what the settings say of every model: server, key, limits and times."""
    return EmbeddingSettings(
        redis_url=settings.REDIS_URL,
        model_dir=settings.EMBEDDING_MODEL_DIR,
        openai_api_key=settings.OPENAI_API_KEY,
        openai_base_url=settings.OPENAI_BASE_URL,
        requests_per_minute=settings.PROVIDER_REQUESTS_PER_MINUTE,
        tokens_per_minute=settings.PROVIDER_TOKENS_PER_MINUTE,
        workspace_requests_per_minute=_find_share(settings.PROVIDER_REQUESTS_PER_MINUTE),
        workspace_tokens_per_minute=_find_share(settings.PROVIDER_TOKENS_PER_MINUTE),
        request_timeout_seconds=settings.PROVIDER_TIMEOUT_SECONDS,
        breaker_open_seconds=settings.PROVIDER_PAUSE_SECONDS,
    )


def look_at_provider(spec: ModelSpec) -> ProviderState:
    """Return whether a model's provider is held or its breaker open; the local model never is."""
    try:
        provider = _providers.get().provide(spec)
    except TransientError as exc:
        return ProviderState("open", code=exc.error_code)
    return provider.look() if isinstance(provider, GuardedProvider) else ProviderState()


def forget_provider() -> None:
    """Close the providers; the next use builds another from the settings."""
    providers = _providers.take()
    for provider in providers.made() if providers else ():
        provider.close()


class _Providers:
    """Built when a model is first used; threads of one process share them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: Mapping[ModelSpec, EmbeddingProvider] = {}

    def provide(self, spec: ModelSpec) -> EmbeddingProvider:
        with self._lock:
            if spec not in self._made:
                self._made = {**self._made, spec: _build(spec)}
            return self._made[spec]

    def made(self) -> list[EmbeddingProvider]:
        return list(self._made.values())


def _build(spec: ModelSpec) -> EmbeddingProvider:
    if spec.provider == OPENAI and settings.OPENAI_API_KEY == NO_KEY:
        # Not for ever: rows wait for the key. Processes that start without it refuse to.
        raise TransientError(
            f"OPENAI_API_KEY is not set, and the embedding model {spec.name} needs it.",
            code="provider_key_missing",
            counts_as_attempt=False,
            retry_after=60,
        )
    return make_provider(
        replace(
            read_provider_settings(),
            provider="openai" if spec.provider == OPENAI else "local",
            openai_model=spec.remote_model,
            openai_dimensions=spec.dimensions,
        )
    )


def _find_share(per_minute: int) -> int:
    return ceil(per_minute * settings.PROVIDER_WORKSPACE_PERCENT / 100)


_providers = PerProcess(_Providers)
