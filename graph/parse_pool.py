"""Parses untrusted source in a process of its own, which is killed when a file takes too long.

No `multiprocessing`: it is refused inside the daemonic children of a Celery worker.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph.facts import FileFacts
from graph.frames import HEADER, encode_frame
from graph.parsing import mark_file
from supastate.errors import TransientError

DEFAULT_SECONDS = 10.0
_START_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parent.parent


class _WorkerSilentError(Exception):
    """The worker did not answer in time."""


class _WorkerEndedError(Exception):
    """The worker ended instead of answering."""


class ParsePool:
    """One worker process, started at the first file and again whenever it had to be killed."""

    def __init__(self, *, seconds: float = DEFAULT_SECONDS) -> None:
        """`seconds` is how long one file may take."""
        self._seconds = seconds
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, path: str, text: str, language: str | None = None) -> FileFacts:
        """Return a file's facts; a file that takes too long or ends the worker is marked so.

        Raises `TransientError` if no worker can be started.
        """
        try:
            worker = self._living_worker()
            return FileFacts.from_json(worker.ask([path, text, language], self._seconds))
        except _WorkerSilentError:
            mark = "timeout"
        except _WorkerEndedError:
            mark = "crashed"
        self.close()
        return mark_file(text, language or "", mark)

    def close(self) -> None:
        """End the worker; the next file starts a new one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _living_worker(self) -> _Worker:
        if self._worker is not None and not self._worker.is_mine():
            self._worker = None
        if self._worker is None or self._worker.has_ended():
            self.close()
            self._worker = _Worker(alarm_seconds=math.ceil(self._seconds) + 1)
            self._wait_for(self._worker)
        return self._worker

    def _wait_for(self, worker: _Worker) -> None:
        try:
            worker.wait_until_ready()
        except (_WorkerSilentError, _WorkerEndedError) as exc:
            self.close()
            raise TransientError("The parser process did not start.") from exc


class _Worker:
    """The process and its two pipes."""

    def __init__(self, *, alarm_seconds: int) -> None:
        self._owner = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "graph.parse_worker", str(alarm_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            bufsize=0,
            start_new_session=True,
        )

    def is_mine(self) -> bool:
        """Whether this process started the worker, and not one that it was forked from."""
        return self._owner == os.getpid()

    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def wait_until_ready(self) -> None:
        """Wait for the first frame, so that starting is not counted as parsing."""
        self._read_answer(_START_SECONDS)

    def ask(self, request: list[str | None], seconds: float) -> Any:
        """Send a request and return its answer."""
        stdin = self._process.stdin
        frame = memoryview(encode_frame(request))
        try:
            while stdin is not None and frame:
                frame = frame[stdin.write(frame) :]
        except BrokenPipeError as exc:
            raise _WorkerEndedError from exc
        return self._read_answer(seconds)

    def end(self) -> None:
        """Kill the process and release its pipes."""
        if self.is_mine():
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()

    def _read_answer(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        (length,) = HEADER.unpack(self._read_exactly(HEADER.size, deadline))
        return json.loads(self._read_exactly(length, deadline))

    def _read_exactly(self, length: int, deadline: float) -> bytes:
        stdout = self._process.stdout
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            while len(received) < length:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise _WorkerSilentError
                piece = os.read(stdout.fileno(), min(length - len(received), 1 << 20))  # type: ignore[union-attr]
                if not piece:
                    raise _WorkerEndedError
                received += piece
        return bytes(received)
