"""Source files as clients send them: `{path, content, language?, lastModified?}`, and paths that are gone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from ingest.checks import ItemError, check_characters, normalise_path, parse_timestamp
from ingest.request_fields import (
    find_unknown_everywhere,
    find_unknown_in_items,
    read_optional_string,
    read_project,
    read_string,
    read_visibility,
    require_project,
)
from supastate.api.inputs import find_unknown, read_list, read_number, read_text, require_object
from supastate.errors import InvalidInputError
from supastate.workspaces.projects import ProjectRef

BODY_KEYS = frozenset(
    {"workspace", "project", "projectPath", "visibility", "checkoutId", "files", "deleted", "fullSync"}
)
FILE_KEYS = frozenset({"path", "content", "language", "lastModified"})
FULL_SYNC_KEYS = frozenset({"id", "part", "parts"})
MOST_PARTS = 100_000
MOST_LANGUAGE_CHARACTERS = 64
TOO_LARGE, BINARY = "too_large", "binary"


@dataclass(frozen=True, slots=True)
class PathChange:
    """What a checkout now holds at a path; an empty `content_hash` says that it is gone.

    `content` is the text to keep: empty for a file that is marked as binary or too large.
    """

    path: str
    content_hash: str = ""
    content: str = ""
    language: str = ""
    last_modified: datetime | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FullSyncPart:
    """One part of a statement of everything a checkout holds."""

    key: str
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A parsed `POST /api/ingest/code`. `named` are the paths a full sync keeps, those of rejected files too."""

    project: ProjectRef
    visibility: str
    checkout_key: str
    changes: Sequence[PathChange | ItemError]
    named: frozenset[str]
    full_sync: FullSyncPart | None
    warnings: Sequence[str]


def parse_code_request(body: Mapping[str, Any], query: Mapping[str, Any]) -> CodeRequest:
    """Read the request; wrong types and missing fields refuse it whole, a bad file only itself."""
    project = require_project(read_project(body, query))
    full_sync = _read_full_sync(body)
    files = read_list(
        body, "files", most=settings.MAX_ITEMS, required=full_sync is None and body.get("deleted") is None
    )
    deleted = read_list(body, "deleted", most=settings.MAX_ITEMS - len(files))
    warnings = find_unknown_everywhere(body, query, known=BODY_KEYS)
    if full_sync is not None:
        warnings += find_unknown(body["fullSync"], FULL_SYNC_KEYS, "fullSync")
    changes = [_parse_file(file, where=f"files[{n}]", root=project.path) for n, file in enumerate(files)]
    changes += [_parse_deleted(path, where=f"deleted[{n}]", root=project.path) for n, path in enumerate(deleted)]
    paths = (normalise_path(file["path"], project_root=project.path) for file in files)
    return CodeRequest(
        project=project,
        visibility=read_visibility(body, query),
        checkout_key=read_text(body, "checkoutId", most=255),
        changes=changes,
        named=frozenset(path for path in paths if isinstance(path, str)),
        full_sync=full_sync,
        warnings=warnings + find_unknown_in_items(files, known=FILE_KEYS, where="files[]"),
    )


def _parse_file(value: Any, *, where: str, root: str) -> PathChange | ItemError:
    fields = require_object(value, where)
    path = normalise_path(read_string(fields, "path", where=where), project_root=root)
    content = read_string(fields, "content", where=where)
    language = read_optional_string(fields, "language", where=where)
    modified = read_optional_string(fields, "lastModified", where=where)
    last_modified = parse_timestamp(modified) if modified else None
    if isinstance(path, ItemError):
        return path
    if isinstance(last_modified, ItemError):
        return last_modified
    if error := _check_language(language):
        return error
    try:
        encoded = content.encode()
    except UnicodeEncodeError:
        return ItemError("lone_surrogate", "The content has half of a surrogate pair and is not valid Unicode.")
    marks = _mark(content, size=len(encoded))
    return PathChange(
        path=path,
        content_hash=hashlib.sha256(encoded).hexdigest(),
        content="" if marks else content,
        language=language,
        last_modified=last_modified,
        marks=marks,
    )


def _check_language(language: str) -> ItemError | None:
    if len(language) > MOST_LANGUAGE_CHARACTERS:
        return ItemError("too_large", f"The language is longer than {MOST_LANGUAGE_CHARACTERS} characters.")
    return check_characters(language)


def _mark(content: str, *, size: int) -> tuple[str, ...]:
    too_large = (TOO_LARGE,) if size > settings.MAX_SOURCE_BYTES else ()
    return (*too_large, BINARY) if "\x00" in content else too_large


def _parse_deleted(value: Any, *, where: str, root: str) -> PathChange | ItemError:
    if not isinstance(value, str):
        raise InvalidInputError(f"{where} must be a string.", code="invalid_type", field=where)
    path = normalise_path(value, project_root=root)
    return path if isinstance(path, ItemError) else PathChange(path)


def _read_full_sync(body: Mapping[str, Any]) -> FullSyncPart | None:
    if body.get("fullSync") is None:
        return None
    fields = require_object(body["fullSync"], "fullSync")
    for name in ("part", "parts"):
        if fields.get(name) is None:
            raise InvalidInputError(f"fullSync.{name} is required.", code="required", field=f"fullSync.{name}")
    parts = read_number(fields, "parts", default=1, most=MOST_PARTS)
    return FullSyncPart(
        key=read_text(fields, "id", required=True, most=255),
        # Counted from 0 or from 1: the sync is whole when as many different numbers are in as it has parts.
        part=read_number(fields, "part", default=0, least=0, most=parts),
        parts=parts,
    )
