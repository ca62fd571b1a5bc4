"""A provider that thinks nothing: OpenAI's embeddings API over real HTTP, one vector for every text.

`python -m benchmarks.null_provider` prints its address. It is a process of its own and writes prepared bytes, so
that what it takes of the cores is little beside what it feeds.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

DIMENSIONS = 1_536


@contextmanager
def run_null_provider() -> Iterator[str]:
    """Start it; yields the address with `/v1`."""
    command = [sys.executable, "-m", "benchmarks.null_provider"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("The provider has no output.")
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def name_provider(url: str) -> dict[str, str]:
    """Settings of an installation that embeds with this provider, without a limit of any kind."""
    return {
        "EMBEDDING_PROVIDER": "openai",
        "OPENAI_API_KEY": "sk-null",
        "OPENAI_BASE_URL": url,
        "EMBEDDING_DIMENSIONS": str(DIMENSIONS),
        "PROVIDER_REQUESTS_PER_MINUTE": "1000000",
        "PROVIDER_TOKENS_PER_MINUTE": "1000000000",
    }


@cache
def make_vector() -> bytes:
    """Little-endian float32 of length 1, as the API sends it."""
    vector = np.random.default_rng(7).standard_normal(DIMENSIONS, dtype="<f4")
    return (vector / np.linalg.norm(vector)).tobytes()


@cache
def _make_item() -> bytes:
    encoded = base64.b64encode(make_vector()).decode()
    return b'{"object":"embedding","index":%d,"embedding":"' + encoded.encode() + b'"}'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        count, item = len(request["input"]), _make_item()
        head, tail = item.split(b"%d")
        data = b",".join(b"%s%d%s" % (head, index, tail) for index in range(count))
        body = b'{"object":"list","model":"null","usage":{"prompt_tokens":%d,"total_tokens":%d},"data":[%s]}' % (
            count,
            count,
            data,
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing to say."""


def main() -> None:
    """Serve until terminated."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}/v1\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
