"""Every way in which the API can answer becomes one error with one code, or checked vectors in order."""

from __future__ import annotations

import time
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_provider
from processing.embedding.openai_provider import OpenAIProvider
from processing.embedding.provider import RequestLimits
from supastate.errors import ConfigurationError, PermanentError, SupastateError, TransientError
from tests.fakes import behaviours
from tests.fakes.behaviours import Behaviour, Status
from tests.fakes.fake_vectors import make_vector
from tests.fakes.openai_server import FakeOpenAIServer

SECRET_TEXT = "the launch code is swordfish"


def embed_failing(provider: OpenAIProvider) -> SupastateError:
    """Embed, expecting an error of ours."""
    with pytest.raises((TransientError, PermanentError)) as caught:
        provider.embed([SECRET_TEXT, "another"])
    return caught.value


def test_vectors_come_in_the_order_of_their_texts(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(behaviours.Shuffle())
    vectors = openai_provider.embed(["one", "two", "three"])
    assert np.allclose(vectors, [make_vector(text, 8) for text in ("one", "two", "three")])
    assert vectors.dtype == np.float32


def test_servers_that_answer_in_plain_numbers_are_understood(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(behaviours.PlainNumbers())
    assert np.allclose(openai_provider.embed(["one"])[0], make_vector("one", 8))


def test_model_id_names_the_dimensions(openai_provider: OpenAIProvider) -> None:
    assert openai_provider.model == "openai/text-embedding-3-small@8"


def test_servers_that_are_not_sent_dimensions_answer_with_their_own(
    openai_server: FakeOpenAIServer,
) -> None:
    provider = OpenAIProvider(api_key="k", base_url=openai_server.base_url, dimensions=1536, send_dimensions=False)
    assert provider.embed(["one"]).shape == (1, 1536)
    provider.close()


@pytest.mark.parametrize(
    ("behaviour", "code", "counts"),
    [
        (behaviours.rate_limited(), "rate_limited", False),
        (behaviours.insufficient_quota(), "quota_exhausted", False),
        (Status(402), "quota_exhausted", False),
        (Status(401, code="invalid_api_key"), "provider_refused_key", False),
        (Status(403), "provider_refused_key", False),
        (Status(404, code="model_not_found"), "provider_misconfigured", False),
        (Status(400, param="dimensions"), "provider_misconfigured", False),
        (Status(500), "provider_unavailable", False),
        (Status(503), "provider_unavailable", False),
        (Status(529), "provider_unavailable", False),
        (behaviours.Reset(), "provider_unavailable", False),
        (behaviours.Truncate(), "provider_unavailable", False),
        (behaviours.Truncate(honest=False), "provider_unavailable", False),
        (behaviours.Html(), "provider_unavailable", False),
        (behaviours.WrongCount(), "provider_bad_answer", True),
        (behaviours.WrongDimension(), "provider_bad_answer", True),
        (behaviours.Zeros(), "provider_bad_answer", True),
        (behaviours.NotANumber(), "provider_bad_answer", True),
        (behaviours.NotANumber(float("inf")), "provider_bad_answer", True),
    ],
    ids=str,
)
def test_a_failure_that_passes_is_transient(
    openai_provider: OpenAIProvider,
    openai_server: FakeOpenAIServer,
    behaviour: Behaviour,
    code: str,
    counts: bool,
) -> None:
    openai_server.script(behaviour)
    error = embed_failing(openai_provider)
    assert isinstance(error, TransientError)
    assert (error.error_code, error.counts_as_attempt) == (code, counts)
    assert len(openai_server.calls) == 1, "the client must not retry by itself"
    assert openai_provider.embed(["works again"]).shape == (1, 8)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_refused_input_is_permanent(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer, status: int
) -> None:
    openai_server.script(Status(status, param="input", code="invalid_input"))
    error = embed_failing(openai_provider)
    assert isinstance(error, PermanentError)
    assert error.error_code == "provider_rejected_input"
    assert error.detail.endswith(f"status {status}, invalid_input.")


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "200"}, 200, 200),
        ({"Retry-After": "1.5"}, 1.5, 1.5),
        ({"retry-after-ms": "250", "Retry-After": "1"}, 0.25, 0.25),
        ({"Retry-After": "999999"}, 3600, 3600),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0.5s"}, 360.5, 360.5),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "120ms"}, 0.12, 0.12),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1h2s"}, 3600, 3600),
        (
            {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "2s",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "3s",
            },
            3,
            3,
        ),
        ({"Retry-After": "1", "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "9s"}, 1, 1),
    ],
)
def test_retry_after_is_read_in_every_form(
    openai_provider: OpenAIProvider,
    openai_server: FakeOpenAIServer,
    headers: dict[str, str],
    least: float,
    most: float,
) -> None:
    openai_server.script(Status(429, headers=headers))
    error = embed_failing(openai_provider)
    assert isinstance(error, TransientError)
    assert error.retry_after is not None
    assert least <= error.retry_after <= most


def test_retry_after_is_read_as_a_date(openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer) -> None:
    then = datetime.now(UTC) + timedelta(minutes=10)
    openai_server.script(Status(429, headers={"Retry-After": format_datetime(then, usegmt=True)}))
    error = embed_failing(openai_provider)
    assert isinstance(error, TransientError)
    assert error.retry_after is not None
    assert 300 <= error.retry_after <= 600


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "9s"},
        {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon"},
        {"x-ratelimit-remaining-requests": "0"},
    ],
)
def test_limits_with_something_remaining_and_senseless_ones_ask_for_no_pause(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer, headers: dict[str, str]
) -> None:
    openai_server.script(behaviours.Succeed(headers))
    assert openai_provider.request(["text"]).used_up_for == 0
    openai_server.script(Status(429, headers=headers))
    error = embed_failing(openai_provider)
    assert isinstance(error, TransientError)
    assert error.retry_after is None


@pytest.mark.parametrize("value", ["soon", "nan", "-5"])
def test_a_senseless_retry_after_is_none(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer, value: str
) -> None:
    openai_server.script(behaviours.rate_limited(value))
    error = embed_failing(openai_provider)
    assert isinstance(error, TransientError)
    assert error.retry_after is None


def test_used_up_quota_pauses_for_long(openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer) -> None:
    openai_server.script(behaviours.insufficient_quota())
    error = embed_failing(openai_provider)
    assert isinstance(error, TransientError)
    assert error.retry_after == 900


@pytest.mark.parametrize(
    "behaviour",
    [
        Status(400, message=f"cannot embed {SECRET_TEXT}", code=SECRET_TEXT, param="input"),
        Status(401, message="Incorrect API key provided: sk-test-very-secret"),
        behaviours.Html(),
    ],
    ids=["input", "key", "page"],
)
def test_errors_and_their_tracebacks_tell_neither_content_nor_key(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer, behaviour: Behaviour
) -> None:
    openai_server.script(behaviour)
    printed = "".join(traceback.format_exception(embed_failing(openai_provider)))
    assert "swordfish" not in printed
    assert "very-secret" not in printed


def test_an_unreachable_server_is_transient(refusing_redis_url: str) -> None:
    address = refusing_redis_url.replace("redis://", "http://").removesuffix("/0")
    provider = OpenAIProvider(api_key="k", base_url=f"{address}/v1", dimensions=8)
    error = embed_failing(provider)
    provider.close()
    assert error.error_code == "provider_unavailable"


def test_a_hanging_server_keeps_a_query_only_as_long_as_it_says(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(behaviours.Hang())
    began = time.monotonic()
    with pytest.raises(TransientError) as caught:
        openai_provider.embed_query("where is it?", timeout=0.1)
    assert 0.1 <= time.monotonic() - began < 1.5
    assert caught.value.error_code == "provider_unavailable"


def test_a_hanging_server_is_given_up_after_the_time_set(openai_server: FakeOpenAIServer) -> None:
    provider = OpenAIProvider(api_key="k", base_url=openai_server.base_url, dimensions=8, timeout=0.2)
    openai_server.script(behaviours.Hang())
    error = embed_failing(provider)
    provider.close()
    assert isinstance(error, TransientError)
    assert (error.error_code, error.counts_as_attempt) == ("provider_unavailable", False)
    assert len(openai_server.calls) == 1


def test_many_texts_become_requests_within_the_limits(openai_server: FakeOpenAIServer) -> None:
    limits = RequestLimits(max_inputs=4, max_input_tokens=50, max_tokens=30)
    provider = OpenAIProvider(api_key="k", base_url=openai_server.base_url, dimensions=8, request_limits=limits)
    texts = ["x" * 30, "y" * 30, "z" * 60, *"abcdef"]
    assert np.allclose(provider.embed(texts), [make_vector(text, 8) for text in texts])
    provider.close()
    assert [call.inputs for call in openai_server.calls] == [2, 4, 3]


def test_openai_needs_a_key() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY is not set"):
        make_provider(EmbeddingSettings(provider="openai"))


def test_settings_do_not_show_the_key() -> None:
    assert "sk-hidden" not in repr(EmbeddingSettings(openai_api_key="sk-hidden"))
