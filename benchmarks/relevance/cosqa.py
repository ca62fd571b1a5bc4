"""CoSQA: questions that people typed into a search engine, and the Python functions that answer them.

https://github.com/Jun-jie-Huang/CoCLR, folder `data/search`: `code_idx_map.txt` (6,267 functions),
`cosqa-retrieval-dev-500.json` (for tuning) and `cosqa-retrieval-test-500.json` (reported). Each function is a file
of one project.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.relevance.questions import DataSet, Question, Text

_GROUP = "cosqa"


def read_code(folder: Path) -> DataSet:
    """Read the data set; raises FileNotFoundError if a file is missing."""
    functions = json.loads((folder / "code_idx_map.txt").read_text())
    texts = [Text(f"c{number}.py", _GROUP, code) for code, number in functions.items()]
    return DataSet(
        texts,
        _read_questions(folder / "cosqa-retrieval-dev-500.json"),
        _read_questions(folder / "cosqa-retrieval-test-500.json"),
    )


def _read_questions(path: Path) -> list[Question]:
    return [
        Question(item["doc"], _GROUP, frozenset({f"c{item['retrieval_idx']}.py"}))
        for item in json.loads(path.read_text())
    ]
