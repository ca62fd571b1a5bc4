"""Files that three sessions edited together; sweeps and refused edits say nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import Member
from tests.processing.patterns.conversations import NOON, Conversation, detect, patterns_of

pytestmark = pytest.mark.usefixtures("redis_url")


def edit_all(member: Member, key: str, paths: list[str], *, day: int = 0, refused: str = "") -> Conversation:
    talk = Conversation(member, key, begins=NOON + timedelta(days=day))
    for path in paths:
        talk.edits(path, path != refused)
    return talk.store()


def test_three_sessions_of_anybody_make_a_pair(ada: Member, ben: Member) -> None:
    edit_all(ada, "s1", ["crm/models.py", "crm/forms.py", "crm/export.py"])
    edit_all(ben, "s2", ["crm/forms.py", "crm/models.py"], day=1)
    detect(ada)
    assert patterns_of(ada, "changed_together") == []
    edit_all(ada, "s3", ["crm/models.py", "crm/forms.py"], day=2)
    detect(ada)
    [pattern] = patterns_of(ada, "changed_together")
    assert pattern.title == "crm/forms.py and crm/models.py change together: in 3 sessions"
    assert (pattern.frequency, pattern.scope) == (3, "team")
    edit_all(ada, "s4", ["crm/forms.py"], day=3)
    detect(ada)
    shown = ada.api.get(f"/api/patterns/{pattern.pk}").json()
    assert shown["editSessions"] == {"crm/forms.py": 4, "crm/models.py": 3}


def test_a_session_that_becomes_a_sweep_takes_its_pairs_back(ada: Member) -> None:
    for number in range(3):
        talk = edit_all(ada, f"s{number}", ["a.py", "b.py"], day=number)
    detect(ada)
    assert len(patterns_of(ada, "changed_together")) == 1
    for number in range(11):
        talk.edits(f"more/{number}.py")
    talk.store()
    detect(ada)
    assert patterns_of(ada, "changed_together") == []


def test_a_refused_edit_changes_nothing(ada: Member) -> None:
    for number in range(3):
        edit_all(ada, f"s{number}", ["a.py", "b.py"], day=number, refused="b.py")
    detect(ada)
    assert patterns_of(ada, "changed_together") == []
