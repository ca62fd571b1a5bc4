"""What the tests of single memories begin with: keys of few scopes, and the stages run to their end."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from ingest.models import MemoryQueue
from processing.models import Memory
from supastate.workspaces.keys import create_key
from tests.conftest import Member

NOTE: dict[str, Any] = {
    "content": "claim_rows in app/queue.py keeps its lease for 330 s",
    "projectPath": "/home/ada/app",
}


def client_of(member: Member, *scopes: str) -> APIClient:
    """A client whose key of the member has these scopes alone."""
    key = create_key(workspace=member.workspace, author=member.user, name=" ".join(scopes), scopes=scopes)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key.text}")
    return client


def remember(member: Member, content: str = NOTE["content"], **fields: Any) -> dict[str, Any]:
    """Remember through the API and return the answer."""
    answer = member.api.post("/api/memories", {"content": content, **fields})
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def stored(member: Member, memory_id: str) -> Memory:
    """The row of a memory."""
    with member.scope():
        return Memory.objects.get(pk=memory_id)


def source_of(member: Member, memory: Memory) -> MemoryQueue:
    """The queue row that a memory came from."""
    assert memory.source_id is not None
    with member.scope():
        return MemoryQueue.objects.get(pk=memory.source_id)
