"""Two thousand memories of some 300 characters, the same ones on every run, and the way into the server."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.graph import read_django
from benchmarks.installation import Running

SIZE = 2_000
CHARACTERS = 300
_PATIENCE_SECONDS = 600
_PROJECT = {"path": "/home/dev/bench"}
_POLL_SECONDS = 0.05
_FIRST = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_COUNT = (Path(__file__).parent / "sql" / "count_embedded.sql").read_text()
_PHRASES = {path.stem: path.read_text().splitlines() for path in (Path(__file__).parent / "phrases").iterdir()}


def make_texts(count: int = SIZE, *, seed: int = 7) -> list[str]:
    """English-like notes of a team at work, each different."""
    chance = random.Random(seed)
    return [_make_text(chance, number) for number in range(count)]


def make_queries(count: int) -> list[str]:
    """A sentence each, cut at 80 characters, of other texts; none names a month, which would be a filter."""
    sentences = (text.split(". ")[1][:80] for text in make_texts(2 * count, seed=19))
    return list(islice((sentence for sentence in sentences if " in March" not in sentence), count))


def make_chunks(texts: Sequence[str], *, prefix: str) -> list[dict[str, Any]]:
    """The wire form; `prefix` and the number make the chunk's id, so that sending again changes nothing."""
    return [
        {
            "chunkId": f"{prefix}-{number}",
            "content": text,
            "metadata": {
                "timestamp": (_FIRST + timedelta(minutes=number)).isoformat(),
                "messageType": "user" if number % 2 else "assistant",
            },
        }
        for number, text in enumerate(texts)
    ]


def send_chunks(running: Running, chunks: Sequence[dict[str, Any]], *, session: str) -> dict[str, Any]:
    """Send them as one request; returns the receipt."""
    body = {"sessionId": session, "project": _PROJECT, "chunks": list(chunks)}
    response = running.api.post("/api/ingest/memory", json=body)
    if response.status_code != 202:
        raise RuntimeError(f"POST /api/ingest/memory answered {response.status_code}: {response.text[:300]}")
    receipt: dict[str, Any] = response.json()
    return receipt


def ingest_corpus(running: Running, texts: Sequence[str] | None = None, *, session: str = "corpus") -> float:
    """Send texts (by default the 2,000) and wait until each has its vector; the seconds from the 202 on."""
    chunks = make_chunks(make_texts() if texts is None else texts, prefix=session)
    receipt = send_chunks(running, chunks, session=session)
    began = time.perf_counter()
    if receipt["received"] != len(chunks) or receipt["rejected"]:
        raise RuntimeError(f"The corpus was not accepted whole: {receipt}")
    wait_until_embedded(running, session=session, count=len(chunks))
    return time.perf_counter() - began


def send_code(running: Running) -> None:
    """Send the code of `django/db`, into the project of the texts."""
    files = {path: text for path, text in read_django().items() if path.startswith("django/db/")}
    body = {"project": _PROJECT, "files": [{"path": path, "content": text} for path, text in files.items()]}
    answer = running.api.post("/api/ingest/code", json=body)
    if answer.status_code != 202 or answer.json()["rejected"]:
        raise RuntimeError(f"POST /api/ingest/code answered {answer.status_code}: {answer.text[:300]}")


def warm_up_workers(running: Running) -> None:
    """Let each worker load what it needs: a request this long is backfill, which the express lane leaves alone."""
    ingest_corpus(running, make_texts(600, seed=23), session="warm-up")
    wait_until_idle(running.api)


def wait_until_embedded(running: Running, *, session: str, count: int) -> None:
    """Return once so many memories of the session have vectors."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with running.connect_as_owner() as connection:
        while True:
            row = connection.execute(_COUNT, {"session": session}).fetchone()
            if row == (count,):
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{row} of {count} memories were embedded within {_PATIENCE_SECONDS} s.")
            time.sleep(_POLL_SECONDS)


def wait_until_idle(api: httpx2.Client) -> None:
    """Return once no stage has work left in the key's workspace: what was before must not disturb what comes."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        stages = api.get("/api/ingest/status").json()["stages"].values()
        if not sum(stage["pending"] + stage["processing"] for stage in stages):
            return
        time.sleep(0.2)
    raise RuntimeError(f"The queues did not drain within {_PATIENCE_SECONDS} s.")


def _make_text(chance: random.Random, number: int) -> str:
    text = f"Note {number}."
    while len(text) < CHARACTERS - 40:
        first, second = _name_thing(chance), _name_thing(chance)
        end = chance.choice(_PHRASES["ends"]).format(n=chance.randrange(2, 5_000))
        text += f" The {first} {chance.choice(_PHRASES['verbs'])} the {second}, {end}."
    return text


def _name_thing(chance: random.Random) -> str:
    return f"{chance.choice(_PHRASES['adjectives'])} {chance.choice(_PHRASES['nouns'])}"
