"""Any server that speaks OpenAI's chat completions, through the official client; one call is one request."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import openai

from processing.embedding.openai_errors import describe_outage, translate_failure
from processing.embedding.openai_limits import read_reset, read_usage
from processing.embedding.per_process import PerProcess
from processing.reranking.prompting import ANSWER_FORMAT, build_messages, read_order
from processing.reranking.reranker import Candidate

_BYTES_PER_TOKEN = 3
_TOKENS_BESIDES = 200
_ANSWER_TOKENS_PER_CANDIDATE = 8
_THREADS = 16


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
        self._api_key = api_key
        self._base_url = base_url or None
        self._model = model
        self._seconds = seconds
        self._client = PerProcess(self._connect)
        self._threads = PerProcess(lambda: ThreadPoolExecutor(_THREADS, thread_name_prefix="rerank"))

    def count_tokens(self, query: str, candidates: Sequence[Candidate]) -> int:
        """Estimate what a request costs, on the high side."""
        sent = sum(len(str(message).encode(errors="replace")) for message in build_messages(query, candidates))
        return sent // _BYTES_PER_TOKEN + _limit_answer(candidates)

    def request(self, query: str, candidates: Sequence[Candidate]) -> Order:
        """Send one request; every failure is a TransientError or PermanentError.

        In a thread, because the client's timeout starts anew with every byte and does not hold for names' look-up.
        """
        answer = self._threads.get().submit(self._send, query, candidates)
        try:
            return answer.result(self._seconds)
        except TimeoutError:
            answer.cancel()
            raise describe_outage("did not answer in time") from None

    def close(self) -> None:
        """Close this process's connections."""
        client, threads = self._client.take(), self._threads.take()
        if client is not None:
            client.close()
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)

    def _send(self, query: str, candidates: Sequence[Candidate]) -> Order:
        # `from None`: a traceback in a log would print the provider's message, which may quote text or key.
        try:
            raw = self._client.get().chat.completions.with_raw_response.create(
                model=self._model,
                messages=build_messages(query, candidates),
                response_format=ANSWER_FORMAT,
                max_completion_tokens=_limit_answer(candidates),
            )
            completion = raw.parse()
            content = completion.choices[0].message.content
        except openai.OpenAIError as exc:
            raise translate_failure(exc) from None
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            raise describe_outage("answered something that cannot be read") from None
        indices = read_order(content, count=len(candidates))
        tokens = read_usage(completion) or self.count_tokens(query, candidates)
        return Order(indices, tokens, used_up_for=read_reset(raw.headers) or 0.0)

    def _connect(self) -> openai.OpenAI:
        return openai.OpenAI(api_key=self._api_key, base_url=self._base_url, max_retries=0, timeout=self._seconds)


def _limit_answer(candidates: Sequence[Candidate]) -> int:
    return _TOKENS_BESIDES + _ANSWER_TOKENS_PER_CANDIDATE * len(candidates)
