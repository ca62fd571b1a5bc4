"""The pipeline: memories a second from the 202 until all 2,000 are found by meaning; and how soon one alone is.

The bare thing is the model itself on the same texts at its best setting, before and after in the same run; the
faster of the two counts.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from benchmarks.bare_model import time_bare_model
from benchmarks.corpus import (
    SIZE,
    ingest_corpus,
    make_chunks,
    make_texts,
    send_chunks,
    wait_until_idle,
    warm_up_workers,
)
from benchmarks.harness import Figure
from benchmarks.installation import Running

NAME = "pipeline"
ALONE = 7
_PATIENCE_SECONDS = 30


def measure(running: Running) -> list[Figure]:
    """Throughput, its ratio to the bare model's, and the seconds of a chunk that comes alone."""
    model_dir = Path(running.environment["EMBEDDING_MODEL_DIR"])
    texts = make_texts()
    _measure_alone(running, "warm-up")
    warm_up_workers(running)
    before = time_bare_model(texts, model_dir=model_dir)
    seconds = ingest_corpus(running)
    wait_until_idle(running.api)
    after = time_bare_model(texts, model_dir=model_dir)
    bare = SIZE / min(before, after)
    alone = [_measure_alone(running, str(number)) for number in range(ALONE)]
    return [
        Figure(NAME, "memories embedded", SIZE / seconds, "/s"),
        Figure(NAME, "bare model", bare, "/s"),
        Figure(NAME, "pipeline / bare model", SIZE / seconds / bare, "x", "≥ 0.9"),
        Figure(NAME, "one chunk: 202 until found by its words", median(words for words, _ in alone), "s"),
        Figure(NAME, "one chunk: 202 until found by meaning", median(meaning for _, meaning in alone), "s", "< 1"),
    ]


def _measure_alone(running: Running, name: str) -> tuple[float, float]:
    seconds = time_alone(running, name)
    wait_until_idle(running.api)
    return seconds


def time_alone(running: Running, name: str) -> tuple[float, float]:
    """The seconds from the 202 until search finds the chunk at all, and until its vector helps."""
    word = f"zanzibar{name.replace('-', '')}"
    chunk = make_chunks(
        [f"The {word} gateway refuses certificates that expire on a Sunday."], prefix=f"alone-{word}"
    )
    send_chunks(running, chunk, session=f"alone-{word}")
    began = time.perf_counter()
    by_words = by_meaning = 0.0
    while not by_meaning:
        found = _find(running, word)
        elapsed = time.perf_counter() - began
        if elapsed > _PATIENCE_SECONDS:
            raise RuntimeError(f"Search did not find the chunk within {_PATIENCE_SECONDS} s.")
        if found is not None:
            by_words = by_words or elapsed
            by_meaning = elapsed if found["vector"] is not None else 0.0
    return by_words, by_meaning


def _find(running: Running, word: str) -> dict[str, object] | None:
    """How the chunk was found, if it is among the results."""
    parameters = {"q": f"{word} expired certificate at the gateway", "limit": "5", "explain": "true"}
    response = running.api.get("/api/search/memories", params=parameters)
    response.raise_for_status()
    found = [result for result in response.json()["results"] if word in result["snippet"] + result["title"]]
    return found[0]["explain"] if found else None
