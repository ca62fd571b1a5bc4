"""The checks one item of an ingest request must pass, shared by all ingest endpoints.

A refused item is an outcome, not a failure: every function here returns an `ItemError` instead of raising,
so that the caller names it in the answer and goes on with the item's neighbours. Details say which rule was
broken and never repeat the content, because they end up in answers, logs and dead letters.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

ItemCode = Literal[
    "empty",
    "nul_character",
    "lone_surrogate",
    "too_large",
    "timestamp_without_zone",
    "timestamp_invalid",
    "path_outside_project",
    "path_invalid",
    "metadata_too_large",
    "too_deep",
    "malformed_line",
    "number_out_of_range",
]

MAX_ITEM_BYTES = 1024 * 1024
MAX_METADATA_BYTES = 64 * 1024
MAX_DEPTH = 64
MAX_PATH_CHARACTERS = 1024
# An index entry of Postgres holds some 2,700 bytes.
MAX_PATH_BYTES = 2048
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2200
_LONGEST_TIMESTAMP = 64
# What orjson and Postgres both write back unchanged.
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**64 - 1
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class ItemError:
    """Why one item is refused: a stable code and a sentence that does not repeat the item's content."""

    code: ItemCode
    detail: str


def check_text(text: str, *, max_bytes: int = MAX_ITEM_BYTES, may_be_empty: bool = False) -> ItemError | None:
    """Refuse a text that Postgres cannot store or that is larger than `max_bytes` of UTF-8.

    Text of nothing but white space counts as empty: there is nothing in it to find or to embed. Source
    files may be empty.
    """
    if not may_be_empty and not text.strip():
        return ItemError("empty", "The text is empty.")
    if len(text) > max_bytes:
        return _too_large(max_bytes)
    if error := check_characters(text):
        return error
    return _too_large(max_bytes) if len(text.encode()) > max_bytes else None


def check_characters(text: str) -> ItemError | None:
    """Refuse what no Postgres text or jsonb can hold: a NUL character, half of a surrogate pair."""
    if "\x00" in text:
        return ItemError("nul_character", "The text has a NUL character.")
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return ItemError("lone_surrogate", "The text has half of a surrogate pair and is not valid Unicode.")
    return None


def check_json(value: object, *, max_depth: int = MAX_DEPTH) -> ItemError | None:
    """Refuse a decoded JSON value that is nested too deep or holds a text or number that cannot be stored.

    An object or list counts one level: `{"a": [1]}` has depth 2. The walk does not recurse.
    """
    pending: list[tuple[object, int]] = [(value, 0)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, Mapping | list):
            if depth >= max_depth:
                return ItemError("too_deep", f"The value is nested deeper than {max_depth} levels.")
            children = [*node.keys(), *node.values()] if isinstance(node, Mapping) else node
            pending.extend((child, depth + 1) for child in children)
        elif error := _check_scalar(node):
            return error
    return None


def check_metadata(
    metadata: object, *, max_bytes: int = MAX_METADATA_BYTES, max_depth: int = MAX_DEPTH
) -> ItemError | None:
    """Refuse metadata that cannot be stored as JSON or is larger than `max_bytes` written compactly."""
    if error := check_json(metadata, max_depth=max_depth):
        return error
    written = json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode()
    if len(written) > max_bytes:
        return ItemError("metadata_too_large", f"The metadata is larger than {max_bytes} bytes.")
    return None


def parse_timestamp(value: object) -> datetime | ItemError:
    """Read an ISO 8601 date and time with a zone, between the years 1970 and 2200, as UTC."""
    if not isinstance(value, str) or len(value) > _LONGEST_TIMESTAMP:
        return ItemError("timestamp_invalid", "The timestamp is not an ISO 8601 date and time.")
    try:
        moment = datetime.fromisoformat(value.strip().upper())
    except ValueError:
        return ItemError("timestamp_invalid", "The timestamp is not an ISO 8601 date and time.")
    if moment.utcoffset() is None:
        return ItemError("timestamp_without_zone", "The timestamp has no time zone: add Z or an offset.")
    if not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
        return ItemError("timestamp_invalid", f"The timestamp is not between {_EARLIEST_YEAR} and {_LATEST_YEAR}.")
    return moment.astimezone(UTC)


def normalise_path(path: str, *, project_root: str | None = None) -> str | ItemError:
    r"""Give the one spelling of a file's path in its project: relative, `/` between names, no `.` or `..`.

    `src\a.py`, `./src//a.py` and, with `project_root="/home/dev/app"`, `/home/dev/app/src/a.py` are all
    `src/a.py`. An absolute path elsewhere and any `..` are outside of the project.
    """
    if error := _check_path_text(path):
        return error
    slashed = path.replace("\\", "/")
    if _is_absolute(slashed):
        inside = _strip_root(slashed, project_root)
        if inside is None:
            return ItemError("path_outside_project", "The absolute path is not inside the project.")
        slashed = inside
    if slashed.endswith("/"):
        return ItemError("path_invalid", "The path names a directory, not a file.")
    names = [name for name in slashed.split("/") if name not in ("", ".")]
    if ".." in names:
        return ItemError("path_outside_project", "The path has a `..`.")
    if not names or _DRIVE.match(names[0]):
        return ItemError("path_invalid", "The path names no file of the project.")
    return "/".join(names)


def _check_path_text(path: str) -> ItemError | None:
    if not path.strip():
        return ItemError("path_invalid", "The path is empty.")
    if len(path) > MAX_PATH_CHARACTERS:
        return ItemError("path_invalid", f"The path is longer than {MAX_PATH_CHARACTERS} characters.")
    if error := check_characters(path):
        return error
    if len(path.encode()) > MAX_PATH_BYTES:
        return ItemError("path_invalid", f"The path is longer than {MAX_PATH_BYTES} bytes.")
    return None


def _is_absolute(slashed: str) -> bool:
    return slashed.startswith("/") or (_DRIVE.match(slashed) is not None and slashed[2:3] == "/")


def _strip_root(slashed: str, project_root: str | None) -> str | None:
    if not project_root:
        return None
    root = project_root.replace("\\", "/").rstrip("/") + "/"
    # Windows compares paths without case; elsewhere two spellings are two files.
    same = slashed.lower().startswith(root.lower()) if _DRIVE.match(root) else slashed.startswith(root)
    return slashed[len(root) :] if same else None


def _check_scalar(node: object) -> ItemError | None:
    if isinstance(node, str):
        return check_characters(node)
    if isinstance(node, float) and not math.isfinite(node):
        return ItemError("number_out_of_range", "A number is not finite.")
    # jsonb keeps 1e30 as the integer that it is, and so gives it back.
    if isinstance(node, float) and not _SMALLEST_INTEGER <= node <= _LARGEST_INTEGER:
        return ItemError("number_out_of_range", "A number does not fit into 64 bits.")
    if isinstance(node, int) and not _SMALLEST_INTEGER <= node <= _LARGEST_INTEGER:
        return ItemError("number_out_of_range", "An integer does not fit into 64 bits.")
    return None


def _too_large(max_bytes: int) -> ItemError:
    return ItemError("too_large", f"The item is larger than {max_bytes} bytes.")
