"""Request bodies: decoded by streaming under caps, parsed strictly, so that no body can hurt the process.

gzip and zstd are understood. The cap is on bytes after decoding and on their ratio to what was sent.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import zstandard
from django.conf import settings
from rest_framework.parsers import BaseParser

from supastate.errors import InvalidInputError, SupastateError, TooLargeError

STEP = 256 * 1024
PACKED_STEP = 512
MOST_MEMBERS = 1_000
RATIO_GRACE_BYTES = 1024 * 1024


class LengthRequiredError(SupastateError):
    """Send a Content-Length: a chunked body without one is not accepted."""

    code = "length_required"
    http_status = 411


class UnsupportedEncodingError(SupastateError):
    """Content-Encoding must be gzip, zstd or identity."""

    code = "unsupported_encoding"
    http_status = 415


class StrictJSONParser(BaseParser):
    """Parses JSON within the limits. NaN and lone surrogates come through: each item is checked for them."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the decoded value; the answer to a bad one names what is wrong."""
        request = (parser_context or {})["request"]
        return parse_json(read_body(request))


def read_body(request: Any) -> bytes:
    """Return the whole body, decoded. Raises TooLargeError, LengthRequiredError or InvalidInputError."""
    meta = request.META
    if meta.get("HTTP_TRANSFER_ENCODING") and not meta.get("CONTENT_LENGTH"):
        raise LengthRequiredError
    length = _content_length(meta)
    if length > settings.MAX_BODY_BYTES:
        raise _too_large()
    stream = request._request if hasattr(request, "_request") else request  # noqa: SLF001  (DRF wraps Django's)
    encoding = meta.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    decoded = bytearray()
    for piece in _decode(stream, encoding):
        decoded += piece
        if len(decoded) > settings.MAX_BODY_BYTES:
            raise _too_large()
        if len(decoded) > RATIO_GRACE_BYTES and len(decoded) > length * settings.MAX_BODY_RATIO:
            raise TooLargeError(
                f"The body grows more than {settings.MAX_BODY_RATIO} times when decoded.",
                code="compression_ratio",
                limit=settings.MAX_BODY_RATIO,
            )
    return bytes(decoded)


def parse_json(body: bytes) -> Any:
    """Return the JSON value of `body`; depth and syntax errors name their place."""
    try:
        value = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as exc:
        raise InvalidInputError(f"The body is not UTF-8 at byte {exc.start}.", code="invalid_encoding") from exc
    except json.JSONDecodeError as exc:
        raise InvalidInputError(
            f"The body is not JSON: {exc.msg} at line {exc.lineno} column {exc.colno}.", code="invalid_json"
        ) from exc
    except RecursionError as exc:
        raise _too_deep() from exc
    except ValueError as exc:
        raise InvalidInputError("A number in the body is too long.", code="number_out_of_range") from exc
    if is_deeper_than(value, settings.MAX_JSON_DEPTH):
        raise _too_deep()
    return value


def is_deeper_than(value: Any, limit: int) -> bool:
    """Tell whether a JSON value nests more than `limit` arrays and objects, without recursion."""
    level: list[Any] = [value]
    for _ in range(limit + 1):
        containers = [part for part in level if isinstance(part, dict | list)]
        if not containers:
            return False
        level = [
            inner
            for part in containers
            for inner in (part.values() if isinstance(part, dict) else part)
            if isinstance(inner, dict | list)
        ]
    return True


def _content_length(meta: Mapping[str, Any]) -> int:
    try:
        return int(meta.get("CONTENT_LENGTH") or 0)
    except ValueError as exc:
        raise InvalidInputError("Content-Length is not a number.", code="invalid_length") from exc


def _decode(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    if encoding in {"", "identity"}:
        return iter(lambda: stream.read(STEP), b"")
    if encoding in {"gzip", "x-gzip"}:
        return _gunzip(stream)
    if encoding == "zstd":
        return _unzstd(stream)
    raise UnsupportedEncodingError


def _gunzip(stream: BinaryIO) -> Iterator[bytes]:
    """Decode every member of the data: `cat a.gz b.gz` is a whole body too."""
    inflater, members = zlib.decompressobj(wbits=31), 1
    try:
        while piece := inflater.unconsumed_tail or inflater.unused_data or stream.read(PACKED_STEP):
            if inflater.eof:
                inflater, members = zlib.decompressobj(wbits=31), members + 1
            if members > MOST_MEMBERS:
                raise _broken("gzip")
            yield inflater.decompress(piece, STEP)
    except zlib.error as exc:
        raise _broken("gzip") from exc
    if not inflater.eof:
        raise _broken("gzip")


def _unzstd(stream: BinaryIO) -> Iterator[bytes]:
    """Decode every frame. The library's own reader takes data that was cut off for whole.

    Its max_output_size is ignored when a frame declares its size, so only small steps bound memory: a step's
    blocks decode to 128 kB each, and the shortest has 4 bytes.
    """
    decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
    inflater, frames = decompressor.decompressobj(), 1
    try:
        while piece := inflater.unused_data or stream.read(PACKED_STEP):
            if inflater.eof:
                inflater, frames = decompressor.decompressobj(), frames + 1
            if frames > MOST_MEMBERS:
                raise _broken("zstd")
            yield inflater.decompress(piece)
    except zstandard.ZstdError as exc:
        raise _broken("zstd") from exc
    if not inflater.eof:
        raise _broken("zstd")


def _broken(encoding: str) -> InvalidInputError:
    return InvalidInputError(f"The body is not whole {encoding} data.", code="invalid_encoding")


def _too_large() -> TooLargeError:
    limit = settings.MAX_BODY_BYTES
    return TooLargeError(f"The body is over {limit} bytes: send it in parts.", code="body_too_large", limit=limit)


def _too_deep() -> InvalidInputError:
    limit = settings.MAX_JSON_DEPTH
    return InvalidInputError(f"The JSON nests deeper than {limit} levels.", code="too_deep", limit=limit)
