"""Memories changed and added by people: the same effects as through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from processing.models import EmbedQueue, Memory
from supastate.workspaces.models import Visibility
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in
from tests.studio.rows import make_memory


def change(client: Client, memory: Memory, **values: str) -> Any:
    form = {
        "content": memory.content,
        "role": "user",
        "visibility": "workspace",
        "metadata": "{}",
        "importance": "0.5",
    }
    return client.post(address(Memory, "change", memory.pk), form | values)


def count_work(member: Member, memory: Memory) -> int:
    with member.scope():
        return EmbedQueue.objects.filter(subject_id=memory.pk).count()


def reload(member: Member, memory: Memory) -> Memory:
    with member.scope():
        return Memory.objects.get(pk=memory.pk)


def test_a_changed_text_is_embedded_again(studio: Client, ada: Member) -> None:
    memory = make_memory(ada, "The old text.")
    assert change(studio, memory, content="The new text.").status_code == 302
    after = reload(ada, memory)
    assert after.content == "The new text."
    assert after.processing_status == "pending"
    assert count_work(ada, memory) == 2


def test_what_is_set_stays_and_what_is_emptied_is_judged(studio: Client, ada: Member) -> None:
    memory = make_memory(ada, "The outage was due to a full disk.")
    assert change(studio, memory, type="opinion", importance="0.9").status_code == 302
    after = reload(ada, memory)
    assert (after.type, after.importance, after.set_by_hand) == ("opinion", 0.9, ["importance", "type"])
    assert change(studio, after, type="", importance="").status_code == 302
    after = reload(ada, memory)
    assert (after.type, after.importance, after.set_by_hand) == ("causal", 0.7, [])
    assert change(studio, after, importance="7").status_code == 200


def test_a_changed_role_alone_is_not_embedded_again(studio: Client, ada: Member) -> None:
    memory = make_memory(ada, "The same text.")
    assert change(studio, memory, role="assistant").status_code == 302
    assert reload(ada, memory).role == "assistant"
    assert count_work(ada, memory) == 1


def test_the_form_says_that_the_text_will_be_embedded(studio: Client, ada: Member) -> None:
    memory = make_memory(ada, "Some text.")
    page = studio.get(address(Memory, "change", memory.pk)).content.decode()
    assert "its vectors follow in moments" in page


def test_secrets_are_masked_as_they_are_by_the_api(studio: Client, ada: Member) -> None:
    memory = make_memory(ada, "no secret yet")
    change(studio, memory, content="the key is AKIAIOSFODNN7EXAMPLE")
    assert "AKIAIOSFODNN7EXAMPLE" not in reload(ada, memory).content


@pytest.mark.parametrize(
    "values",
    [
        {"content": " "},
        {"content": "a\x00b"},
        {"content": "x" * (1024 * 1024 + 1)},
        {"metadata": "{"},
        {"metadata": "[1]"},
        {"metadata": '{"a": "\\u0000"}'},
        {"metadata": '{"a": "\\ud800"}'},
        {"metadata": '{"a": "' + "x" * 70_000 + '"}'},
        {"role": "nobody"},
    ],
    ids=["blank", "nul", "too_large", "broken", "array", "nul_in_json", "surrogate", "large_json", "role"],
)
def test_bad_input_is_answered_with_the_form(studio: Client, ada: Member, values: dict[str, str]) -> None:
    memory = make_memory(ada, "The old text.")
    assert change(studio, memory, **values).status_code == 200
    assert reload(ada, memory).content == "The old text."


def test_an_added_memory_is_of_its_author_and_the_open_workspace(studio: Client, ada: Member) -> None:
    form = {
        "content": "We deploy on Tuesdays.", "role": "user", "visibility": "workspace", "metadata": "{}",
        "occurred_at_0": "2026-01-02", "occurred_at_1": "03:04:05",
    }  # fmt: skip
    assert studio.post(address(Memory, "add"), form).status_code == 302
    with ada.scope():
        memory = Memory.objects.get()
    assert (memory.workspace, memory.author) == (ada.workspace, ada.user)
    assert memory.occurred_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert count_work(ada, memory) == 1


def test_only_the_author_may_make_a_memory_private(ada: Member, ben: Member) -> None:
    memory = make_memory(ada, "Everybody reads this.")
    permit(ben.user, "processing.view_memory", "processing.change_memory")
    change(sign_in(ben.user), memory, visibility="private")
    assert reload(ada, memory).visibility == Visibility.WORKSPACE


def test_the_log_keeps_no_content(studio: Client, ada: Member) -> None:
    memory = make_memory(ada, "An unforgettable text.")
    change(studio, memory, content="A better text.")
    entry = LogEntry.objects.get()
    assert entry.object_repr == f"memory {memory.pk}"
    assert "text" not in entry.change_message.lower()
