"""Reading `POST /api/context`: bad input is refused by its field, what nothing reads is a warning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supastate.api import inputs
from supastate.errors import InvalidInputError
from supastate.search.context.model import ContextRequest

LONGEST_QUERY = 10_000
MOST_FILES = 100
LONGEST_PATH = 1_024
LEAST_TOKENS, DEFAULT_TOKENS, MOST_TOKENS = 200, 4_000, 200_000
KNOWN = frozenset({"query", "session", "project", "files", "tokenBudget", "workspace"})


def parse_request(body: Mapping[str, Any]) -> ContextRequest:
    """Return the request; at least one of query, session and files must say what the context is for."""
    request = ContextRequest(
        query=inputs.read_text(body, "query", most=LONGEST_QUERY).strip(),
        session=inputs.read_text(body, "session"),
        project=inputs.read_text(body, "project"),
        files=tuple(dict.fromkeys(_read_files(body))),
        token_budget=inputs.read_number(
            body, "tokenBudget", default=DEFAULT_TOKENS, least=LEAST_TOKENS, most=MOST_TOKENS
        ),
        warnings=inputs.find_unknown(body, KNOWN),
    )
    if not (request.query or request.session or request.files):
        raise InvalidInputError(
            "Say what the context is for: query, session or files.", code="required", field="query"
        )
    return request


def _read_files(body: Mapping[str, Any]) -> list[str]:
    texts = inputs.read_list(body, "files", most=MOST_FILES)
    return [
        inputs.read_text({f"files[{index}]": text}, f"files[{index}]", required=True, most=LONGEST_PATH)
        for index, text in enumerate(texts)
    ]
