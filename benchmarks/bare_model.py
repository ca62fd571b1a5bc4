"""The embedding model alone, at its best setting on two cores: `python -m benchmarks.bare_model MODEL_FOLDER`.

One process of one thread. Standard input gives the texts as one line of JSON; it answers `ready` once the model
is loaded, embeds when the next line comes, and answers with the seconds it took.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from fastembed import TextEmbedding

PROCESSES = 2
BATCH = 4
_MODEL = "sentence-transformers/all-MiniLM-L6-v2"


def time_bare_model(texts: Sequence[str], *, model_dir: Path) -> float:
    """The seconds that two niced processes take for the texts, each having half of them."""
    parts = [list(texts[start::PROCESSES]) for start in range(PROCESSES)]
    command = ["nice", "-n", "10", sys.executable, "-m", "benchmarks.bare_model", str(model_dir)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in parts
    ]
    try:
        for process, part in zip(processes, parts, strict=True):
            _tell(process, json.dumps(part))
        for process in processes:
            _hear(process, expected="ready")
        for process in processes:
            _tell(process, "go")
        return max(float(_hear(process)) for process in processes)
    finally:
        for process in processes:
            process.communicate()


def _tell(process: subprocess.Popen[str], line: str) -> None:
    stdin = _require(process.stdin)
    stdin.write(line + "\n")
    stdin.flush()


def _hear(process: subprocess.Popen[str], *, expected: str | None = None) -> str:
    line = _require(process.stdout).readline().strip()
    if not line or expected not in (None, line):
        raise RuntimeError(f"The bare model answered {line!r}.")
    return line


def _require(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("The process has no pipe.")
    return stream


def main(model_dir: str) -> None:
    """Be one of the processes."""
    texts = sorted(json.loads(sys.stdin.readline()), key=len)
    model = TextEmbedding(_MODEL, specific_model_path=model_dir, threads=1, local_files_only=True)
    list(model.embed(texts[:BATCH], batch_size=BATCH))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = time.perf_counter()
    embedded = sum(1 for _ in model.embed(texts, batch_size=BATCH))
    if embedded != len(texts):
        raise RuntimeError(f"{embedded} vectors for {len(texts)} texts.")
    sys.stdout.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main(sys.argv[1])
