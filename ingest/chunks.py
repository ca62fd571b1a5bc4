"""Memory chunks as clients send them: `{chunkId?, content, metadata: {timestamp, messageType, filePaths?, …}}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from ingest.checks import (
    ItemError,
    check_characters,
    check_metadata,
    check_text,
    normalise_path,
    parse_timestamp,
)
from ingest.memory_types import read_importance, read_memory_type
from ingest.request_fields import (
    find_unknown_everywhere,
    find_unknown_in_items,
    read_optional_string,
    read_project,
    read_string,
    read_visibility,
)
from supastate.api.inputs import read_list, read_text, require_object
from supastate.errors import InvalidInputError
from supastate.workspaces.projects import ProjectRef

BODY_KEYS = frozenset({"workspace", "sessionId", "project", "projectPath", "visibility", "chunks"})
CHUNK_KEYS = frozenset({"chunkId", "content", "metadata"})
MESSAGE_TYPES = ("user", "assistant", "tool", "system")
MOST_ID_CHARACTERS = 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk that passed its checks; its metadata as it will be stored, but for secrets."""

    chunk_id: str
    content: str
    occurred_at: datetime
    message_type: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MemoryRequest:
    """A parsed `POST /api/ingest/memory`."""

    session_key: str
    project: ProjectRef | None
    visibility: str
    chunks: Sequence[Chunk | ItemError]
    warnings: Sequence[str]


def parse_memory_request(body: Mapping[str, Any], query: Mapping[str, Any]) -> MemoryRequest:
    """Read the request; wrong types and missing fields refuse it whole, a bad chunk only itself."""
    project = read_project(body, query)
    chunks = read_list(body, "chunks", most=settings.MAX_ITEMS, required=True)
    warnings = find_unknown_everywhere(body, query, known=BODY_KEYS)
    return MemoryRequest(
        session_key=read_text(body, "sessionId", required=True, most=255),
        project=project,
        visibility=read_visibility(body, query),
        chunks=[
            _parse_chunk(chunk, where=f"chunks[{index}]", root=project.path if project else "")
            for index, chunk in enumerate(chunks)
        ],
        warnings=warnings + find_unknown_in_items(chunks, known=CHUNK_KEYS, where="chunks[]"),
    )


def _parse_chunk(value: Any, *, where: str, root: str) -> Chunk | ItemError:
    fields = require_object(value, where)
    chunk_id = read_optional_string(fields, "chunkId", where=where)
    if len(chunk_id) > MOST_ID_CHARACTERS:
        raise InvalidInputError(
            f"{where}.chunkId is longer than {MOST_ID_CHARACTERS} characters.",
            code="too_long",
            field=f"{where}.chunkId",
            limit=MOST_ID_CHARACTERS,
        )
    content = read_string(fields, "content", where=where)
    if fields.get("metadata") is None:
        raise InvalidInputError(f"{where}.metadata is required.", code="required", field=f"{where}.metadata")
    metadata = require_object(fields["metadata"], f"{where}.metadata")
    timestamp = read_string(metadata, "timestamp", where=f"{where}.metadata")
    message_type = _read_message_type(metadata, where=f"{where}.metadata")
    _check_what_is_said(metadata, where=f"{where}.metadata")
    paths = _read_paths(metadata, where=f"{where}.metadata")
    error = (
        check_text(content, max_bytes=settings.MAX_ITEM_BYTES)
        or check_characters(chunk_id)
        or check_metadata(metadata, max_bytes=settings.MAX_METADATA_BYTES, max_depth=settings.MAX_JSON_DEPTH)
    )
    if error:
        return error
    occurred_at = parse_timestamp(timestamp)
    if isinstance(occurred_at, ItemError):
        return occurred_at
    touched = _normalise_paths(paths, root=root)
    if isinstance(touched, ItemError):
        return touched
    known = {"timestamp": occurred_at.isoformat(), **({"filePaths": touched} if touched else {})}
    return Chunk(chunk_id, content, occurred_at, message_type, {**metadata, **known})


def _read_message_type(metadata: Mapping[str, Any], *, where: str) -> str:
    value = read_string(metadata, "messageType", where=where)
    if value not in MESSAGE_TYPES:
        allowed = ", ".join(MESSAGE_TYPES)
        raise InvalidInputError(
            f"{where}.messageType must be one of: {allowed}.", code="invalid_choice", field=f"{where}.messageType"
        )
    return value


def _check_what_is_said(metadata: Mapping[str, Any], *, where: str) -> None:
    said = {f"{where}.{name}": metadata.get(name) for name in ("memoryType", "importance")}
    read_memory_type(said, f"{where}.memoryType")
    read_importance(said, f"{where}.importance")


def _read_paths(metadata: Mapping[str, Any], *, where: str) -> list[str]:
    value = metadata.get("filePaths")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        raise InvalidInputError(
            f"{where}.filePaths must be an array of strings.", code="invalid_type", field=f"{where}.filePaths"
        )
    return value


def _normalise_paths(paths: Sequence[str], *, root: str) -> list[str] | ItemError:
    """A conversation may speak of `/etc/hosts`; a path that climbs out by `..` is refused like anywhere else."""
    normalised: list[str] = []
    for path in paths:
        inside = normalise_path(path, project_root=root)
        if isinstance(inside, str):
            normalised.append(inside)
        elif inside.code == "path_outside_project" and ".." not in path.replace("\\", "/").split("/"):
            normalised.append(path)
        else:
            return inside
    return normalised
