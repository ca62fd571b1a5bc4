"""README's promises: its curl lines work as they stand, and its table names every setting."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from tests import pipeline
from tests.conftest import Member, make_member

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PROJECT = "/home/dev/supastate"


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server_url(committed: None) -> Iterator[str]:
    """The web process, serving real commits on a free port."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=_QuietHandler)

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def list_commands() -> list[str]:
    """Return README's curl commands."""
    [block] = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [command for command in re.split(r"\n(?=curl )", block) if command.startswith("curl ")]


def run(command: str, member: Member, url: str) -> dict[str, Any]:
    done = subprocess.run(
        ["bash", "-euc", command],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SUPASTATE_URL": url, "SUPASTATE_API_KEY": member.key},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")
def test_the_curl_lines_do_what_they_say(server_url: str) -> None:
    ada = make_member("north", "ada")
    chunk, transcript, search, graph = list_commands()
    assert run(chunk, ada, server_url)["new"] == 1
    assert run(chunk, ada, server_url)["duplicate"] == 1
    sent = run(transcript, ada, server_url)
    assert sent["received"] == sent["new"] > 150
    source = (ROOT / "supastate" / "queueing" / "claims.py").read_text()
    body = {"project": {"path": PROJECT}, "files": [{"path": "supastate/queueing/claims.py", "content": source}]}
    assert ada.api.post("/api/ingest/code", body, format="json").status_code == 202
    pipeline.drain(ada)
    assert "leases over acknowledgements" in run(search, ada, server_url)["results"][0]["title"]
    assert "claim_rows" in {item["name"] for item in run(graph, ada, server_url)["results"]}


def test_the_table_names_every_setting() -> None:
    source = "".join(path.read_text() for path in (ROOT / "supastate" / "settings").glob("*.py"))
    read = set(re.findall(r'read_\w+\(\s*"([A-Z_]+)"', source))
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", table))
    assert documented == read
