"""Every SQL file of the intake is understood by the server."""

from __future__ import annotations

from pathlib import Path

import pytest

import ingest
from tests.conftest import Member
from tests.statements import plan

FILES = sorted((Path(ingest.__file__).parent / "sql").glob("*.sql"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_statement_is_planned(ada: Member, path: Path) -> None:
    plan(ada, path)
