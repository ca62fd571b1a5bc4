"""The process in which parsing happens: it may be killed at any time, and ends when its parent does.

Run as `python -m graph.parse_worker SECONDS`. It reads frames `[path, text, language]` and answers each with
the facts. A parse that takes longer than SECONDS ends it by SIGALRM, also if nobody is left to kill it.
"""

from __future__ import annotations

import resource
import signal
import sys
from typing import BinaryIO

from graph.frames import encode_frame, read_frame
from graph.languages import load_languages
from graph.parsing import parse_source

MAX_ADDRESS_SPACE = 2 * 1024**3


def serve(requests: BinaryIO, answers: BinaryIO, seconds: int) -> None:
    """Answer requests until there are no more. The first frame says that the worker is ready."""
    _send(answers, sorted(load_languages()))
    while (request := read_frame(requests)) is not None:
        path, text, language = request
        signal.alarm(seconds)
        facts = parse_source(path, text, language)
        signal.alarm(0)
        _send(answers, facts.to_json())


def _send(answers: BinaryIO, value: object) -> None:
    answers.write(encode_frame(value))
    answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
