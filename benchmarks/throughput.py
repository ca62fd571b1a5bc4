"""The pipeline with a provider that thinks nothing: what all but the model costs.

An installation of its own embeds 4,000 memories with 1,536 numbers each from a server that answers at once. The
bare thing is one loop that writes the same rows by COPY, before and after in the same run; the faster counts.
"""

from __future__ import annotations

from benchmarks.bare_copy import time_bare_copy
from benchmarks.corpus import ingest_corpus, make_texts, wait_until_idle, warm_up_workers
from benchmarks.harness import Figure
from benchmarks.installation import run_installation
from benchmarks.null_provider import name_provider, run_null_provider

NAME = "throughput"
COUNT = 4_000


def measure() -> list[Figure]:
    """Memories a second of both, and their ratio."""
    with run_null_provider() as url, run_installation(name_provider(url)) as running:
        texts = make_texts(COUNT)
        warm_up_workers(running)
        with running.connect_as_owner() as connection:
            before = time_bare_copy(connection, texts)
            seconds = ingest_corpus(running, texts, session="throughput")
            wait_until_idle(running.api)
            after = time_bare_copy(connection, texts)
    bare = min(before, after)
    return [
        Figure(NAME, "memories stored and embedded, no model", COUNT / seconds, "/s"),
        Figure(NAME, "bare COPY of the same rows", COUNT / bare, "/s"),
        Figure(NAME, "pipeline / bare COPY", bare / seconds, "x", "≥ 0.3"),
    ]
