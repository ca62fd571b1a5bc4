"""A chat model can only reorder: whatever it answers becomes an order of all candidates, or one error."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from processing.embedding.config import EmbeddingSettings
from processing.embedding.factory import make_provider
from processing.reranking.guarded import GuardedReranker, make_reranker
from processing.reranking.openai_reranker import OpenAIReranker
from processing.reranking.reranker import Candidate
from supastate.errors import PermanentError, SupastateError, TransientError
from tests.fakes import behaviours
from tests.fakes.behaviours import Behaviour, Say, Status
from tests.fakes.openai_server import FakeOpenAIServer

SECRET_TEXT = "the launch code is swordfish"
CANDIDATES = [Candidate("leases", SECRET_TEXT), Candidate("deploys", "on Tuesdays"), Candidate("cats", "sleep")]
MakeReranker = Callable[..., GuardedReranker]


def say_order(*numbers: object) -> Say:
    """An answer in the form that was asked for."""
    return Say(json.dumps({"order": numbers}))


def request_failing(reranker: OpenAIReranker) -> SupastateError:
    """Ask for an order, expecting an error of ours."""
    with pytest.raises((TransientError, PermanentError)) as caught:
        reranker.request("lease", CANDIDATES)
    return caught.value


def rank_failing(reranker: GuardedReranker) -> str:
    """Rank, expecting an outage; return its code."""
    with pytest.raises(TransientError) as caught:
        reranker.rank("lease", CANDIDATES)
    return caught.value.error_code


@pytest.fixture
def make_inner(openai_server: FakeOpenAIServer) -> Iterator[Callable[..., OpenAIReranker]]:
    made: list[OpenAIReranker] = []

    def make(seconds: float = 10) -> OpenAIReranker:
        made.append(
            OpenAIReranker(api_key="sk-hidden", base_url=openai_server.base_url, model="tiny", seconds=seconds)
        )
        return made[-1]

    yield make
    for reranker in made:
        reranker.close()


@pytest.fixture
def inner(make_inner: Callable[..., OpenAIReranker]) -> OpenAIReranker:
    return make_inner()


@pytest.fixture
def account(openai_server: FakeOpenAIServer, redis_url: str) -> EmbeddingSettings:
    """A key under limits that no other test shares."""
    return EmbeddingSettings(
        provider="openai",
        redis_url=redis_url,
        openai_api_key=f"sk-{uuid4().hex}",
        openai_base_url=openai_server.base_url,
        openai_dimensions=8,
        breaker_failures=2,
    )


@pytest.fixture
def make_guarded(account: EmbeddingSettings) -> Iterator[MakeReranker]:
    made: list[GuardedReranker] = []

    def make(**changes: object) -> GuardedReranker:
        made.append(make_reranker(replace(account, **changes), model="tiny", seconds=10))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for reranker in made:
        reranker.close()


def test_the_model_reads_numbered_candidates_and_its_order_is_taken(
    inner: OpenAIReranker, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(say_order(2, 3, 1))
    order = inner.request("when do we deploy?", CANDIDATES)
    assert order.indices == [1, 2, 0]
    assert order.tokens > 9
    [call] = openai_server.calls
    assert (call.model, call.key) == ("tiny", "sk-hidden")
    assert json.loads(call.prompt) == {
        "query": "when do we deploy?",
        "candidates": [
            {"number": 1, "title": "leases", "text": SECRET_TEXT},
            {"number": 2, "title": "deploys", "text": "on Tuesdays"},
            {"number": 3, "title": "cats", "text": "sleep"},
        ],
    }


def test_long_texts_are_cut_before_they_are_sent(inner: OpenAIReranker, openai_server: FakeOpenAIServer) -> None:
    inner.request("q" * 50_000, [Candidate("t" * 50_000, "x" * 50_000)] * 20)
    assert len(openai_server.calls[0].prompt) < 20_000


@pytest.mark.parametrize(
    ("numbers", "indices"),
    [
        ([3], [2, 0, 1]),
        ([3, 3, 2, 3], [2, 1, 0]),
        ([9, 0, -1, 2, 10**30], [1, 0, 2]),
        (["1", None, True, 1.0, [2], 3], [2, 0, 1]),
        ([1, 2, 3], [0, 1, 2]),
    ],
)
def test_unknown_numbers_are_passed_over_and_missing_ones_keep_their_order(
    inner: OpenAIReranker, openai_server: FakeOpenAIServer, numbers: Sequence[object], indices: list[int]
) -> None:
    openai_server.script(say_order(*numbers))
    assert inner.request("lease", CANDIDATES).indices == indices


@pytest.mark.parametrize(
    "content",
    [
        "Sure! The best one is number 3.",
        "",
        None,
        17,
        "[3, 1, 2]",
        "null",
        '{"order": "3, 1, 2"}',
        '{"order": {"1": 3}}',
        '{"order": []}',
        '{"order": [7, 8]}',
        '{"order": [3, 1',
        '{"ranking": [3, 1, 2]}',
        "[" * 100_000,
        '{"order": [' + "9" * 5_000 + "]}",
    ],
    ids=lambda content: str(content)[:20],
)
def test_an_answer_without_an_order_is_a_bad_answer(
    inner: OpenAIReranker, openai_server: FakeOpenAIServer, content: object
) -> None:
    openai_server.script(Say(content))
    assert request_failing(inner).error_code == "provider_bad_answer"


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (behaviours.rate_limited(7), "rate_limited"),
        (behaviours.insufficient_quota(), "quota_exhausted"),
        (Status(401, code="invalid_api_key"), "provider_refused_key"),
        (Status(404, code="model_not_found"), "provider_misconfigured"),
        (Status(400, param="response_format"), "provider_misconfigured"),
        (Status(400, param="messages"), "provider_rejected_input"),
        (Status(500), "provider_unavailable"),
        (behaviours.Reset(), "provider_unavailable"),
        (behaviours.Truncate(), "provider_unavailable"),
        (behaviours.Truncate(honest=False), "provider_unavailable"),
        (behaviours.Html(), "provider_unavailable"),
    ],
    ids=str,
)
def test_every_failure_is_one_error_without_a_second_try(
    inner: OpenAIReranker, openai_server: FakeOpenAIServer, behaviour: Behaviour, code: str
) -> None:
    openai_server.script(behaviour)
    error = request_failing(inner)
    assert error.error_code == code
    assert "swordfish" not in "".join(traceback.format_exception(error))
    assert len(openai_server.calls) == 1
    assert inner.request("lease", CANDIDATES).indices == [2, 1, 0]


@pytest.mark.parametrize("behaviour", [behaviours.Hang(), behaviours.Trickle()], ids=str)
def test_nobody_waits_longer_than_the_time_limit_even_while_bytes_come(
    make_inner: Callable[..., OpenAIReranker], openai_server: FakeOpenAIServer, behaviour: Behaviour
) -> None:
    openai_server.script(behaviour)
    assert request_failing(make_inner(seconds=0.3)).error_code == "provider_unavailable"


def test_after_failures_in_a_row_nobody_is_asked(
    make_guarded: MakeReranker, openai_server: FakeOpenAIServer
) -> None:
    openai_server.always(Say("no order"))
    here, elsewhere = make_guarded(), make_guarded()
    codes = [rank_failing(here), rank_failing(elsewhere), rank_failing(here), rank_failing(elsewhere)]
    assert codes == ["provider_bad_answer", "provider_bad_answer", "provider_open", "provider_open"]
    assert len(openai_server.calls) == 2


def test_a_quota_that_is_used_up_holds_reranking_and_not_embedding(
    make_guarded: MakeReranker, account: EmbeddingSettings, openai_server: FakeOpenAIServer
) -> None:
    openai_server.script(behaviours.insufficient_quota())
    assert [rank_failing(make_guarded()), rank_failing(make_guarded())] == ["quota_exhausted"] * 2
    assert len(openai_server.calls) == 1
    provider = make_provider(account)
    assert provider.embed(["one"]).shape == (1, 8)
    provider.close()


def test_a_workspace_keeps_to_its_share(make_guarded: MakeReranker, openai_server: FakeOpenAIServer) -> None:
    reranker = make_guarded(workspace_requests_per_minute=1)
    busy, other = reranker.for_workspace(uuid4()), reranker.for_workspace(uuid4())
    assert busy.rank("lease", CANDIDATES) == [2, 1, 0]
    assert rank_failing(busy) == "rate_limited"
    assert other.rank("lease", CANDIDATES) == [2, 1, 0]
    assert len(openai_server.calls) == 2
