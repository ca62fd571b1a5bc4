"""Nothing private is in a summary that others read, and no summary keeps the words of a memory that has gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from processing.models import CodeFile, CodeObject, Embedding, Memory, MemoryLink, Summary
from processing.summaries.drafting import draft_summary
from processing.summaries.drafts import Text
from processing.summaries.saving import save_summary
from processing.summaries.subjects import NOBODY, find_subject, list_audiences
from supastate.errors import TransientError
from supastate.workspaces.models import Visibility
from tests import pipeline
from tests.conftest import Member
from tests.processing.patterns.conversations import Conversation, make_project
from tests.processing.summaries.cast import (
    REQUEST,
    get,
    hold_session,
    only_summary,
    rows_of,
    say,
    summaries_of,
    summarise,
)

pytestmark = pytest.mark.usefixtures("embedding_model_dir")
SECRET = "The swordfish opens the staging vault."


def hold_mixed_session(member: Member) -> Conversation:
    """A session that all may see, one turn of which its author keeps."""
    talk = hold_session(member)
    secret = talk.answers(SECRET)
    secret.visibility = Visibility.PRIVATE
    talk.store()
    return talk


def test_of_a_session_with_private_turns_others_read_a_summary_without_them(ada: Member, ben: Member) -> None:
    talk = hold_mixed_session(ada)
    summarise(ada, "session", talk.session)
    own, shared = summaries_of(ada)
    assert (own.visibility, shared.visibility) == ("private", "workspace")
    assert "swordfish" in own.content
    assert "swordfish" not in shared.content
    address = f"sessions/{talk.session.pk}/summary"
    assert get(ada, address)["content"] == own.content
    assert get(ben, address)["content"] == shared.content
    assert [item["content"] for item in get(ada, "summaries")["results"]] == [own.content]
    assert [item["content"] for item in get(ben, "summaries")["results"]] == [shared.content]


def test_row_security_hides_a_private_summary_from_others(ada: Member, ben: Member, cleo: Member) -> None:
    talk = hold_session(ada, visibility=Visibility.PRIVATE)
    summarise(ada, "session", talk.session)
    assert only_summary(ada, reader=ada.user.id).visibility == "private"
    assert summaries_of(ada, reader=ben.user.id) == []
    assert summaries_of(ada, reader=NOBODY) == []
    assert summaries_of(cleo) == []
    get(ben, f"sessions/{talk.session.pk}/summary", 404)
    get(cleo, f"sessions/{talk.session.pk}/summary", 404)


def test_a_session_without_private_turns_any_more_has_one_summary(ada: Member) -> None:
    talk = hold_mixed_session(ada)
    summarise(ada, "session", talk.session)
    with ada.scope():
        Memory.objects.filter(content=SECRET).update(visibility=Visibility.WORKSPACE)
    summarise(ada, "session", talk.session)
    summary = only_summary(ada)
    assert summary.visibility == "workspace"
    assert "swordfish" in summary.content


def test_what_is_said_privately_about_shared_code_stays_out_of_its_summary(ada: Member) -> None:
    pipeline.queue_code(ada, {"shop.py": "def total(cart):\n    return sum(cart)\n"})
    pipeline.store(ada)
    said = say(ada, SECRET, visibility=Visibility.PRIVATE), say(ada, "The total ignores taxes.")
    with ada.scope():
        code = CodeObject.objects.get(name="total")
        for memory in said:
            MemoryLink.objects.create(
                workspace=ada.workspace,
                memory=memory,
                code_object=code,
                edge="mentions",
                how="identifier",
                confidence=0.9,
            )
    summarise(ada, "entity", code.uid)
    summarise(ada, "file", _file_uid(ada))
    for summary in summaries_of(ada):
        assert "taxes" in summary.content
        assert "swordfish" not in summary.content
        assert "1 memory" in summary.content


def _file_uid(member: Member) -> str:
    with member.scope():
        return CodeObject.objects.get(kind="file").uid


def test_a_projects_summary_quotes_shared_summaries_alone(ada: Member) -> None:
    project = make_project(ada)
    open_talk = hold_session(ada, "s1", project=project)
    kept = Conversation(ada, "s2", project=project, visibility=Visibility.PRIVATE)
    kept.asks(SECRET)
    kept.store()
    for talk in (open_talk, kept):
        summarise(ada, "session", talk.session)
    summarise(ada, "project", project)
    [found] = [summary for summary in summaries_of(ada) if summary.kind == "project"]
    assert found.visibility == "workspace"
    assert REQUEST in found.content
    assert "swordfish" not in found.content
    assert "0 definitions, 1 session\n" in found.content


def delete_by_api(member: Member, memory: Memory) -> None:
    assert member.api.delete(f"/api/memories/{memory.pk}").status_code == 204


def rewrite_by_api(member: Member, memory: Memory) -> None:
    answer = member.api.patch(f"/api/memories/{memory.pk}", {"content": "Nothing."}, format="json")
    assert answer.status_code == 200


def hide_by_api(member: Member, memory: Memory) -> None:
    answer = member.api.patch(f"/api/memories/{memory.pk}", {"visibility": "private"}, format="json")
    assert answer.status_code == 200


def forget_by_api(member: Member, memory: Memory) -> None:
    assert member.api.post(f"/api/memories/{memory.pk}/forget").status_code == 200


def delete_by_sql(member: Member, memory: Memory) -> None:
    with member.scope(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM processing_memory WHERE id = %s", [memory.pk])


@pytest.mark.parametrize("change", [delete_by_api, rewrite_by_api, hide_by_api, forget_by_api, delete_by_sql])
def test_words_that_go_leave_every_summary_at_once(
    ada: Member, ben: Member, change: Callable[[Member, Memory], None]
) -> None:
    project = make_project(ada)
    talk = Conversation(ada, "s1", project=project)
    said = talk.asks(SECRET)
    talk.store()
    summarise(ada, "session", talk.session)
    summarise(ada, "project", project)
    assert [summary.kind for summary in summaries_of(ada) if "swordfish" in summary.content] == [
        "project",
        "session",
    ]
    change(ada, said)
    with ada.scope():
        assert not Summary.objects.filter(content__contains="swordfish").exists()
    found = ben.api.get("/api/search", {"q": "swordfish", "kinds": "summary"}).json()
    assert found["results"] == []


def test_a_change_also_reaches_the_own_summaries_of_others(ada: Member, ben: Member) -> None:
    """Ben's private code is summarised for Ben alone, with what Ada said for all to read."""
    project = make_project(ben, visibility=Visibility.PRIVATE)
    said = say(ada, SECRET)
    with ben.scope():
        code = _make_code(ben, project)
        MemoryLink.objects.create(
            workspace=ben.workspace, memory=said, code_object=code, edge="mentions", how="identifier", confidence=1
        )
    summarise(ben, "entity", code.uid)
    assert "swordfish" in only_summary(ben).content
    rewrite_by_api(ada, said)
    assert summaries_of(ben) == []


def _make_code(member: Member, project: Any) -> CodeObject:
    written = {"workspace": member.workspace, "author": member.user, "visibility": "private", "project": project}
    file = CodeFile.objects.create(path="a.py", revision=1, blob_hash="a", lines=2, language="python", **written)
    return CodeObject.objects.create(
        file=file, uid="a" * 32, kind="function", name="total", qualified_name="a.total", start_line=1, end_line=2,
        content="def total(): ...", **written,
    )  # fmt: skip


def test_the_vectors_of_a_text_go_with_it(ada: Member) -> None:
    talk = Conversation(ada, "s1")
    said = talk.asks(SECRET)
    talk.store()
    summarise(ada, "session", talk.session)
    pipeline.embed(ada)
    with ada.scope():
        assert Embedding.objects.filter(subject_kind="summary").count() == 1
    delete_by_api(ada, said)
    with ada.scope():
        assert not Embedding.objects.filter(subject_kind="summary").exists()


@pytest.mark.parametrize("change", [delete_by_sql, rewrite_by_api, hide_by_api])
def test_a_summary_is_not_kept_if_what_it_quotes_has_changed_since_it_was_read(
    ada: Member, change: Callable[[Member, Memory], None]
) -> None:
    talk = Conversation(ada, "s1")
    said = talk.asks(SECRET)
    talk.store()
    with ada.scope():
        subject = find_subject("session", str(talk.session.pk))
        [audience] = list_audiences(subject)
    with audience.scope(ada.workspace.id):
        draft = draft_summary(subject, model="m")
    change(ada, said)
    with pytest.raises(TransientError) as caught, ada.scope():
        save_summary(subject, audience, draft, Text(draft.lines), version="v")
    assert (caught.value.error_code, caught.value.counts_as_attempt) == ("sources_changed", False)
    assert summaries_of(ada) == []


def test_another_workspace_sees_and_refreshes_nothing(ada: Member, cleo: Member) -> None:
    project = make_project(ada)
    talk = hold_session(ada, project=project)
    summarise(ada, "session", talk.session)
    assert get(cleo, "summaries")["results"] == []
    get(cleo, f"projects/{project.pk}/summary", 404)
    for kind, key in (("session", talk.session.pk), ("project", project.pk)):
        body = {"kind": kind, "id": str(key)}
        assert cleo.api.post("/api/summaries/refresh", body, format="json").status_code == 404
    assert rows_of(cleo) == []
