"""How often rules tell a contradiction from what only looks like one: `python -m benchmarks.contradictions`.

`tuned.tsv` is what the rules were tuned on, `held_out.tsv` is not; one hand wrote both before the rules. A line is
kind (`agree`: none), the earlier and the later text. `--near` adds the cosines of the pairs, by the local model.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from processing.contradictions.disagreement import find_disagreement

FOLDER = Path(__file__).parent
AGREE = "agree"


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled pair, and what the rules made of it."""

    label: str
    first: str
    second: str
    found: str


def read_cases(path: Path) -> list[Case]:
    """Return the pairs of a file, compared."""
    cases = []
    for line in path.read_text().splitlines():
        label, first, second = line.split("\t")
        found = find_disagreement(first, second)
        cases.append(Case(label, first, second, found.kind if found else AGREE))
    return cases


def show(name: str, cases: Sequence[Case], console: Console) -> None:
    """Print precision and recall of contradictions whatever their kind, then by kind, and what was wrong."""
    suggested = [case for case in cases if case.found != AGREE]
    right = sum(case.label != AGREE for case in suggested)
    there = sum(case.label != AGREE for case in cases)
    title = (
        f"{name}: precision {right / max(1, len(suggested)):.2f}, recall {right / there:.2f} of {len(cases)} pairs"
    )
    table = Table("kind", "labelled", "found", "right", title=title)
    for kind in sorted({case.label for case in cases}):
        of_kind = [case for case in cases if case.label == kind]
        found = [case for case in cases if case.found == kind]
        both = sum(case.found == kind for case in of_kind)
        table.add_row(kind, str(len(of_kind)), str(len(found)), str(both))
    console.print(table)
    for case in cases:
        if case.label != case.found:
            line = f"{case.label} -> {case.found}: {case.first} | {case.second}"
            console.print(line, markup=False, highlight=False)


def show_cosines(cases: Sequence[Case], console: Console) -> None:
    """Print how many of the contradictions that the rules find are at least so near."""
    from benchmarks.nearness import LEAST
    from processing.embedding.local import LocalProvider
    from supastate.local.model import ensure_model

    provider = LocalProvider(model_dir=ensure_model())
    texts = provider.embed([text for case in cases for text in (case.first, case.second)])
    near = (texts[::2] * texts[1::2]).sum(axis=1)
    table = Table("least cosine", "contradictions", "found by the rules", "others")
    for least in LEAST:
        pairs = [case for case, cosine in zip(cases, near, strict=True) if cosine >= least]
        real = [case for case in pairs if case.label != AGREE]
        found = [case for case in real if case.found != AGREE]
        table.add_row(f"{least:.2f}", *map(str, (len(real), len(found), len(pairs) - len(real))))
    console.print(table)


if __name__ == "__main__":
    wide = Console(width=160)
    every: list[Case] = []
    for file in sorted(FOLDER.glob("*.tsv"), reverse=True):
        every += (cases := read_cases(file))
        show(file.stem, cases, wide)
    if "--near" in sys.argv:
        show_cosines(every, wide)
