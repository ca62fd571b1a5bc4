"""The request limit of a workspace: atomic, named in the answer, and open when Redis is away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from supastate.api import throttling
from tests.conftest import Member

SEARCH = "/api/search/memories"


@pytest.fixture(autouse=True)
def fresh_gate(redis_url: str) -> Iterator[None]:
    throttling._gate.cache_clear()
    redis.Redis.from_url(redis_url).flushall()
    yield
    throttling._gate.cache_clear()


def test_a_workspace_over_its_rate_is_told_when_to_come_back(ada: Member, cleo: Member, settings: Any) -> None:
    settings.WORKSPACE_REQUESTS_PER_MINUTE = 3
    answers = [ada.api.get(SEARCH) for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) in {6, 9}  # 3 pass in a minute, 6 when a new minute begins in between
    assert refused[0].json()["code"] == "throttled"
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert cleo.api.get(SEARCH).status_code == 400


def test_redis_away_lets_everybody_pass(ada: Member, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.WORKSPACE_REQUESTS_PER_MINUTE = 1
    assert {ada.api.get(SEARCH).status_code for _ in range(5)} == {400}
