"""How well search finds what was meant.

`memories FOLDER` reads BEAM's `chats/100K`, `code FOLDER` CoSQA's `data/search`; `beam.py` and `cosqa.py` beside
this file say where they come from. `--cache FOLDER` keeps vectors from run to run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import django
from rich.console import Console
from rich.table import Table

from benchmarks.harness import describe_machine
from benchmarks.installation import run_services
from benchmarks.relevance.beam import read_memories
from benchmarks.relevance.cosqa import read_code
from benchmarks.relevance.questions import DataSet
from benchmarks.relevance.scoring import Score, describe

_READERS = {"memories": read_memories, "code": read_code}


def main() -> int:
    """Compare rankings on the data set that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance", description=__doc__)
    parser.add_argument("name", choices=_READERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ablations", action="store_true", help="change one choice at a time, on the tuning part")
    parser.add_argument("--used", action="store_true", help="of memories: what reading the answers changes")
    parser.add_argument(
        "--as-among",
        type=int,
        nargs="+",
        default=[],
        metavar="TEXTS",
        help="besides, over all groups at once, with postings cut as if there were so many texts",
    )
    parser.add_argument("--questions", type=int, help="take so many questions of each part")
    parser.add_argument("--cache", type=Path, help="folder for vectors that are kept from run to run")
    parser.add_argument("--json", type=Path, help="file for the results")
    chosen = parser.parse_args()
    data = _READERS[chosen.name](chosen.folder)
    table = Table("questions of", "ranking", "recall@5", "recall@10", "recall@20", "MRR@20")
    scores: dict[str, list[Score]] = defaultdict(list)
    with run_services() as key:
        for part, score in _compare(chosen, data, key):
            scores[part].append(score)
            figures = (score.recall_5, score.recall_10, score.recall_20, score.mrr)
            table.add_row(f"{part} ({score.questions})", score.name, *(f"{figure:.3f}" for figure in figures))
            sys.stderr.write(f"{part}: {score}\n")
    Console(width=120).print(table)
    if chosen.json:
        parts = {part: describe(found) for part, found in scores.items()}
        chosen.json.write_text(json.dumps({"machine": describe_machine(), **parts}, indent=1) + "\n")
    return 0


def _compare(chosen: argparse.Namespace, data: DataSet, key: str) -> Iterator[tuple[str, Score]]:
    os.environ.update(DJANGO_SETTINGS_MODULE="supastate.settings", SUPASTATE_LOG_LEVEL="ERROR")
    django.setup()
    from benchmarks.relevance import loading, measuring, using, variants
    from supastate.search.model import Kind

    kind = Kind.MEMORY if chosen.name == "memories" else Kind.CODE
    load = loading.load_memories if kind == Kind.MEMORY else loading.load_code
    loaded = load(data.texts, key=key, cache=chosen.cache)
    for part, questions in (("reported", data.reported), ("tuning", data.tuning)):
        asked = questions[: chosen.questions]
        for score in measuring.measure_yardstick(data.texts, asked):
            yield part, score
        rankings = [*variants.list_main(kind)]
        if chosen.ablations and part == "tuning":
            rankings += variants.list_ablations(kind)
        for name, ranking in rankings:
            yield (
                part,
                measuring.measure_ranking(name, ranking, kind=kind, loaded=loaded, questions=asked),
            )
        for texts in chosen.as_among:
            for score in measuring.measure_as_among(texts, kind=kind, loaded=loaded, questions=asked):
                yield part, score
    if chosen.used and kind == Kind.MEMORY:
        yield from using.measure_use([*data.reported, *data.tuning], loaded)


if __name__ == "__main__":
    sys.exit(main())
