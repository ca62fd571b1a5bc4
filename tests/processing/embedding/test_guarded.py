"""A guarded provider through storms: it never retries, says when to come back, and charges what was used."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest

from processing.embedding.batching import embed_isolating
from processing.embedding.guarded import GuardedProvider
from processing.embedding.provider import EmbeddingProvider, Vectors
from supastate.errors import PermanentError, TransientError
from tests.fakes import behaviours
from tests.fakes.behaviours import Status
from tests.fakes.fake_vectors import make_vector
from tests.fakes.openai_server import FakeOpenAIServer

MakeGuarded = Callable[..., EmbeddingProvider]


def fail_to_embed(provider: EmbeddingProvider, *texts: str) -> TransientError:
    """Embed, expecting to be told to come back."""
    with pytest.raises(TransientError) as caught:
        provider.embed(texts or ["text"])
    return caught.value


def embed_with_retries(provider: EmbeddingProvider, texts: list[str]) -> tuple[Vectors, list[str]]:
    """Do what the queue does: come back when told to. Return the vectors, and each new reason to wait."""
    reasons: list[str] = []
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            return provider.embed(texts), reasons
        except TransientError as exc:
            reason = "burnt an attempt" if exc.counts_as_attempt else exc.error_code
            if reason not in reasons[-1:]:
                reasons.append(reason)
    pytest.fail(f"never succeeded: {reasons}")


def test_a_storm_of_429_500_and_a_hang_ends_in_vectors(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(Status(429, headers={"retry-after-ms": "60"}), Status(500), behaviours.Hang())
    vectors, reasons = embed_with_retries(make_guarded(request_timeout_seconds=0.3), ["one", "two"])
    assert np.allclose(vectors, [make_vector("one", 8), make_vector("two", 8)])
    assert reasons == ["rate_limited", "provider_unavailable"]
    assert len(openai_server.calls) == 4
    assert openai_server.calls[1].at - openai_server.calls[0].at >= 0.06, "Retry-After was honoured"


def test_a_429_holds_every_process_back_for_as_long_as_asked(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    one, another = make_guarded(), make_guarded()
    openai_server.script(behaviours.rate_limited(200))
    assert fail_to_embed(one).retry_after == 200
    held = fail_to_embed(another.for_workspace(uuid4()))
    assert held.error_code == "rate_limited"
    assert held.retry_after is not None
    assert 198 <= held.retry_after <= 200
    assert len(openai_server.calls) == 1


def test_a_limit_that_is_used_up_holds_everybody_back_before_the_provider_refuses(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    used_up = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m40s"}
    openai_server.script(behaviours.Succeed({**used_up, "x-ratelimit-remaining-tokens": "900"}))
    assert make_guarded().embed(["the last one"]).shape == (1, 8)
    held = fail_to_embed(make_guarded())
    assert held.error_code == "rate_limited"
    assert held.retry_after is not None
    assert 4 < held.retry_after <= 5, "a twentieth of the minutes that it takes to fill up"
    assert len(openai_server.calls) == 1


def test_a_used_up_quota_pauses_queries_and_batches_and_says_so(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider = make_guarded()
    openai_server.script(behaviours.insufficient_quota())
    assert fail_to_embed(provider).error_code == "quota_exhausted"
    with pytest.raises(TransientError, match="quota is used up") as caught:
        provider.embed_query("where?")
    assert caught.value.error_code == "quota_exhausted"
    assert len(openai_server.calls) == 1


def test_a_refused_key_is_not_tried_again_at_once(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider = make_guarded()
    openai_server.script(Status(401))
    codes = {fail_to_embed(provider).error_code for _ in range(3)}
    assert codes == {"provider_refused_key"}
    assert len(openai_server.calls) == 1


def test_failures_open_the_breaker_for_every_process_and_one_probe_closes_it(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    one, another = make_guarded(breaker_open_seconds=0.5), make_guarded(breaker_open_seconds=0.5)
    openai_server.script(*[Status(503)] * 3)
    assert {fail_to_embed(one).error_code for _ in range(3)} == {"provider_unavailable"}
    turned_away = fail_to_embed(another)
    assert turned_away.error_code == "provider_open"
    assert turned_away.counts_as_attempt is False
    assert turned_away.retry_after is not None
    assert 0 < turned_away.retry_after <= 0.5
    assert len(openai_server.calls) == 3
    vectors, reasons = embed_with_retries(another, ["one"])
    assert reasons == ["provider_open"]
    assert vectors.shape == (1, 8)
    assert one.embed(["two"]).shape == (1, 8)
    assert len(openai_server.calls) == 5


def test_refused_input_does_not_open_the_breaker(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider = make_guarded()
    openai_server.reject_inputs_with("POISON")
    for _ in range(5):
        with pytest.raises(PermanentError):
            provider.embed(["POISON"])
    assert provider.embed(["fine"]).shape == (1, 8)


def test_poison_is_found_through_the_guard(make_guarded: MakeGuarded, openai_server: FakeOpenAIServer) -> None:
    openai_server.reject_inputs_with("POISON")
    outcomes = embed_isolating(make_guarded(), ["a", "b", "POISON", "d"])
    assert [isinstance(outcome, PermanentError) for outcome in outcomes] == [False, False, True, False]


def test_poison_is_found_even_when_one_request_is_a_large_part_of_the_budget(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    openai_server.reject_inputs_with("POISON")
    provider = make_guarded(tokens_per_minute=40_000)
    outcomes = embed_isolating(provider, ["POISON" * 500] + ["x" * 3_000] * 7)
    assert isinstance(outcomes[0], PermanentError)
    assert not isinstance(outcomes[1], Exception)


def test_a_429_costs_a_request_but_no_tokens(make_guarded: MakeGuarded, openai_server: FakeOpenAIServer) -> None:
    provider = make_guarded(tokens_per_minute=4_000)
    openai_server.script(Status(429, headers={"retry-after-ms": "50"}))
    began = time.monotonic()
    embed_with_retries(provider, ["x" * 2_400])
    assert time.monotonic() - began < 5, "800 tokens of debt would have taken twelve seconds to pay"


def test_calls_stay_within_the_budget_and_finished_vectors_are_kept(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider = make_guarded(requests_per_minute=40, tokens_per_minute=4_000)
    texts = ["x" * 2_400] * 4  # 800 estimated tokens each, 1,000 allowed in one request
    outcomes = embed_isolating(provider, texts)
    waiting = [outcome for outcome in outcomes if isinstance(outcome, TransientError)]
    assert 2 <= len(waiting) < 4
    assert {error.error_code for error in waiting} == {"rate_limited"}
    assert all(error.retry_after and error.retry_after < 60 for error in waiting)
    assert len(openai_server.calls) == 4 - len(waiting)


def test_one_workspaces_backfill_leaves_another_its_budget(make_guarded: MakeGuarded) -> None:
    provider = make_guarded(workspace_requests_per_minute=40)
    noisy, quiet = provider.for_workspace(uuid4()), provider.for_workspace(uuid4())
    assert noisy.embed(["a"]).shape == (1, 8)
    assert noisy.embed(["a"]).shape == (1, 8)
    assert fail_to_embed(noisy).error_code == "rate_limited"
    assert quiet.embed(["b"]).shape == (1, 8)


def test_a_query_goes_through_while_a_backfill_waits(make_guarded: MakeGuarded) -> None:
    provider = make_guarded(requests_per_minute=40, tokens_per_minute=10_000).for_workspace(uuid4())
    provider.embed(["x" * 6_000])
    assert fail_to_embed(provider, "x" * 3_000).error_code == "rate_limited"
    assert np.allclose(provider.embed_query("where is it?"), make_vector("where is it?", 8))


def test_estimates_are_settled_to_what_is_billed(make_guarded: MakeGuarded) -> None:
    """The fake bills four bytes a token where three are estimated."""
    provider = make_guarded(tokens_per_minute=60_000)
    provider.embed(["x" * 9_000])
    assert provider.embed(["x" * 2_000]).shape == (1, 8)
    assert fail_to_embed(provider, "x" * 9_000).error_code == "rate_limited"


def test_who_is_turned_away_by_the_breaker_pays_nothing(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider = make_guarded(requests_per_minute=80, breaker_failures=1, breaker_open_seconds=0.2)
    openai_server.script(Status(500))
    codes = [fail_to_embed(provider).error_code for _ in range(10)]
    assert codes == ["provider_unavailable"] + ["provider_open"] * 9
    _, reasons = embed_with_retries(provider, ["one"])
    assert reasons == ["provider_open"]


def test_a_query_fails_fast_while_the_provider_hangs(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider = make_guarded(breaker_failures=1, breaker_open_seconds=30)
    openai_server.always(behaviours.Hang())
    began = time.monotonic()
    with pytest.raises(TransientError) as first:
        provider.embed_query("where?", timeout=0.1)
    with pytest.raises(TransientError) as second:
        provider.embed_query("where?")
    assert time.monotonic() - began < 1.5
    assert [first.value.error_code, second.value.error_code] == ["provider_unavailable", "provider_open"]


@pytest.mark.parametrize("kind", ["refusing", "silent", "none"])
def test_without_redis_it_still_embeds_within_a_share_of_its_budget(
    make_guarded: MakeGuarded, kind: str, refusing_redis_url: str, silent_redis_url: str
) -> None:
    url = {"refusing": refusing_redis_url, "silent": silent_redis_url, "none": ""}[kind]
    provider = make_guarded(redis_url=url, requests_per_minute=400)
    began = time.monotonic()
    assert provider.embed(["one"]).shape == (1, 8)
    assert provider.embed(["two"]).shape == (1, 8)
    assert fail_to_embed(provider).error_code == "rate_limited"
    assert time.monotonic() - began < 2


def test_zero_means_no_limit(make_guarded: MakeGuarded) -> None:
    provider = make_guarded(
        requests_per_minute=0,
        tokens_per_minute=0,
        workspace_requests_per_minute=0,
        workspace_tokens_per_minute=0,
    ).for_workspace(uuid4())
    assert [provider.embed(["x" * 9_000]).shape for _ in range(20)] == [(1, 8)] * 20


def test_looking_tells_held_open_and_ok_to_every_process_and_lets_nobody_through(
    make_guarded: MakeGuarded, openai_server: FakeOpenAIServer
) -> None:
    provider, elsewhere = make_guarded(breaker_open_seconds=30), make_guarded(breaker_open_seconds=30)
    assert isinstance(provider, GuardedProvider)
    assert isinstance(elsewhere, GuardedProvider)
    assert elsewhere.look().state == "ok"
    for _ in range(3):
        openai_server.script(Status(500))
        fail_to_embed(provider)
    look = elsewhere.look()
    assert (look.state, look.code) == ("open", "provider_open")
    assert look.until is not None
    assert 20 < (look.until - datetime.now(UTC)).total_seconds() <= 30
    assert elsewhere.look().state == "open"


@pytest.mark.parametrize("redis", ["shared", ""])
def test_looking_tells_a_hold(redis: str, make_guarded: MakeGuarded, openai_server: FakeOpenAIServer) -> None:
    provider = make_guarded(**({} if redis else {"redis_url": ""}))
    assert isinstance(provider, GuardedProvider)
    openai_server.script(behaviours.rate_limited(40))
    fail_to_embed(provider)
    look = provider.look()
    assert (look.state, look.code) == ("held", "rate_limited")
    assert set(look.budgets) == {"requests", "tokens"}
    assert look.until is not None
    assert 30 < (look.until - datetime.now(UTC)).total_seconds() <= 40
