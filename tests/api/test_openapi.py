"""The wire contract: the generated OpenAPI is what `docs/openapi.yaml` says, and no call of it ends in a 5xx."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from hypothesis import HealthCheck, settings

from tests.conftest import Member, make_member

CONTRACT = Path(__file__).parent.parent.parent / "docs" / "openapi.yaml"
schema = schemathesis.openapi.from_wsgi("/api/schema", WSGIHandler())


def test_the_contract_is_what_the_code_says(tmp_path: Path) -> None:
    """If this fails on purpose: `manage.py spectacular --validate --file docs/openapi.yaml`, and read the diff."""
    generated = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(generated))
    assert yaml.safe_load(generated.read_text()) == yaml.safe_load(CONTRACT.read_text())


def test_every_operation_is_described_and_answers_errors_in_one_form() -> None:
    contract = yaml.safe_load(CONTRACT.read_text())
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), f"{method} {path}"
            assert operation["security"] == [{"apiKey": []}], f"{method} {path}"


@pytest.fixture
def caller(committed: None) -> Member:
    return make_member("north", "ada")


@schema.exclude(path="/api/ingest/transcript").parametrize()  # JSON lines have tests of their own
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_generated_call_ends_in_a_server_error(case: Any, caller: Member) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {caller.key}"})
    assert answer.status_code < 500, (case, answer.text[:500])
    if answer.status_code >= 400:
        assert {"code", "detail"} <= answer.json().keys()
