"""Any server that speaks OpenAI's chat completions, through the official client; one call is one request."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import openai
from openai._legacy_response import LegacyAPIResponse
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema

from processing.embedding.openai_errors import describe_outage, translate_failure
from processing.embedding.openai_limits import read_reset, read_usage
from processing.embedding.per_process import PerProcess

_BYTES_PER_TOKEN = 3
_THREADS = 16
_FINISHED = "stop"

Messages = Iterable[ChatCompletionMessageParam]


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What was said, None if nothing; whether to its end; tokens billed; the seconds a limit is used up for."""

    content: str | None
    is_whole: bool
    tokens: int
    used_up_for: float = 0.0


@dataclass(frozen=True, slots=True)
class _Asked:
    messages: Messages
    answer_format: ResponseFormatJSONSchema
    most_tokens: int
    temperature: float | None


class OpenAIChat:
    """Asks one chat model, without retrying."""

    def __init__(self, *, api_key: str, base_url: str, model: str, seconds: float) -> None:
        """`seconds` is the most that a caller waits for an answer."""
        self.model = model
        self._api_key = api_key
        self._base_url = base_url or None
        self._seconds = seconds
        self._takes_temperature = True
        self._client = PerProcess(self._connect)
        self._threads = PerProcess(lambda: ThreadPoolExecutor(_THREADS, thread_name_prefix="chat"))

    def ask(
        self,
        messages: Messages,
        *,
        answer_format: ResponseFormatJSONSchema,
        most_tokens: int,
        temperature: float | None = None,
    ) -> ChatAnswer:
        """Send one request; every failure is a TransientError or PermanentError.

        In a thread, because the client's timeout starts anew with every byte and does not hold for names' look-up.
        """
        asked = _Asked(messages, answer_format, most_tokens, temperature)
        answer = self._threads.get().submit(self._send, asked)
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

    def _send(self, asked: _Asked) -> ChatAnswer:
        # `from None`: a traceback in a log would print the provider's message, which may quote text or key.
        try:
            raw = self._create(asked)
            completion = raw.parse()
            choice = completion.choices[0]
            content, is_whole = choice.message.content, choice.finish_reason == _FINISHED
        except openai.OpenAIError as exc:
            raise translate_failure(exc) from None
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            raise describe_outage("answered something that cannot be read") from None
        tokens = read_usage(completion) or count_tokens(asked.messages, most_tokens=asked.most_tokens)
        return ChatAnswer(content, is_whole, tokens, used_up_for=read_reset(raw.headers) or 0.0)

    def _create(self, asked: _Asked) -> LegacyAPIResponse[ChatCompletion]:
        """Models that reason refuse a temperature: the first that does is asked again without, and ever after."""
        is_sent = asked.temperature is not None and self._takes_temperature
        try:
            return self._client.get().chat.completions.with_raw_response.create(
                model=self.model,
                messages=asked.messages,
                response_format=asked.answer_format,
                max_completion_tokens=asked.most_tokens,
                temperature=asked.temperature if is_sent else openai.omit,
            )
        except openai.BadRequestError as exc:
            if not is_sent or exc.param != "temperature":
                raise
        self._takes_temperature = False
        return self._create(asked)

    def _connect(self) -> openai.OpenAI:
        return openai.OpenAI(api_key=self._api_key, base_url=self._base_url, max_retries=0, timeout=self._seconds)


def count_tokens(messages: Messages, *, most_tokens: int) -> int:
    """Estimate what a request costs with its answer, on the high side."""
    sent = sum(len(str(message).encode(errors="replace")) for message in messages)
    return sent // _BYTES_PER_TOKEN + most_tokens
