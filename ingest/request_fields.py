"""What every ingest request may carry: its project, who may see it, and keys that nothing reads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from supastate.api.inputs import find_unknown, read_text, require_object
from supastate.errors import InvalidInputError
from supastate.workspaces.models import Visibility
from supastate.workspaces.projects import SCP_LIKE, URL_LIKE, ProjectRef, normalise_project_path

PROJECT_KEYS = frozenset({"remote", "path", "branch"})
QUERY_KEYS = frozenset({"workspace", "project", "projectPath", "visibility"})
# An index entry of Postgres holds some 2,700 bytes.
MOST_PROJECT_BYTES = 2_048
MOST_NAME_CHARACTERS = 255
MOST_WARNINGS = 50
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def read_project(body: Mapping[str, Any], query: Mapping[str, Any]) -> ProjectRef | None:
    """Return the project that a request names: as an object, by `projectPath`, or by `?project=`."""
    if body.get("project") is not None:
        fields = require_object(body["project"], "project")
        ref = _build_ref(
            remote=read_text(fields, "remote"),
            path=read_text(fields, "path"),
            branch=read_text(fields, "branch", most=255),
        )
        if ref is None:
            raise InvalidInputError("project needs a remote or a path.", code="required", field="project")
        return ref
    named = read_text(query, "project")
    path = read_text(body, "projectPath") or read_text(query, "projectPath")
    return _build_ref(remote=named, path=path) if _is_remote(named) else _build_ref(path=path or named)


def require_project(ref: ProjectRef | None) -> ProjectRef:
    """Return the project, or say how to name one."""
    if ref is None:
        raise InvalidInputError("project is required: {remote?, path}.", code="required", field="project")
    return ref


def read_visibility(body: Mapping[str, Any], query: Mapping[str, Any]) -> str:
    """Return who may see the items: `workspace` unless the body or the query says `private`."""
    source = body if body.get("visibility") is not None else query
    return read_text(source, "visibility", choices=Visibility.values, default=Visibility.WORKSPACE)


def read_string(values: Mapping[str, Any], field: str, *, where: str) -> str:
    """Return a required text as it is, storable or not: that is its item's matter, its type is the request's."""
    value = values.get(field)
    if value is None:
        raise InvalidInputError(f"{where}.{field} is required.", code="required", field=f"{where}.{field}")
    if not isinstance(value, str):
        raise InvalidInputError(
            f"{where}.{field} must be a string.", code="invalid_type", field=f"{where}.{field}"
        )
    return value


def read_optional_string(values: Mapping[str, Any], field: str, *, where: str) -> str:
    """Return a text as it is, '' when it is absent."""
    return "" if values.get(field) is None else read_string(values, field, where=where)


def find_unknown_everywhere(
    body: Mapping[str, Any], query: Mapping[str, Any], *, known: Collection[str], known_query: Collection[str] = ()
) -> list[str]:
    """Return the warnings of the request itself; those of its items come from `find_unknown_in_items`."""
    warnings = find_unknown(body, known)
    warnings += find_unknown(query, QUERY_KEYS | set(known_query), "query")
    if isinstance(body.get("project"), dict):
        warnings += find_unknown(body["project"], PROJECT_KEYS, "project")
    return warnings[:MOST_WARNINGS]


def find_unknown_in_items(items: Iterable[Any], *, known: Collection[str], where: str) -> list[str]:
    """Return one warning for each key that nothing reads, however many items have it."""
    names = dict.fromkeys(key for item in items if isinstance(item, dict) for key in item if key not in known)
    return find_unknown(dict.fromkeys(list(names)[:MOST_WARNINGS]), (), where)


def hash_key(*parts: str | int) -> str:
    """Return the sha256 of an idempotency key's parts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _build_ref(*, remote: str = "", path: str = "", branch: str = "") -> ProjectRef | None:
    ref = ProjectRef(remote=remote.strip(), path=normalise_project_path(path), branch=branch)
    if not ref.identity:
        return None
    longest = max(len(text.encode()) for text in (ref.remote, ref.path, ref.identity))
    if longest > MOST_PROJECT_BYTES or len(PurePosixPath(ref.identity).name) > MOST_NAME_CHARACTERS:
        raise InvalidInputError(
            f"project is longer than {MOST_PROJECT_BYTES} bytes, or its last name than"
            f" {MOST_NAME_CHARACTERS} characters.",
            code="too_long",
            field="project",
            limit=MOST_PROJECT_BYTES,
        )
    return ref


def _is_remote(text: str) -> bool:
    if _DRIVE.match(text):
        return False
    return URL_LIKE.match(text) is not None or SCP_LIKE.match(text) is not None
