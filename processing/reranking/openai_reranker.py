"""A chat model that puts candidates into an order; one call is one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processing.embedding.openai_chat import OpenAIChat, count_tokens
from processing.reranking.prompting import ANSWER_FORMAT, build_messages, read_order
from processing.reranking.reranker import Candidate

_TOKENS_BESIDES = 200
_ANSWER_TOKENS_PER_CANDIDATE = 8


@dataclass(frozen=True, slots=True)
class Order:
    """Indices of all candidates, the best first; tokens billed; the seconds for which a limit is used up."""

    indices: list[int]
    tokens: int
    used_up_for: float = 0.0


class OpenAIReranker:
    """Asks a chat model for an order, without retrying: a search would rather go on without it."""

    def __init__(self, *, api_key: str, base_url: str, model: str, seconds: float) -> None:
        """`seconds` is the most that a caller waits for an answer."""
        self._chat = OpenAIChat(api_key=api_key, base_url=base_url, model=model, seconds=seconds)

    def count_tokens(self, query: str, candidates: Sequence[Candidate]) -> int:
        """Estimate what a request costs, on the high side."""
        return count_tokens(build_messages(query, candidates), most_tokens=_limit_answer(candidates))

    def request(self, query: str, candidates: Sequence[Candidate]) -> Order:
        """Send one request; every failure is a TransientError or PermanentError."""
        answer = self._chat.ask(
            build_messages(query, candidates),
            answer_format=ANSWER_FORMAT,
            most_tokens=_limit_answer(candidates),
        )
        indices = read_order(answer.content, count=len(candidates))
        return Order(indices, answer.tokens, used_up_for=answer.used_up_for)

    def close(self) -> None:
        """Close this process's connections."""
        self._chat.close()


def _limit_answer(candidates: Sequence[Candidate]) -> int:
    return _TOKENS_BESIDES + _ANSWER_TOKENS_PER_CANDIDATE * len(candidates)
