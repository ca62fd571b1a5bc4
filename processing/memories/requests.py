"""What clients say of one memory, checked by the rules of ingest and freed of secrets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from ingest.checks import ItemError, check_metadata, check_text, normalise_path, parse_timestamp
from ingest.memory_types import read_importance, read_memory_type
from ingest.request_fields import find_unknown_everywhere, read_project, read_visibility
from ingest.secrets import mask_json, mask_secrets
from processing.models import Role
from supastate.api.inputs import find_unknown, read_flag, read_list, read_text, require_object
from supastate.errors import InvalidInputError, TooLargeError
from supastate.workspaces.models import Visibility
from supastate.workspaces.projects import ProjectRef

MOST_PATHS = 1_000
MOST_ID_CHARACTERS = 1_024
SIZE_CODES = frozenset({"too_large", "metadata_too_large"})
MEMORY_KEYS = frozenset(
    {"content", "metadata", "filePaths", "visibility", "role", "messageType", "type", "importance"}
    | {"confidence", "workspace"}
)
CHANGE_KEYS = MEMORY_KEYS | {"pinned"}
REMEMBER_KEYS = MEMORY_KEYS | {"project", "projectPath", "sessionId", "timestamp", "clientId"}


@dataclass(frozen=True, slots=True)
class NewMemory:
    """A memory to be stored. `sent_hash` is of the content as it was sent, `content` is without its secrets."""

    content: str
    sent_hash: str
    metadata: Mapping[str, Any]
    file_paths: Sequence[str]
    role: str
    type: str | None
    importance: float | None
    confidence: float | None
    occurred_at: datetime
    visibility: str
    project: ProjectRef | None
    session_key: str
    client_id: str
    masked: int
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Change:
    """New values of a memory's fields; None leaves a field alone. `unsay`: which rules decide again."""

    content: str | None = None
    metadata: Mapping[str, Any] | None = None
    file_paths: Sequence[str] | None = None
    role: str | None = None
    visibility: str | None = None
    type: str | None = None
    importance: float | None = None
    confidence: float | None = None
    unsay: Sequence[str] = ()

    def given(self) -> dict[str, Any]:
        """Return the values that were given, by field."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "unsay"}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A parsed `PATCH`."""

    change: Change
    pinned: bool | None
    masked: int
    warnings: Sequence[str]


def parse_new_memory(body: Mapping[str, Any], query: Mapping[str, Any]) -> NewMemory:
    """Read `POST /api/memories`; what cannot be stored refuses the request by its field."""
    project = read_project(body, query)
    sent = _read_content(body)
    content, masked_in_content = mask_secrets(sent)
    metadata, masked_in_metadata = _read_metadata(body)
    return NewMemory(
        content=content,
        sent_hash=hashlib.sha256(sent.encode()).hexdigest(),
        metadata=metadata,
        file_paths=_read_file_paths(body, root=project.path if project else ""),
        role=_read_role(body) or Role.USER,
        type=read_memory_type(body, "type"),
        importance=read_importance(body),
        confidence=read_importance(body, "confidence"),
        occurred_at=read_moment(body, "timestamp") or timezone.now(),
        visibility=read_visibility(body, query),
        project=project,
        session_key=read_text(body, "sessionId", most=255),
        client_id=read_text(body, "clientId", most=MOST_ID_CHARACTERS),
        masked=masked_in_content + masked_in_metadata,
        warnings=find_unknown_everywhere(body, query, known=REMEMBER_KEYS),
    )


def parse_change(body: Mapping[str, Any], *, root: str) -> ChangeRequest:
    """Read `PATCH /api/memories/{id}`: only the keys that are there; `root` is the path of its project."""
    content: str | None = None
    metadata: Mapping[str, Any] | None = None
    masked = 0
    if "content" in body:
        content, count = mask_secrets(_read_content(body))
        masked += count
    if "metadata" in body:
        metadata, count = _read_metadata(body)
        masked += count
    change = Change(
        content=content,
        metadata=metadata,
        file_paths=_read_file_paths(body, root=root) if "filePaths" in body else None,
        role=_read_role(body) or None,
        visibility=read_text(body, "visibility", choices=Visibility.values) or None,
        type=read_memory_type(body, "type"),
        importance=read_importance(body),
        confidence=read_importance(body, "confidence"),
        unsay=[name for name in ("type", "importance", "confidence") if name in body and body[name] in (None, "")],
    )
    pinned = read_flag(body, "pinned") if body.get("pinned") is not None else None
    return ChangeRequest(change, pinned, masked, find_unknown(body, CHANGE_KEYS))


def read_moment(values: Mapping[str, Any], field: str) -> datetime | None:
    """Return a time with its zone in UTC, between the years 1970 and 2200, or None."""
    text = read_text(values, field, most=64)
    if not text:
        return None
    moment = parse_timestamp(text)
    if isinstance(moment, ItemError):
        raise _refuse(moment, field)
    return moment


def _read_content(body: Mapping[str, Any]) -> str:
    value = body.get("content")
    if value is None:
        raise InvalidInputError("content is required.", code="required", field="content")
    if not isinstance(value, str):
        raise InvalidInputError("content must be a string.", code="invalid_type", field="content")
    if error := check_text(value, max_bytes=settings.MAX_ITEM_BYTES):
        raise _refuse(error, "content")
    return value


def _read_metadata(body: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Return the metadata without secrets, and how many there were."""
    metadata = {} if body.get("metadata") is None else require_object(body["metadata"], "metadata")
    limits = {"max_bytes": settings.MAX_METADATA_BYTES, "max_depth": settings.MAX_JSON_DEPTH}
    if error := check_metadata(metadata, **limits):
        raise _refuse(error, "metadata")
    masked, count = mask_json(metadata)
    return dict(masked), count


def _read_file_paths(body: Mapping[str, Any], *, root: str) -> list[str]:
    """Return paths in the spelling of ingest; a memory may also speak of an absolute path elsewhere."""
    paths = read_list(body, "filePaths", most=MOST_PATHS)
    if not all(isinstance(path, str) for path in paths):
        raise InvalidInputError("filePaths must be an array of strings.", code="invalid_type", field="filePaths")
    return list(dict.fromkeys(_normalise(path, root=root) for path in paths))


def _normalise(path: str, *, root: str) -> str:
    inside = normalise_path(path, project_root=root)
    if isinstance(inside, str):
        return inside
    climbs = ".." in path.replace("\\", "/").split("/")
    if inside.code == "path_outside_project" and not climbs:
        return path
    raise _refuse(inside, "filePaths")


def _read_role(body: Mapping[str, Any]) -> str:
    """Return the role under its own name or under the `messageType` of ingest, '' if neither is there."""
    field = "role" if body.get("role") is not None else "messageType"
    return read_text(body, field, choices=Role.values)


def _refuse(error: ItemError, field: str) -> InvalidInputError | TooLargeError:
    kind = TooLargeError if error.code in SIZE_CODES else InvalidInputError
    return kind(f"{field}: {error.detail}", code=error.code, field=field)
