"""From bytes to lines to decoded JSON objects, the same for every JSONL format."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from ingest.checks import MAX_ITEM_BYTES, ItemError, check_json

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_INTEGER = 20


def split_lines(raw: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """Give the lines, without their ends and blank ones too, of a file whole or in chunks cut anywhere.

    Only a line feed ends a line: the Unicode separators may stand inside a JSON text.
    """
    unfinished: list[bytes] = []
    for chunk in (raw,) if isinstance(raw, bytes) else raw:
        head, *lines = chunk.split(b"\n")
        unfinished.append(head)
        for line in lines:
            yield _trim(b"".join(unfinished))
            unfinished = [line]
    yield _trim(b"".join(unfinished))


def decode_line(line: bytes, *, max_bytes: int = MAX_ITEM_BYTES) -> dict[str, Any] | ItemError:
    """Decode one line that must be a JSON object which Postgres can store."""
    if len(line) > max_bytes:
        return ItemError("too_large", f"The line is larger than {max_bytes} bytes.")
    if b"\x00" in line:
        return ItemError("nul_character", "The line has a NUL character.")
    try:
        value = json.loads(line.decode(), parse_int=_parse_integer, parse_constant=float)
    except RecursionError:
        return ItemError("too_deep", "The line is nested too deep.")
    except ValueError:
        return ItemError("malformed_line", "The line is not valid JSON in UTF-8.")
    if not isinstance(value, dict):
        return ItemError("malformed_line", "The line is not a JSON object.")
    return check_json(value) or value


def hash_line(line: bytes) -> str:
    """Give the sha256 of a line in hex."""
    return hashlib.sha256(line).hexdigest()


def _trim(line: bytes) -> bytes:
    return line.removeprefix(_BYTE_ORDER_MARK).strip(b" \t\r")


def _parse_integer(digits: str) -> int | float:
    # A longer one is out of range in any case, and Python refuses to convert thousands of digits.
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.inf
