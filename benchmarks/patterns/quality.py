"""Sends the labelled sessions to a running installation and prints what was found in them, as JSON.

A process of its own, with the installation's environment: it makes the authors' keys, and goes the clients' way
from there on (`POST /api/ingest/transcript`, `POST /api/patterns/detect`, `GET /api/patterns`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import django
import httpx2

django.setup()

from benchmarks.corpus import wait_until_idle  # noqa: E402
from benchmarks.patterns.scoring import Found  # noqa: E402
from benchmarks.patterns.sessions import Scenario, read_scenarios, write_transcript  # noqa: E402
from processing.models import Session  # noqa: E402
from supastate.workspaces.keys import create_key  # noqa: E402
from supastate.workspaces.models import Membership, Scope, User, Workspace  # noqa: E402
from supastate.workspaces.scope import workspace_scope  # noqa: E402


def main(url: str) -> None:
    """Print {"found": [...]}."""
    scenarios = read_scenarios()
    workspace = Workspace.objects.create(slug="labelled", name="Labelled sessions")
    authors = {session.author for scenario in scenarios for session in scenario.sessions}
    clients = {name: _open_client(url, workspace, name) for name in sorted(authors)}
    for scenario in scenarios:
        _send(scenario, clients)
    reader = next(iter(clients.values()))
    wait_until_idle(reader)
    reader.post("/api/patterns/detect", json={}).raise_for_status()
    wait_until_idle(reader)
    found = list(_read_found(reader, _read_session_keys(workspace)))
    sys.stdout.write(json.dumps({"found": [asdict(item) | {"sessions": sorted(item.sessions)} for item in found]}))


def _open_client(url: str, workspace: Workspace, name: str) -> httpx2.Client:
    user, _ = User.objects.get_or_create(username=name)
    Membership.objects.get_or_create(workspace=workspace, user=user)
    key = create_key(workspace=workspace, author=user, name=name, scopes=Scope.values, environment="local")
    headers = {"Authorization": f"Bearer {key.text}"}
    return httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False)


def _send(scenario: Scenario, clients: dict[str, httpx2.Client]) -> None:
    for session in scenario.sessions:
        answer = clients[session.author].post(
            "/api/ingest/transcript",
            params={"format": "claude-code", "session": session.key, "projectPath": scenario.folder},
            content=write_transcript(session, scenario.folder).encode(),
        )
        if answer.status_code != 202 or answer.json()["rejected"]:
            raise RuntimeError(f"{session.key}: {answer.status_code} {answer.text[:300]}")


def _read_session_keys(workspace: Workspace) -> dict[str, str]:
    with workspace_scope(workspace.id):
        return {str(pk): key for pk, key in Session.objects.values_list("pk", "key")}


def _read_found(client: httpx2.Client, keys: dict[str, str]) -> Iterator[Found]:
    for pattern in _list_patterns(client):
        detail = client.get(f"/api/patterns/{pattern['id']}").json()
        shown = (memory["sessionId"] for part in detail["occurrences"] for memory in part["evidence"])
        yield Found(
            scenario=pattern["project"]["name"],
            subtype=pattern["subtype"],
            title=pattern["title"],
            details=pattern["details"],
            sessions=frozenset(keys[session_id] for session_id in shown if session_id in keys),
        )


def _list_patterns(client: httpx2.Client) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        page = client.get("/api/patterns", params={"limit": 200, **({"cursor": cursor} if cursor else {})}).json()
        yield from page["results"]
        cursor = page["nextCursor"]


if __name__ == "__main__":
    main(sys.argv[1])
