"""How near the vectors of a question and of code must be for a link: the thresholds of `processing/linking`.

`.venv/bin/python -m benchmarks.nearness FOLDER` reads CoSQA's labelled pairs (`data/qa/cosqa-dev.json` in a copy
of Jun-jie-Huang/CoCLR): questions of people to a search engine, each beside code that resembles it, and whether
that code answers it. The same pairs shuffled are the chance pairs.
"""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processing.embedding.local import LocalProvider
from processing.embedding.provider import EmbeddingProvider
from supastate.local.model import ensure_model

LEAST = (0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
_NAME = re.compile(r"(?:def|class)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Line:
    """Of pairs at least so near: how many there are, the share that is right, of all right ones, and by chance."""

    least: float
    links: int
    precision: float
    recall: float
    by_chance: float


def measure(provider: EmbeddingProvider, pairs: list[dict[str, Any]]) -> list[Line]:
    """Return a line for each least similarity."""
    questions = [_embed(provider, pair["doc"]) for pair in pairs]
    code = [_embed(provider, _describe(pair["code"])) for pair in pairs]
    right = np.array([pair["label"] == 1 for pair in pairs])
    others = random.Random(7).sample(code, len(code))
    near = np.array([_compare(*both) for both in zip(questions, code, strict=True)])
    chance = np.array([_compare(*both) for both in zip(questions, others, strict=True)])
    return [_count(least, near=near, right=right, chance=chance) for least in LEAST]


def _count(least: float, *, near: NDArray[Any], right: NDArray[Any], chance: NDArray[Any]) -> Line:
    linked = near >= least
    found = int((linked & right).sum())
    return Line(
        least=least,
        links=int(linked.sum()),
        precision=found / max(1, int(linked.sum())),
        recall=found / int(right.sum()),
        by_chance=float((chance >= least).mean()),
    )


def _describe(code: str) -> str:
    """As the embed stage has it: the name, then the source."""
    name = _NAME.search(code)
    return f"{name[1] if name else ''}\n{code}"


def _embed(provider: EmbeddingProvider, text: str) -> NDArray[Any]:
    return provider.embed([text[chunk.start : chunk.end] for chunk in provider.split(text)])


def _compare(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The nearest two chunks."""
    return float((one @ other.T).max())


def _print(lines: list[Line]) -> None:
    print("least  links  precision  recall  by chance")
    for line in lines:
        print(
            f"{line.least:.2f}  {line.links:6}  {line.precision:9.2f}  {line.recall:6.2f}  {line.by_chance:9.3f}"
        )


if __name__ == "__main__":
    found = json.loads((Path(sys.argv[1]) / "data/qa/cosqa-dev.json").read_text())
    _print(measure(LocalProvider(model_dir=ensure_model()), found))
