"""Dead rows of all stages: listed with their reasons, replayed and discarded once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from graph.models import GraphQueue
from ingest.models import CodeQueue, MemoryQueue
from processing.models import CodeFile, CodeObject, EmbedQueue, LinkQueue, Memory
from supastate.queueing.models import Attempt, QueueAction, Status
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Visibility
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in
from tests.studio.rows import make_rows


@pytest.fixture
def page(db: None) -> str:
    return reverse("admin:dead_letters")


def bury(member: Member, **values: Any) -> EmbedQueue:
    """Make a dead row of stage `embed`."""
    with member.scope():
        return EmbedQueue.objects.create(
            workspace=member.workspace, subject_kind="memory", subject_id=new_id(), status=Status.DEAD, attempts=5,
            **{"error_code": "refused", "error_detail": "The provider refused the text.", **values},
        )  # fmt: skip


def status_of(member: Member, row: Any) -> tuple[str, int]:
    with member.scope():
        after = type(row).objects.get(pk=row.pk)
    return after.status, after.attempts


def count_actions(member: Member) -> int:
    with member.scope():
        return QueueAction.objects.count()


def test_all_stages_are_listed_with_reason_and_attempts(studio: Client, ada: Member, page: str) -> None:
    rows = make_rows(ada)
    bury(ada)
    with ada.scope():
        CodeQueue.objects.update(status=Status.DEAD, error_code="too_large", error_detail="Over 2 MB.")
    listed = studio.get(page).content.decode()
    for part in ("refused", "The provider refused the text.", "too_large", "Over 2 MB.", "Embed", "Store code"):
        assert part in listed
    assert address(CodeQueue, "change", rows[CodeQueue].pk) in listed


def test_replay_works_once_and_is_recorded(studio: Client, ada: Member, page: str) -> None:
    row = bury(ada)
    form = {"action": "replay", "row": f"embed:{row.pk}"}
    assert "1 row replayed." in studio.post(page, form, follow=True).content.decode()
    assert status_of(ada, row) == (Status.PENDING, 0)
    again = studio.post(page, form, follow=True).content.decode()
    assert "0 rows replayed. 1 left alone" in again
    assert count_actions(ada) == 1
    with ada.scope():
        action = QueueAction.objects.get()
    assert (action.actor, action.stage, action.row_id, action.error_code) == (ada.user, "embed", row.pk, "refused")


def test_discarded_rows_leave_the_list_and_stay_dead(studio: Client, ada: Member, page: str) -> None:
    row = bury(ada)
    studio.post(page, {"action": "discard", "row": f"embed:{row.pk}"})
    assert str(row.pk) not in studio.get(page).content.decode()
    assert status_of(ada, row) == (Status.DEAD, 5)
    studio.post(page, {"action": "replay", "row": f"embed:{row.pk}"})
    assert status_of(ada, row) == (Status.DEAD, 5)


def test_everything_that_matches_the_filter_is_replayed(studio: Client, ada: Member, page: str) -> None:
    matching, other = [bury(ada, error_code="timeout") for _ in range(3)], bury(ada)
    answer = studio.post(f"{page}?error=timeout", {"action": "replay", "all": "1"}, follow=True)
    assert "3 rows replayed." in answer.content.decode()
    assert [status_of(ada, row)[0] for row in matching] == [Status.PENDING] * 3
    assert status_of(ada, other)[0] == Status.DEAD


def test_the_filters_narrow_the_list(studio: Client, ada: Member, page: str) -> None:
    row = bury(ada)
    assert str(row.pk) in studio.get(page, {"stage": "embed", "error": "refused"}).content.decode()
    assert str(row.pk) not in studio.get(page, {"stage": "store_code"}).content.decode()
    assert str(row.pk) not in studio.get(page, {"error": "other"}).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"action": "explode"},
        {"action": "replay", "row": "embed:nonsense"},
        {"action": "replay", "row": "nowhere:x"},
        {"action": "discard"},
    ],
)
def test_malformed_actions_change_nothing(studio: Client, ada: Member, page: str, form: dict[str, str]) -> None:
    row = bury(ada)
    assert studio.post(page, form).status_code == 302
    assert status_of(ada, row) == (Status.DEAD, 5)


def test_another_workspaces_rows_are_neither_shown_nor_replayed(studio: Client, cleo: Member, page: str) -> None:
    foreign = bury(cleo)
    assert str(foreign.pk) not in studio.get(page).content.decode()
    studio.post(page, {"action": "replay", "row": f"embed:{foreign.pk}"})
    assert status_of(cleo, foreign) == (Status.DEAD, 5)


def test_a_private_row_is_left_to_its_author(studio: Client, ben: Member, page: str) -> None:
    with ben.scope():
        row = MemoryQueue.objects.create(
            workspace=ben.workspace, author=ben.user, key="k", body_hash="b", format="chunk", payload={},
            status=Status.DEAD, visibility=Visibility.PRIVATE,
        )  # fmt: skip
    assert str(row.pk) not in studio.get(page).content.decode()
    studio.post(page, {"action": "replay", "row": f"store_memory:{row.pk}"})
    assert status_of(ben, row)[0] == Status.DEAD


def test_looking_and_acting_are_separate_permissions(ada: Member, ben: Member, page: str) -> None:
    row = bury(ada)
    client = sign_in(ben.user)
    assert client.get(page).status_code == 403
    permit(ben.user, "processing.view_embedqueue")
    assert str(row.pk) in sign_in(ben.user).get(page).content.decode()
    form = {"action": "replay", "row": f"embed:{row.pk}"}
    assert sign_in(ben.user).post(page, form).status_code == 403
    permit(ben.user, "queueing.add_queueaction")
    assert sign_in(ben.user).post(page, form).status_code == 302
    assert status_of(ada, row)[0] == Status.PENDING


@pytest.mark.parametrize(("action", "word"), [("replay_selected", "replayed"), ("discard_selected", "discarded")])
def test_a_stages_list_has_the_same_actions(studio: Client, ada: Member, action: str, word: str) -> None:
    row: Model = bury(ada)
    form = {"action": action, "_selected_action": [str(row.pk)]}
    lists = address(EmbedQueue, "changelist")
    assert f"1 row {word}." in studio.post(lists, form, follow=True).content.decode()
    assert f"0 rows {word}. 1 left alone" in studio.post(lists, form, follow=True).content.decode()
    assert count_actions(ada) == 1


def test_a_rows_page_tells_how_each_attempt_failed(studio: Client, ada: Member) -> None:
    row = bury(ada)
    with ada.scope():
        for number, code in ((1, "timeout"), (2, "refused")):
            Attempt.objects.create(
                workspace=ada.workspace, stage="embed", row_id=row.pk, number=number, error_code=code,
                error_detail="<b>Why</b>",
            )  # fmt: skip
    _, _, shown = (
        studio.get(address(EmbedQueue, "change", row.pk)).content.decode().partition("<h2>Failed attempts</h2>")
    )
    assert shown.index("<strong>timeout</strong>") < shown.index("<strong>refused</strong>")
    assert "&lt;b&gt;Why&lt;/b&gt;" in shown


def test_a_dead_rows_page_replays_and_discards_it(studio: Client, ada: Member, page: str) -> None:
    row = bury(ada)
    link = address(EmbedQueue, "change", row.pk)
    shown = studio.get(link).content.decode()
    assert f'<input type="hidden" name="row" value="embed:{row.pk}">' in shown
    assert f'action="{page}"' in shown
    studio.post(page, {"row": f"embed:{row.pk}", "action": "replay"})
    assert 'name="row"' not in studio.get(link).content.decode()


def test_a_rows_page_leads_to_what_it_is_about(studio: Client, ada: Member, ben: Member) -> None:
    rows = make_rows(ada)
    with ada.scope():
        about = {
            rows[EmbedQueue]: rows[Memory],
            EmbedQueue.objects.create(
                workspace=ada.workspace, subject_kind="code", subject_id=rows[CodeObject].pk
            ): rows[CodeObject],
            LinkQueue.objects.create(workspace=ada.workspace, memory_id=rows[Memory].pk): rows[Memory],
            rows[CodeQueue]: rows[CodeFile],
            rows[GraphQueue]: rows[CodeFile],
        }
        EmbedQueue.objects.filter(pk=rows[EmbedQueue].pk).update(subject_id=rows[Memory].pk)
    for row, subject in about.items():
        shown = studio.get(address(type(row), "change", row.pk)).content.decode()
        assert address(type(subject), "change", subject.pk) in shown, row
    permit(ben.user, "processing.view_linkqueue")
    link = address(LinkQueue, "change", list(about)[2].pk)
    assert address(Memory, "change", rows[Memory].pk) not in sign_in(ben.user).get(link).content.decode()


def test_source_text_that_was_sent_is_for_superusers(studio: Client, ada: Member, ben: Member) -> None:
    link = address(CodeQueue, "change", make_rows(ada)[CodeQueue].pk)
    with ada.scope():
        CodeQueue.objects.update(content_hash="a")
    permit(ben.user, "ingest.view_codequeue")
    assert "return queue.due[:64]" in studio.get(link).content.decode()
    assert "return queue.due[:64]" not in sign_in(ben.user).get(link).content.decode()


def test_a_day_narrows_the_list_and_what_is_done_to_it(studio: Client, ada: Member, page: str) -> None:
    old = bury(ada, processed_at=datetime(2026, 1, 31, 23, 59, tzinfo=UTC))
    new = bury(ada, processed_at=datetime(2026, 2, 1, tzinfo=UTC))
    listed = studio.get(page, {"before": "2026-02-01"}).content.decode()
    assert (str(old.pk) in listed, str(new.pk) in listed) == (True, False)
    studio.post(f"{page}?before=2026-02-01", {"action": "discard", "all": "1"})
    with ada.scope():
        assert list(EmbedQueue.objects.filter(discarded_at__isnull=False)) == [old]


@pytest.mark.parametrize("query", ["before=yesterday", "stage=nowhere", "before=2026-13-01&stage=embed"])
def test_a_filter_that_says_nothing_matches_nothing(studio: Client, ada: Member, page: str, query: str) -> None:
    row = bury(ada, processed_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert str(row.pk) not in studio.get(f"{page}?{query}").content.decode()
    studio.post(f"{page}?{query}", {"action": "discard", "all": "1"})
    with ada.scope():
        assert EmbedQueue.objects.get(pk=row.pk).discarded_at is None
