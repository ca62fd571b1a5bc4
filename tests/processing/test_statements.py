"""Every statement of the processing room is understood by the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from processing import auditing, dynamics
from processing.statements import SQL_DIR
from tests.conftest import Member
from tests.statements import plan

# What migrations run is no statement of one plan.
OF_MIGRATIONS = {
    "text_triggers",
    "drop_text_triggers",
    "weighted_search",
    "unweighted_search",
    "prioritise_embeddings",
    "forget_priorities",
    "operations_views",
    "drop_operations_views",
    "embedding_choice",
    "drop_embedding_choice",
    "hide_forgotten",
    "show_forgotten",
    "isolate_contradictions",
    "expose_contradictions",
    "summary_triggers",
    "drop_summary_triggers",
    "queue_rows_with_summaries",
}
OF_THE_OWNER = {"create_vector_index", "drop_vector_index"}  # run by tests/search/test_nearest.py
OTHERS = [Path(package.__file__).parent / "sql" for package in (auditing, dynamics)]
FILES = [
    path
    for folder in (SQL_DIR, *OTHERS)
    for path in sorted(folder.glob("*.sql"))
    if path.stem not in OF_MIGRATIONS | OF_THE_OWNER
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    plan(ada, path)
