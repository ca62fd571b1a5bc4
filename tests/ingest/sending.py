"""What clients send, for the tests of the intake: chunks, files and transcript lines with sane defaults."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Member

MEMORY, CODE, TRANSCRIPT = "/api/ingest/memory", "/api/ingest/code", "/api/ingest/transcript"
NOON = "2026-11-21T12:00:00Z"
SHOP = {"remote": "git@github.com:acme/shop.git", "path": "/home/ada/shop"}


def post_json(member: Member, path: str, body: Any) -> Any:
    """Post JSON in ASCII, in which NUL and lone surrogates travel escaped; NaN too."""
    return member.api.post(path, data=json.dumps(body), content_type="application/json")


def make_chunk(content: str = "We froze the clock.", **fields: Any) -> dict[str, Any]:
    """A valid chunk; `metadata` is added to the required metadata."""
    metadata = {"timestamp": NOON, "messageType": "assistant", **fields.pop("metadata", {})}
    return {"content": content, "metadata": metadata, **fields}


def send_chunks(member: Member, *chunks: Any, session: str = "s1", status: int = 202, **body: Any) -> Any:
    """Post chunks and return the answer's body."""
    response = post_json(member, MEMORY, {"sessionId": session, "chunks": list(chunks), **body})
    assert response.status_code == status, response.content
    return response.json()


def send_files(member: Member, files: dict[str, str] | None = None, *, status: int = 202, **body: Any) -> Any:
    """Post files, given as {path: content}, and return the answer's body."""
    sent = [{"path": path, "content": content} for path, content in (files or {}).items()]
    response = post_json(member, CODE, {"project": SHOP, "files": sent, **body})
    assert response.status_code == status, response.content
    return response.json()


def make_line(uuid: str = "", text: str = "Why does the test fail?", **fields: Any) -> dict[str, Any]:
    """A transcript line of a person who says `text`."""
    named = {"uuid": uuid} if uuid else {}
    said = {"message": {"role": "user", "content": text}}
    return {"type": "user", **named, "sessionId": "s1", "timestamp": NOON, **said, **fields}


def pack_lines(*lines: dict[str, Any] | bytes) -> bytes:
    """Lines as a file; bytes are taken as they are."""
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


def send_lines(member: Member, *lines: dict[str, Any] | bytes, status: int = 202, **query: Any) -> Any:
    """Post a transcript and return the answer's body."""
    response = member.api.post(
        TRANSCRIPT,
        data=pack_lines(*lines),
        content_type="application/x-ndjson",
        query_params={"format": "claude-code", **query},
    )
    assert response.status_code == status, response.content
    return response.json()


def count(answer: Any) -> tuple[int, int, int, int]:
    """The ledger of an answer: received, new, duplicate, rejected."""
    return answer["received"], answer["new"], answer["duplicate"], answer["rejected"]


def ids_of(answer: Any) -> list[str | None]:
    """The items' ids in order."""
    return [item.get("id") for item in answer["items"]]
