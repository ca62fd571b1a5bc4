"""Transcript lines are stored raw but for secrets, under a key that survives tails, resends and resumptions."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from ingest.drafts import read_row
from ingest.models import Batch, MemoryQueue
from tests.conftest import Member
from tests.ingest.sending import TRANSCRIPT, count, ids_of, make_line, pack_lines, send_lines

EDGE_CASES = Path(__file__).parent / "data" / "claude-code-edge-cases.jsonl"


def test_a_line_becomes_a_row_that_processing_can_read(ada: Member) -> None:
    answer = send_lines(ada, make_line("u1", "Why?"), project="/home/ada/shop")
    assert count(answer) == (1, 1, 0, 0)
    assert answer["items"][0] == {"index": 0, "status": "new", "line": 1, "id": ids_of(answer)[0]}
    with ada.scope():
        row = MemoryQueue.objects.get()
        assert (row.status, row.format, row.session_key, row.line_no) == ("pending", "claude_code", "s1", 1)
        assert row.payload["line"]["message"]["content"] == "Why?"
        assert [draft.content for draft in read_row(row).drafts] == ["Why?"]


def test_paths_are_relative_to_the_senders_own_folder(ada: Member, ben: Member) -> None:
    remote = "git@github.com:acme/shop.git"
    send_lines(ada, make_line("u1"), project=remote, projectPath="/home/ada/shop")
    call = {"type": "tool_use", "id": "t1", "name": "Read", "input": {"file_path": "/home/ben/code/shop/src/a.py"}}
    line = make_line("u2", type="assistant", cwd="/home/ben/code/shop/src", message={"content": [call]})
    send_lines(ben, line, project=remote, projectPath="/home/ben/code/shop")
    with ada.scope():
        rows = MemoryQueue.objects.select_related("project").order_by("id")
        assert {row.project.identity for row in rows if row.project} == {"github.com/acme/shop"}
        assert read_row(rows[1]).drafts[0].file_paths == ("src/a.py",)


def test_a_real_session_sent_twice_is_all_duplicates(ada: Member) -> None:
    raw = EDGE_CASES.read_bytes()
    first = send_lines(ada, raw)
    again = send_lines(ada, raw)
    assert first["received"] == sum(1 for line in raw.splitlines() if line.strip())
    assert first["new"] > 10
    assert first["received"] == first["new"] + first["duplicate"] + first["rejected"]
    assert again["new"] == 0
    assert ids_of(again) == ids_of(first)
    assert again["rejected"] == first["rejected"]


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("zstd", zstandard.ZstdCompressor().compress), ("identity", bytes)],
)
def test_bodies_may_be_packed_and_of_any_type(ada: Member, encoding: str, pack: object) -> None:
    body = pack(pack_lines(make_line("u1"), make_line("u2")))  # type: ignore[operator]
    for content_type in ("application/x-ndjson", "application/x-www-form-urlencoded", "text/plain"):
        response = ada.api.post(
            f"{TRANSCRIPT}?format=claude-code",
            data=body,
            content_type=content_type,
            HTTP_CONTENT_ENCODING=encoding,
        )
        assert response.status_code == 202, response.content
        assert response.json()["received"] == 2


def test_a_body_of_several_gzip_members_is_read_whole(ada: Member) -> None:
    body = gzip.compress(pack_lines(make_line("u1"))) + gzip.compress(pack_lines(make_line("u2")))
    response = ada.api.post(
        f"{TRANSCRIPT}?format=claude-code",
        data=body,
        content_type="application/x-ndjson",
        HTTP_CONTENT_ENCODING="gzip",
    )
    assert response.json()["new"] == 2


def test_a_resumed_session_copies_lines_with_their_uuid(ada: Member) -> None:
    first = send_lines(ada, make_line("u1"), session="old")
    again = send_lines(ada, make_line("u1"), make_line("u2"), session="new")
    assert count(again) == (2, 1, 1, 0)
    assert ids_of(again)[0] == ids_of(first)[0]


def test_the_first_version_of_a_line_wins_and_the_other_is_counted(ada: Member) -> None:
    send_lines(ada, make_line("u1", "first"))
    answer = send_lines(ada, make_line("u1", "second"), make_line("u2"))
    assert count(answer) == (2, 1, 1, 0)
    assert answer["conflict"] == 1
    assert answer["items"][0]["code"] == "conflict"
    with ada.scope():
        assert MemoryQueue.objects.order_by("id").first().payload["line"]["message"]["content"] == "first"  # type: ignore[union-attr]


def test_a_line_twice_in_one_file_counts_once_when_it_has_a_uuid(ada: Member) -> None:
    answer = send_lines(ada, make_line("u1"), make_line("u1"), make_line("u1", "changed"))
    assert count(answer) == (3, 1, 2, 0)
    assert answer["conflict"] == 1


def test_equal_lines_without_a_uuid_are_told_apart_by_their_number(ada: Member) -> None:
    line = make_line(text="yes")
    whole = send_lines(ada, line, make_line("u1"), line)
    assert count(whole) == (3, 3, 0, 0)
    assert ids_of(send_lines(ada, line, make_line("u1"), line)) == ids_of(whole)


def test_a_tail_continues_the_numbers_of_the_file(ada: Member) -> None:
    line = make_line(text="yes")
    send_lines(ada, line, make_line("u1"))
    tail = send_lines(ada, line, fromLine=2)
    assert count(tail) == (1, 1, 0, 0)
    assert tail["items"][0]["line"] == 3
    assert count(send_lines(ada, line, fromLine=2)) == (1, 0, 1, 0)
    assert count(send_lines(ada, line, make_line("u1"), line)) == (3, 0, 3, 0)
    with ada.scope():
        assert list(MemoryQueue.objects.order_by("line_no").values_list("line_no", flat=True)) == [1, 2, 3]


def test_lines_without_a_uuid_belong_to_their_session(ada: Member) -> None:
    send_lines(ada, make_line(text="yes"), session="one")
    assert count(send_lines(ada, make_line(text="yes"), session="two")) == (1, 1, 0, 0)


def test_lines_that_say_nothing_are_stored_as_completed(ada: Member) -> None:
    answer = send_lines(ada, {"type": "never-heard-of", "x": 1}, make_line("u1"))
    assert count(answer) == (2, 2, 0, 0)
    with ada.scope():
        rows = MemoryQueue.objects.order_by("line_no")
        assert [(row.status, row.processed_at is not None) for row in rows] == [
            ("completed", True),
            ("pending", False),
        ]
        assert rows[0].payload == {"line": {"type": "never-heard-of", "x": 1}}


def test_a_bad_line_is_refused_with_its_line_and_its_neighbours_live(ada: Member) -> None:
    answer = send_lines(
        ada,
        make_line("u1"),
        b"{not json",
        b"",
        b'{"type":"user","x":"\\u0000"}',
        b'{"type":"user","x":"\\ud800"}',
        b"[" * 100_000,
        b'{"type":"user","x":' + b"[" * 70 + b"]" * 70 + b"}",
        b'{"type":"user","x":NaN}',
        b'{"type":"user","x":1e999}',
        b'{"type":"user","x":' + b"9" * 5_000 + b"}",
        b'{"type":"user","x":"' + b"a" * 1_100_000 + b'"}',
        b'"a text"',
        b"\xff\xfe",
        make_line("u3", timestamp="2026-11-21T12:00:00"),
        make_line("u2"),
        fromLine=10,
    )
    assert [(item["index"], item.get("code")) for item in answer["items"]] == [
        (0, None),
        (1, "malformed_line"),
        (3, "nul_character"),
        (4, "lone_surrogate"),
        (5, "too_deep"),
        (6, "too_deep"),
        (7, "number_out_of_range"),
        (8, "number_out_of_range"),
        (9, "number_out_of_range"),
        (10, "too_large"),
        (11, "malformed_line"),
        (12, "malformed_line"),
        (13, "timestamp_without_zone"),
        (14, None),
    ]
    assert answer["items"][1]["line"] == 12
    assert count(answer) == (14, 2, 0, 12)
    with ada.scope():
        assert [item["index"] for item in Batch.objects.get().rejections] == list(range(1, 2)) + list(range(3, 14))


def test_secrets_of_a_line_are_masked_before_they_are_stored(ada: Member) -> None:
    line = make_line("u1", "export TOKEN=ghp_" + "a1B2" * 9)
    assert send_lines(ada, line)["maskedSecrets"] == 1
    again = send_lines(ada, line)
    assert (again["duplicate"], again["conflict"], again["maskedSecrets"]) == (1, 0, 0)
    with ada.scope():
        assert "ghp_" not in str(MemoryQueue.objects.get().payload)


def test_private_lines_are_no_duplicates_of_shared_ones(ada: Member, ben: Member) -> None:
    send_lines(ada, make_line("u1"), visibility="private")
    assert count(send_lines(ben, make_line("u1"))) == (1, 1, 0, 0)
    assert count(send_lines(ada, make_line("u1"), visibility="private")) == (1, 0, 1, 0)
    with ada.scope():
        rows = MemoryQueue.objects.order_by("id").values_list("visibility", "author_id")
        assert list(rows) == [("private", ada.user.id), ("workspace", ben.user.id)]


def test_an_unknown_format_is_refused_by_name(ada: Member) -> None:
    answer = send_lines(ada, make_line(), format="cobol-log", status=400)
    assert (answer["code"], answer["field"]) == ("unknown_format", "format")
    missing = ada.api.post(TRANSCRIPT, data=b"{}", content_type="application/x-ndjson")
    assert (missing.status_code, missing.json()["code"]) == (400, "required")


def test_unknown_query_keys_are_named(ada: Member) -> None:
    assert send_lines(ada, make_line(), colour="red")["warnings"] == ["unknown key ignored: query.'colour'"]


@pytest.mark.parametrize("from_line", ["-1", "x", "1e9", "99999999999"])
def test_a_strange_from_line_is_refused(ada: Member, from_line: str) -> None:
    assert send_lines(ada, make_line(), fromLine=from_line, status=400)["code"] in {"invalid_type", "out_of_range"}


def test_an_empty_transcript_is_no_mistake(ada: Member) -> None:
    assert count(send_lines(ada)) == (0, 0, 0, 0)
    assert count(send_lines(ada, b"", b"  ")) == (0, 0, 0, 0)
