"""One poison text fails alone, an outage loses nothing that is finished, and bisecting is bounded."""

from __future__ import annotations

import numpy as np
import pytest

from processing.embedding.batching import Outcome, embed_isolating
from processing.embedding.local import LocalProvider
from processing.embedding.openai_provider import OpenAIProvider
from processing.embedding.provider import RequestLimits
from supastate.errors import PermanentError, SupastateError, TransientError
from tests.fakes import behaviours
from tests.fakes.behaviours import Status
from tests.fakes.fake_vectors import make_vector
from tests.fakes.openai_server import FakeOpenAIServer


def list_codes(outcomes: list[Outcome]) -> list[str]:
    """Name each outcome: `ok`, or the error's code."""
    return [outcome.error_code if isinstance(outcome, SupastateError) else "ok" for outcome in outcomes]


def make_provider_of_tens(server: FakeOpenAIServer) -> OpenAIProvider:
    """Return a provider that sends ten texts a request."""
    limits = RequestLimits(max_inputs=10, max_input_tokens=100, max_tokens=10_000)
    return OpenAIProvider(api_key="k", base_url=server.base_url, dimensions=8, timeout=10, request_limits=limits)


def test_every_text_gets_its_own_vector(openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer) -> None:
    texts = [f"text number {i}" for i in range(50)]
    outcomes = embed_isolating(openai_provider, texts)
    assert np.allclose(np.array(outcomes), [make_vector(text, 8) for text in texts])
    assert len(openai_server.calls) == 1


def test_one_poison_text_in_2048_fails_alone(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer
) -> None:
    openai_server.reject_inputs_with("POISON")
    texts = [f"text {i}" for i in range(2_048)]
    texts[1_234] = "this is POISON"
    outcomes = embed_isolating(openai_provider, texts)
    codes = list_codes(outcomes)
    assert codes.pop(1_234) == "provider_rejected_input"
    assert set(codes) == {"ok"}
    assert isinstance(outcomes[1_234], PermanentError)
    assert np.allclose(np.asarray(outcomes[2_000]), make_vector("text 2000", 8))
    assert len(openai_server.calls) == 1 + 2 * 11


def test_several_poison_texts_fail_alone(openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer) -> None:
    openai_server.reject_inputs_with("POISON")
    texts = ["fine", "POISON 1", "fine too", "POISON 2", "POISON 3", "last"]
    refused = "provider_rejected_input"
    assert list_codes(embed_isolating(openai_provider, texts)) == [
        "ok",
        refused,
        "ok",
        refused,
        refused,
        "ok",
    ]


def test_when_everything_is_refused_some_die_and_the_rest_wait(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer
) -> None:
    openai_server.always(Status(400, param="input"))
    codes = list_codes(embed_isolating(openai_provider, [f"text {i}" for i in range(1_000)]))
    assert set(codes) == {"provider_rejected_input", "provider_rejected_batch"}
    assert codes.count("provider_rejected_input") >= 30
    assert len(openai_server.calls) <= 130


def test_an_outage_keeps_what_is_finished_and_stops_asking(openai_server: FakeOpenAIServer) -> None:
    provider = make_provider_of_tens(openai_server)
    openai_server.script(behaviours.Succeed(), Status(503))
    outcomes = embed_isolating(provider, [f"text {i}" for i in range(40)])
    provider.close()
    assert list_codes(outcomes) == ["ok"] * 10 + ["provider_unavailable"] * 30
    assert len(openai_server.calls) == 2
    waiting = outcomes[39]
    assert isinstance(waiting, TransientError)
    assert waiting.counts_as_attempt is False


def test_a_bad_answer_fails_its_own_request_only(openai_server: FakeOpenAIServer) -> None:
    provider = make_provider_of_tens(openai_server)
    openai_server.script(behaviours.Succeed(), behaviours.WrongCount())
    outcomes = embed_isolating(provider, [f"text {i}" for i in range(30)])
    provider.close()
    assert list_codes(outcomes) == ["ok"] * 10 + ["provider_bad_answer"] * 10 + ["ok"] * 10


def test_an_outage_while_bisecting_condemns_nobody(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(Status(400, param="input"), behaviours.Succeed(), behaviours.rate_limited(2))
    outcomes = embed_isolating(openai_provider, ["a", "b", "c", "d"])
    assert list_codes(outcomes) == ["ok", "ok", "rate_limited", "rate_limited"]


@pytest.mark.parametrize("bad", ["", " \n ", "x" * 30_000])
def test_what_the_api_would_refuse_is_not_sent(
    openai_provider: OpenAIProvider, openai_server: FakeOpenAIServer, bad: str
) -> None:
    outcomes = embed_isolating(openai_provider, ["before", bad, "after"])
    assert list_codes(outcomes) == ["ok", "provider_rejected_input", "ok"]
    assert [call.inputs for call in openai_server.calls] == [2]


def test_the_local_model_isolates_too(local_provider: LocalProvider) -> None:
    outcomes = embed_isolating(local_provider, ["database password", "", "a cat"])
    assert list_codes(outcomes) == ["ok", "provider_rejected_input", "ok"]
    assert np.allclose(np.asarray(outcomes[2]), local_provider.embed(["a cat"])[0], atol=1e-5)


def test_nothing_to_embed_is_nothing_to_do(openai_provider: OpenAIProvider) -> None:
    assert embed_isolating(openai_provider, []) == []
