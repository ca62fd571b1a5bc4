"""Asks the search endpoints as a client does."""

from __future__ import annotations

from typing import Any

from tests.conftest import Member


def find(member: Member, **parameters: Any) -> dict[str, Any]:
    """`GET /api/search`."""
    answer = member.api.get("/api/search", parameters)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def post(member: Member, **parameters: Any) -> dict[str, Any]:
    """`POST /api/search`."""
    answer = member.api.post("/api/search", parameters, format="json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def titles(found: dict[str, Any]) -> list[str]:
    """The titles of the results, in their order."""
    return [result["title"] for result in found["results"]]


def walk(member: Member, *, of: str = "results", **parameters: Any) -> list[Any]:
    """All results, or groups, page by page."""
    seen: list[Any] = []
    cursor = ""
    for _ in range(50):
        page = find(member, **parameters, cursor=cursor)
        seen += page[of]
        cursor = page["nextCursor"] or ""
        if not cursor:
            return seen
    raise AssertionError("The pages do not end.")
