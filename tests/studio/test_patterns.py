"""Judging patterns in Studio: who may change them confirms or dismisses, and nothing else of them."""

from __future__ import annotations

from django.test import Client

from processing.models import Pattern
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in
from tests.studio.rows import make_rows


def state_of(member: Member) -> str:
    with member.scope():
        return Pattern.objects.get().state


def test_selected_patterns_are_confirmed_and_dismissed(studio: Client, ada: Member) -> None:
    pattern = make_rows(ada)[Pattern]
    for action, state in (("confirm_selected", "confirmed"), ("dismiss_selected", "dismissed")):
        chosen = {"action": action, "_selected_action": [str(pattern.pk)]}
        assert studio.post(address(Pattern, "changelist"), chosen).status_code == 302
        assert state_of(ada) == state


def test_only_the_state_can_be_edited(studio: Client, ada: Member) -> None:
    pattern = make_rows(ada)[Pattern]
    sent = {"state": "confirmed", "title": "Mine", "confidence": "1", "_save": "Save"}
    assert studio.post(address(Pattern, "change", pattern.pk), sent).status_code == 302
    with ada.scope():
        kept = Pattern.objects.get()
    assert (kept.state, kept.title, kept.confidence) == ("confirmed", pattern.title, pattern.confidence)


def test_who_may_only_look_judges_nothing(ada: Member, ben: Member) -> None:
    pattern = make_rows(ada)[Pattern]
    permit(ben.user, "processing.view_pattern")
    browser = sign_in(ben.user)
    assert browser.post(address(Pattern, "change", pattern.pk), {"state": "dismissed"}).status_code == 403
    browser.post(
        address(Pattern, "changelist"), {"action": "dismiss_selected", "_selected_action": [str(pattern.pk)]}
    )
    assert state_of(ada) == "new"
