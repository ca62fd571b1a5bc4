"""Bad input is answered by name: the request's faults refuse it whole, an item's only itself. Never a 5xx."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
import zstandard
from django.conf import LazySettings

from ingest.models import Batch, CodeQueue, MemoryQueue
from tests.conftest import Member
from tests.ingest.sending import (
    CODE,
    MEMORY,
    NOON,
    SHOP,
    TRANSCRIPT,
    count,
    make_chunk,
    make_line,
    pack_lines,
    post_json,
    send_chunks,
)

ADDRESSES = (MEMORY, CODE, f"{TRANSCRIPT}?format=claude-code")
JSON_ADDRESSES = (MEMORY, CODE)


def pack_zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


def post_raw(member: Member, address: str, body: bytes, **headers: str) -> Any:
    return member.api.generic("POST", address, data=body, content_type="application/json", **headers)  # type: ignore[arg-type]


def nothing_stored(member: Member) -> bool:
    with member.scope():
        return not (MemoryQueue.objects.exists() or CodeQueue.objects.exists() or Batch.objects.exists())


@pytest.mark.parametrize("address", JSON_ADDRESSES)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"hello", "invalid_json"),
        (b'{"sessionId":"s1",}', "invalid_json"),
        (b'\xff\xfe{"a":1}', "invalid_encoding"),
        (b'"text"', "invalid_type"),
        (b"[]", "invalid_type"),
        (b"null", "invalid_type"),
        (b"NaN", "invalid_type"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too_deep"),
        (b'{"a":' + b"9" * 5_000 + b"}", "number_out_of_range"),
    ],
)
def test_a_body_that_is_no_sound_json_object_is_refused(ada: Member, address: str, body: bytes, code: str) -> None:
    response = post_raw(ada, address, body)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert nothing_stored(ada)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("encoding", "body", "status", "code"),
    [
        ("gzip", b"not gzip at all", 400, "invalid_encoding"),
        ("gzip", gzip.compress(b'{"a":1}' * 1_000)[:-9], 400, "invalid_encoding"),
        ("gzip", gzip.compress(b'{"a":1}')[:5], 400, "invalid_encoding"),
        ("gzip", gzip.compress(b'{"a":1}') + b"rubbish", 400, "invalid_encoding"),
        ("gzip", b"", 400, "invalid_encoding"),
        ("gzip", gzip.compress(b"") * 2_000, 400, "invalid_encoding"),
        ("gzip", gzip.compress(bytes(20_000_000)), 413, "compression_ratio"),
        ("zstd", b"not zstd at all", 400, "invalid_encoding"),
        ("zstd", pack_zstd(b'{"a":1}' * 1_000)[:-9], 400, "invalid_encoding"),
        ("zstd", pack_zstd(b'{"a":1}')[:5], 400, "invalid_encoding"),
        ("zstd", pack_zstd(b'{"a":1}') + b"rubbish", 400, "invalid_encoding"),
        ("zstd", b"", 400, "invalid_encoding"),
        ("zstd", pack_zstd(b"") * 2_000, 400, "invalid_encoding"),
        ("zstd", pack_zstd(bytes(20_000_000)), 413, "compression_ratio"),
        ("br", b"anything", 415, "unsupported_encoding"),
        ("gzip, gzip", b"anything", 415, "unsupported_encoding"),
    ],
)
def test_a_badly_packed_body_is_refused(
    ada: Member, address: str, encoding: str, body: bytes, status: int, code: str
) -> None:
    response = post_raw(ada, address, body, HTTP_CONTENT_ENCODING=encoding)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert nothing_stored(ada)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_a_body_over_the_limit_is_refused_with_the_limit(
    ada: Member, settings: LazySettings, address: str, encoding: str
) -> None:
    settings.MAX_BODY_BYTES = 100_000
    settings.MAX_BODY_RATIO = 100_000
    packers: dict[str, Callable[[bytes], bytes]] = {"identity": bytes, "gzip": gzip.compress, "zstd": pack_zstd}
    response = post_raw(ada, address, packers[encoding](b" " * 100_001), HTTP_CONTENT_ENCODING=encoding)
    assert response.status_code == 413
    assert (response.json()["code"], response.json()["limit"]) == ("body_too_large", 100_000)
    assert nothing_stored(ada)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_chunked_body_without_a_length_is_refused(ada: Member, address: str) -> None:
    response = post_raw(ada, address, b"{}", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert (response.status_code, response.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_length_that_is_no_number_is_refused(ada: Member, address: str) -> None:
    response = post_raw(ada, address, b"{}", CONTENT_LENGTH="many")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_length")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_not_allowed(ada: Member, address: str, method: str) -> None:
    response = ada.api.generic(method, address)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"chunks": []}, "sessionId"),
        ({"sessionId": "s1"}, "chunks"),
        ({"sessionId": 5, "chunks": []}, "sessionId"),
        ({"sessionId": "s" * 256, "chunks": []}, "sessionId"),
        ({"sessionId": "s\x00", "chunks": []}, "sessionId"),
        ({"sessionId": "s\ud800", "chunks": []}, "sessionId"),
        ({"sessionId": "s1", "chunks": "text"}, "chunks"),
        ({"sessionId": "s1", "chunks": [], "visibility": 1}, "visibility"),
        ({"sessionId": "s1", "chunks": [], "visibility": "everyone"}, "visibility"),
        ({"sessionId": "s1", "chunks": [], "project": []}, "project"),
        ({"sessionId": "s1", "chunks": [], "project": {"branch": "main"}}, "project"),
        ({"sessionId": "s1", "chunks": [], "projectPath": {}}, "projectPath"),
        ({"sessionId": "s1", "chunks": [], "projectPath": "p" * 1_025}, "projectPath"),
    ],
)
def test_a_request_of_wrong_shape_is_refused_whole(ada: Member, body: dict[str, Any], field: str) -> None:
    if isinstance(body.get("chunks"), list):
        body = {**body, "chunks": [make_chunk()]}
    response = post_json(ada, MEMORY, body)
    assert (response.status_code, response.json()["field"]) == (400, field)
    assert nothing_stored(ada)


@pytest.mark.parametrize(
    ("chunk", "field"),
    [
        (5, "chunks[1]"),
        (None, "chunks[1]"),
        ({}, "chunks[1].content"),
        ({"content": 5}, "chunks[1].content"),
        ({"content": ["a"]}, "chunks[1].content"),
        ({"content": "a"}, "chunks[1].metadata"),
        ({"content": "a", "metadata": []}, "chunks[1].metadata"),
        ({"content": "a", "metadata": {"messageType": "user"}}, "chunks[1].metadata.timestamp"),
        ({"content": "a", "metadata": {"timestamp": 5, "messageType": "user"}}, "chunks[1].metadata.timestamp"),
        ({"content": "a", "metadata": {"timestamp": NOON}}, "chunks[1].metadata.messageType"),
        (
            {"content": "a", "metadata": {"timestamp": NOON, "messageType": "god"}},
            "chunks[1].metadata.messageType",
        ),
        (make_chunk(metadata={"filePaths": "a.py"}), "chunks[1].metadata.filePaths"),
        (make_chunk(metadata={"filePaths": [1]}), "chunks[1].metadata.filePaths"),
        (make_chunk(chunkId=5), "chunks[1].chunkId"),
        (make_chunk(chunkId="c" * 1_025), "chunks[1].chunkId"),
    ],
)
def test_a_chunk_of_wrong_shape_refuses_the_request(ada: Member, chunk: Any, field: str) -> None:
    response = post_json(ada, MEMORY, {"sessionId": "s1", "chunks": [make_chunk(), chunk]})
    assert (response.status_code, response.json()["field"]) == (400, field)
    assert nothing_stored(ada)


@pytest.mark.parametrize(
    ("chunk", "code"),
    [
        (make_chunk(""), "empty"),
        (make_chunk(" \n\t"), "empty"),
        (make_chunk("a\x00b"), "nul_character"),
        (make_chunk("a\ud800b"), "lone_surrogate"),
        (make_chunk("x" * (1024 * 1024 + 1)), "too_large"),
        (make_chunk("é" * (512 * 1024 + 1)), "too_large"),
        (make_chunk(chunkId="\x00"), "nul_character"),
        (make_chunk(metadata={"timestamp": "2026-11-21T12:00:00"}), "timestamp_without_zone"),
        (make_chunk(metadata={"timestamp": "yesterday"}), "timestamp_invalid"),
        (make_chunk(metadata={"timestamp": ""}), "timestamp_invalid"),
        (make_chunk(metadata={"timestamp": "9999-12-31T23:59:59-23:59"}), "timestamp_invalid"),
        (make_chunk(metadata={"filePaths": ["ok.py", "../../etc/passwd"]}), "path_outside_project"),
        (make_chunk(metadata={"filePaths": ["a\ud800.py"]}), "lone_surrogate"),
        (make_chunk(metadata={"note": "a\x00b"}), "nul_character"),
        (make_chunk(metadata={"no\x00te": 1}), "nul_character"),
        (make_chunk(metadata={"deep": {"er": ["\udfff"]}}), "lone_surrogate"),
        (make_chunk(metadata={"n": float("nan")}), "number_out_of_range"),
        (make_chunk(metadata={"n": float("inf")}), "number_out_of_range"),
        (make_chunk(metadata={"n": 2**64}), "number_out_of_range"),
        (make_chunk(metadata={"n": -(2**63) - 1}), "number_out_of_range"),
        (make_chunk(metadata={"note": "x" * 64 * 1024}), "metadata_too_large"),
    ],
)
def test_a_bad_chunk_is_refused_and_its_neighbours_live(ada: Member, chunk: Any, code: str) -> None:
    answer = send_chunks(ada, make_chunk("before"), chunk, make_chunk("after"))
    assert count(answer) == (3, 2, 0, 1)
    assert (answer["items"][1]["status"], answer["items"][1]["code"]) == ("rejected", code)
    assert answer["items"][1]["detail"]
    with ada.scope():
        contents = set(MemoryQueue.objects.values_list("payload__content", flat=True))
        assert contents == {"before", "after"}
        assert Batch.objects.get().rejections == [answer["items"][1]]


def test_odd_but_sound_metadata_is_kept(ada: Member) -> None:
    odd = {"filePaths": ["/etc/hosts"], "n": 2**64 - 1, "f": 1e-300, "": {"": [None, True]}, "😀": "\u2028"}
    assert count(send_chunks(ada, make_chunk("x", metadata=odd))) == (1, 1, 0, 0)
    with ada.scope():
        assert odd.items() <= MemoryQueue.objects.get().payload["metadata"].items()


@pytest.mark.parametrize("kind", ["memory", "files", "deleted", "transcript"])
def test_too_many_items_are_refused_with_the_limit(ada: Member, settings: LazySettings, kind: str) -> None:
    settings.MAX_ITEMS = 3
    chunks = [make_chunk(str(number)) for number in range(4)]
    files = [{"path": f"{number}.py", "content": ""} for number in range(4)]
    response = {
        "memory": lambda: post_json(ada, MEMORY, {"sessionId": "s1", "chunks": chunks}),
        "files": lambda: post_json(ada, CODE, {"project": SHOP, "files": files}),
        "deleted": lambda: post_json(ada, CODE, {"project": SHOP, "files": files[:3], "deleted": ["x"]}),
        "transcript": lambda: post_raw(
            ada, f"{TRANSCRIPT}?format=claude-code", pack_lines(*[make_line(str(n)) for n in range(4)])
        ),
    }[kind]()
    assert (response.status_code, response.json()["code"]) == (400, "too_many_items")
    assert "limit" in response.json()
    assert nothing_stored(ada)


def test_the_largest_request_is_accepted_whole(ada: Member) -> None:
    chunks = [make_chunk(f"message {number}", chunkId=str(number)) for number in range(10_000)]
    answer = send_chunks(ada, *chunks)
    assert count(answer) == (10_000, 10_000, 0, 0)
    assert answer["items"][9_999]["index"] == 9_999
    assert count(send_chunks(ada, *reversed(chunks))) == (10_000, 0, 10_000, 0)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("parameter", ["project", "projectPath", "visibility", "workspace", "session"])
@pytest.mark.parametrize("value", ["\x00", "%ED%A0%80", "x" * 5_000, "%FF"])
def test_strange_query_values_are_no_fault_of_ours(ada: Member, address: str, parameter: str, value: str) -> None:
    quoted = value.replace("\x00", "%00")
    glue = "&" if "?" in address else "?"
    body = json.dumps({"sessionId": "s1", "chunks": [], "files": []}).encode()
    response = post_raw(ada, f"{address}{glue}{parameter}={quoted}", body)
    assert response.status_code in {202, 400, 404}
