"""A server that speaks OpenAI's embeddings and chat completions over real HTTP and misbehaves as it is told."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

import pytest

from tests.fakes.answers import answer, list_inputs
from tests.fakes.behaviours import (
    Behaviour,
    Hang,
    Html,
    Reset,
    Status,
    Succeed,
    Trickle,
    Truncate,
    describe_error,
    rate_limited,
)

_MOST_INPUTS = 2_048
_MOST_TOKENS = 300_000
_BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class Call:
    """One request that reached the server: when (monotonic seconds), how big, whose, and how it was met.

    `prompt` is the last message of a chat.
    """

    at: float
    inputs: int
    key: str
    model: str
    behaviour: Behaviour
    prompt: str = ""


@dataclass
class _Quota:
    """Requests that may be made: `level` of them at `at` (monotonic seconds)."""

    per_second: float
    level: float
    at: float

    def take(self) -> bool:
        """Take one, if there is one."""
        now = time.monotonic()
        self.level = min(self.level + (now - self.at) * self.per_second, self.per_second * 3)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class FakeOpenAIServer:
    """Use as a context manager. `base_url` goes to the client; `calls` is the log, oldest first."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.closing = Event()
        self._lock = Lock()
        self._script: deque[Behaviour] = deque()
        self._otherwise: Behaviour = Succeed()
        self._markers: tuple[str, ...] = ()
        self._hanging_markers: tuple[str, ...] = ()
        self._quota: _Quota | None = None
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.fake = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> FakeOpenAIServer:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        """The address with `/v1`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def behave(self) -> None:
        """Succeed from now on, whatever it was told before."""
        with self._lock:
            self._script.clear()
            self._otherwise = Succeed()
            self._markers = self._hanging_markers = ()
            self._quota = None

    def script(self, *behaviours: Behaviour) -> None:
        """Meet the next requests like this, one each, in order."""
        with self._lock:
            self._script.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """Meet every request like this once the script is used up; `Succeed()` ends it."""
        with self._lock:
            self._otherwise = behaviour

    def reject_inputs_with(self, *markers: str) -> None:
        """Answer 400 to any request with an input that contains one of the markers."""
        with self._lock:
            self._markers = markers

    def hang_on_inputs_with(self, *markers: str) -> None:
        """Never answer a request with an input that contains one of the markers."""
        with self._lock:
            self._hanging_markers = markers

    def limit_rate(self, per_minute: float) -> None:
        """Answer 429 with Retry-After 1 to requests beyond a quota that refills steadily, a twentieth at most."""
        with self._lock:
            self._quota = _Quota(per_minute / 60, per_minute / 20, time.monotonic())

    def receive(self, request: dict[str, Any], *, key: str) -> Behaviour:
        """Log one request and decide how to meet it."""
        inputs = list_inputs(request)
        with self._lock:
            behaviour = self._decide(inputs, key=key)
            prompt = inputs[-1] if "messages" in request else ""
            model = str(request.get("model"))
            self.calls.append(Call(time.monotonic(), len(inputs), key, model, behaviour, prompt))
        return behaviour

    def _decide(self, inputs: list[str], *, key: str) -> Behaviour:
        if not key:
            return Status(401, code="invalid_api_key")
        if self._quota is not None and not self._quota.take():
            return rate_limited(1)
        if self._script:
            return self._script.popleft()
        if not isinstance(self._otherwise, Succeed):
            return self._otherwise
        if _contain(inputs, self._hanging_markers):
            return Hang()
        return _find_refusal(inputs, self._markers) or self._otherwise


def _find_refusal(inputs: list[str], markers: tuple[str, ...]) -> Status | None:
    """Refuse what the real API refuses: nothing at all, too much, an empty input; and what a test marked."""
    if not inputs or len(inputs) > _MOST_INPUTS or "" in inputs:
        return Status(400, param="input", message=f"'$.input' is invalid: {inputs[:1]}")
    if sum(len(text.encode()) for text in inputs) > _MOST_TOKENS * _BYTES_PER_TOKEN:
        return Status(400, code="max_tokens_per_request", param="input")
    if _contain(inputs, markers):
        return Status(400, param="input", message=f"'$.input' is invalid: {inputs[:1]}")
    return None


def _contain(inputs: list[str], markers: tuple[str, ...]) -> bool:
    return any(marker in text for text in inputs for marker in markers)


class _Server(ThreadingHTTPServer):
    fake: FakeOpenAIServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that give up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        # A client that neither speaks nor hangs up is forgotten.
        self.connection.settimeout(60)

    def do_POST(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request = json.loads(body)
        key = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        behaviour = self.server.fake.receive(request, key=key)
        match behaviour:
            case Status():
                self._send_json(behaviour.status, describe_error(behaviour), headers=behaviour.headers)
            case Hang():
                self._wait_for_goodbye()
            case Reset():
                self._reset()
            case Truncate():
                self._truncate(answer(request, behaviour), honest=behaviour.honest)
            case Trickle():
                self._trickle()
            case Html():
                self._send(200, b"<html>Bad gateway</html>", content_type="text/html")
            case Succeed():
                self._send_json(200, answer(request, behaviour), headers=behaviour.headers)
            case _:
                self._send_json(200, answer(request, behaviour))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """The call log is enough."""

    def _send_json(self, status: int, content: Any, *, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(content).encode(), headers=headers or {})

    def _send(
        self,
        status: int,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _truncate(self, content: dict[str, Any], *, honest: bool) -> None:
        body = json.dumps(content).encode()
        half = body[: len(body) // 2]
        self._send(200, half, length=len(half) if honest else len(body))
        self.close_connection = not honest

    def _trickle(self) -> None:
        self.close_connection = True
        self._send(200, b" ", length=2**31)
        while not self.server.fake.closing.wait(0.05):
            self.wfile.write(b" ")

    def _wait_for_goodbye(self) -> None:
        self.close_connection = True
        self.connection.settimeout(0.05)
        while not self.server.fake.closing.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@pytest.fixture
def openai_server() -> Iterator[FakeOpenAIServer]:
    """Give one test its own fake OpenAI server."""
    with FakeOpenAIServer() as server:
        yield server
