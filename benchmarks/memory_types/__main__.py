"""How often the rules give a memory the type that a person would: `python -m benchmarks.memory_types`.

`tuned.tsv` is what the rules were written with, `held_out.tsv` what they had never seen. A line is type (empty:
none), role and text, in which `\\n` is a line break.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from processing.memories.classifying import find_type

FOLDER = Path(__file__).parent
NONE = "(none)"


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled text, and what the rules made of it."""

    label: str
    text: str
    found: str


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file, classified."""
    cases = []
    for line in path.read_text().splitlines():
        label, role, text = line.split("\t")
        content = text.replace("\\n", "\n")
        cases.append(Case(label, content, find_type(content, role=role)))
    return cases


def show(name: str, cases: Sequence[Case], console: Console) -> None:
    """Print accuracy, precision and recall by type, and what was wrong."""
    right = sum(case.label == case.found for case in cases)
    table = Table("type", "labelled", "found", "right", title=f"{name}: {right} of {len(cases)} right")
    labelled, found = Counter(case.label for case in cases), Counter(case.found for case in cases)
    both = Counter(case.label for case in cases if case.label == case.found)
    for kind in sorted(labelled | found):
        table.add_row(kind or NONE, *map(str, (labelled[kind], found[kind], both[kind])))
    console.print(table)
    for case in cases:
        if case.label != case.found:
            line = f"{case.label or NONE} -> {case.found or NONE}: {case.text[:90]!r}"
            console.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    for file in sorted(FOLDER.glob("*.tsv"), reverse=True):
        show(file.stem, read_cases(file), Console(width=140))
