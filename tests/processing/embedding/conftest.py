"""Real parts: the local model, shared limits on Redis, and guarded providers against the fake server."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_provider
from processing.embedding.local import LocalProvider
from processing.embedding.openai_provider import OpenAIProvider
from processing.embedding.provider import EmbeddingProvider
from processing.embedding.shared_scripts import SharedScripts
from supastate.local.service import find_free_port
from tests.fakes.openai_server import FakeOpenAIServer, openai_server

__all__ = ["openai_server"]


@pytest.fixture(scope="session")
def local_provider(embedding_model_dir: Path) -> LocalProvider:
    """Return the local model, loaded once."""
    return LocalProvider(model_dir=embedding_model_dir)


@pytest.fixture
def openai_provider(openai_server: FakeOpenAIServer) -> Iterator[OpenAIProvider]:
    """Return an unguarded client of the fake server, with small vectors."""
    provider = OpenAIProvider(
        api_key="sk-test-very-secret", base_url=openai_server.base_url, dimensions=8, timeout=10
    )
    yield provider
    provider.close()


@pytest.fixture
def settings_of(openai_server: FakeOpenAIServer, redis_url: str) -> EmbeddingSettings:
    """Return settings for the fake server, under limits that no other test shares."""
    return EmbeddingSettings(
        provider="openai",
        redis_url=redis_url,
        openai_api_key=f"sk-{uuid4().hex}",
        openai_base_url=openai_server.base_url,
        openai_dimensions=8,
        request_timeout_seconds=10,
        query_timeout_seconds=10,
        breaker_failures=3,
        breaker_open_seconds=0.05,
    )


@pytest.fixture
def make_guarded(settings_of: EmbeddingSettings) -> Iterator[Callable[..., EmbeddingProvider]]:
    """Return a function that makes a guarded provider with some settings changed."""
    made: list[EmbeddingProvider] = []

    def make(**changes: object) -> EmbeddingProvider:
        provider = make_provider(replace(settings_of, **changes))  # type: ignore[arg-type]
        made.append(provider)
        return provider

    yield make
    for provider in made:
        provider.close()


@pytest.fixture
def scripts(redis_url: str) -> Iterator[SharedScripts]:
    """Return the scripts on a Redis that answers."""
    scripts = SharedScripts(redis_url)
    yield scripts
    scripts.close()


@pytest.fixture
def scope() -> str:
    """Return a scope that no other test uses."""
    return uuid4().hex


@pytest.fixture
def refusing_redis_url() -> str:
    """Return the address of a Redis that is not there."""
    return f"redis://127.0.0.1:{find_free_port()}/0"


@pytest.fixture
def silent_redis_url() -> Iterator[str]:
    """Return the address of a Redis that takes connections and never answers, like a stopped process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
