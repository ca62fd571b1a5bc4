"""Every statement of the processing room is understood by the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

from processing.statements import SQL_DIR
from tests.conftest import Member

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
    "summary_triggers",
    "drop_summary_triggers",
    "queue_rows_with_summaries",
}
OF_THE_OWNER = {"create_vector_index", "drop_vector_index"}  # run by tests/search/test_nearest.py
FILES = sorted(path for path in SQL_DIR.glob("*.sql") if path.stem not in OF_MIGRATIONS | OF_THE_OWNER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- ")
    names = dict.fromkeys(re.findall(r"%\((\w+)\)s", text))
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", names)
        assert cursor.fetchall()
