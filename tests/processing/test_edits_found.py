"""A changed text is found by its new words at once and by its new meaning once embedded, whoever changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test import Client

from processing.models import CodeObject, Memory
from processing.sweeping import mend_texts, queue_unembedded
from tests import pipeline
from tests.conftest import Member, connect_as_owner, make_member
from tests.studio.conftest import address, sign_in

pytestmark = pytest.mark.usefixtures("embedding_model_dir", "falkordb_url")

OLD = "Deploys happen on Tuesdays."
NEW = "Zanzibar grows cloves for export."
NEW_MEANING = "an island that sells spices abroad"
SHOP = "def price(item):\n    return item.net\n"
RENAMED = "def price(item):\n    return item.convert(currency='zloty')\n"


@pytest.fixture
def talk(ada: Member) -> Member:
    """What is changed, and enough beside it to be nearer to any question than an old text."""
    for number, text in enumerate((OLD, "The cat sleeps on the keyboard.", "Leases outlive the task.")):
        pipeline.queue_chunk(ada, text, chunk=number)
    pipeline.queue_code(ada, {"shop.py": SHOP})
    pipeline.drain(ada)
    return ada


def change_by_api(member: Member, memory: Memory) -> None:
    assert member.api.patch(f"/api/memories/{memory.pk}", {"content": NEW}).status_code == 200


def change_by_studio(member: Member, memory: Memory) -> None:
    client: Client = sign_in(member.user, superuser=True)
    form = {"content": NEW, "role": "user", "visibility": "workspace", "metadata": "{}"}
    assert client.post(address(Memory, "change", memory.pk), form).status_code == 302


def change_by_sql(member: Member, memory: Memory) -> None:
    with member.scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE processing_memory SET content = %s WHERE id = %s", [NEW, memory.pk])


def find(member: Member, query: str, kind: str = "memories") -> dict[str, dict[str, Any]]:
    """Return the results by id, each with its place and what found it."""
    answer = member.api.get(f"/api/search/{kind}", {"q": query, "explain": "true"}).json()
    assert answer.get("degraded") is None
    return {result["id"]: {**result, "place": place} for place, result in enumerate(answer["results"])}


def is_found_by(result: dict[str, Any] | None, way: str) -> bool:
    return result is not None and result["explain"][way] is not None


@pytest.mark.parametrize("change", [change_by_api, change_by_studio, change_by_sql])
def test_a_change_is_found_by_new_words_at_once_and_by_new_meaning_when_embedded(
    talk: Member, change: Callable[[Member, Memory], None]
) -> None:
    with talk.scope():
        memory = Memory.objects.get(content=OLD)
    key = str(memory.pk)
    change(talk, memory)
    assert is_found_by(find(talk, "zanzibar").get(key), "text")
    assert not is_found_by(find(talk, "tuesdays").get(key), "text")
    assert not is_found_by(find(talk, NEW_MEANING).get(key), "vector")
    assert not is_found_by(find(talk, "when do we release").get(key), "vector")  # the old meaning is gone too
    pipeline.embed(talk)
    found = find(talk, NEW_MEANING)[key]
    assert (found["place"], is_found_by(found, "vector")) == (0, True)


@contextmanager
def behind_the_triggers() -> Iterator[psycopg.Connection]:
    """A connection as the owner of the tables, for changes that no trigger sees."""
    with connect_as_owner() as owner:
        for table in ("processing_memory", "processing_codeobject"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield owner
        for table in ("processing_memory", "processing_codeobject"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def settled(committed: None) -> Member:
    """The same talk, committed: another connection changes it."""
    ada = make_member("north", "ada")
    pipeline.queue_chunk(ada, OLD)
    pipeline.queue_code(ada, {"shop.py": SHOP})
    pipeline.drain(ada)
    return ada


def test_the_sweep_finds_a_memory_changed_behind_every_triggers_back(settled: Member) -> None:
    with behind_the_triggers() as owner:
        owner.execute("UPDATE processing_memory SET content = %s", [NEW])
    with settled.scope():
        key = str(Memory.objects.get().pk)
    assert not is_found_by(find(settled, "zanzibar").get(key), "text")
    queue_unembedded()
    assert is_found_by(find(settled, "zanzibar")[key], "text")
    assert not is_found_by(find(settled, "tuesdays").get(key), "text")
    assert not is_found_by(find(settled, NEW_MEANING).get(key), "vector")
    pipeline.embed(settled)
    assert is_found_by(find(settled, NEW_MEANING)[key], "vector")
    assert mend_texts(settled.workspace.pk) == 0


def test_the_sweep_finds_code_changed_behind_every_triggers_back(settled: Member) -> None:
    with behind_the_triggers() as owner:
        owner.execute("UPDATE processing_codeobject SET content = %s WHERE name = 'price'", [RENAMED])
    with settled.scope():
        uid = CodeObject.objects.get(name="price").uid
    assert not is_found_by(find(settled, "zloty", "code").get(uid), "text")
    queue_unembedded()
    assert is_found_by(find(settled, "zloty", "code")[uid], "text")
    assert not is_found_by(find(settled, "zloty", "code")[uid], "vector")
    pipeline.embed(settled)
    assert is_found_by(find(settled, "zloty", "code")[uid], "vector")


def test_rows_that_no_trigger_described_are_mended_whatever_their_hash_says(settled: Member) -> None:
    hashes = ["", "0" * 64, "f" * 64, "zzz"]

    def insert(owner: psycopg.Connection, content_hash: str) -> UUID:
        row = owner.execute(
            """
            INSERT INTO processing_memory (id, workspace_id, author_id, visibility, role, content, metadata,
                file_paths, occurred_at, created_at, updated_at, part_no, content_hash, processing_status)
            VALUES (uuidv7(), %s, %s, 'workspace', 'user', %s, '{}', '{}', now(), now(), now(), 0, %s,
                'embedded') RETURNING id
            """,
            [settled.workspace.pk, settled.user.pk, f"A stowaway at {content_hash!r}.", content_hash],
        ).fetchone()
        assert row is not None
        found: UUID = row[0]
        return found

    with behind_the_triggers() as owner:
        ids = {str(insert(owner, content_hash)) for content_hash in hashes}
    assert not ids & find(settled, "stowaway").keys()
    assert mend_texts(settled.workspace.pk) == len(hashes)
    assert ids <= find(settled, "stowaway").keys()
