"""In Studio: a policy is set and recorded, forgotten memories come back, contradictions are judged."""

from __future__ import annotations

from django.test import Client

from processing.memories.forgotten import forgotten_shown
from processing.models import Contradiction, ForgettingAct, ForgettingPolicy, ForgottenMemory, Memory
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in
from tests.studio.rows import make_forgotten, make_rows


def test_a_policy_is_set_as_by_the_api(studio: Client, ada: Member) -> None:
    sent = {"forget_after_days": "90", "erase_after_days": "30", "_save": "Save"}
    assert studio.post(address(ForgettingPolicy, "add"), sent).status_code == 302
    with ada.scope():
        policy = ForgettingPolicy.objects.get()
    assert (policy.forget_after_days, policy.erase_after_days, policy.changed_by_id) == (90, 30, ada.user.id)
    assert policy.erase_since is not None
    assert studio.get(address(ForgettingPolicy, "add")).status_code == 403
    cleared = {"forget_after_days": "60", "erase_after_days": "", "_save": "Save"}
    assert studio.post(address(ForgettingPolicy, "change", policy.pk), cleared).status_code == 302
    with ada.scope():
        policy = ForgettingPolicy.objects.get()
    assert (policy.forget_after_days, policy.erase_after_days, policy.erase_since) == (60, None, None)


def test_forgotten_memories_are_shown_on_a_page_of_their_own_and_restored(studio: Client, ada: Member) -> None:
    row = make_rows(ada)[ForgottenMemory]
    assert "Old news." not in studio.get(address(Memory, "changelist")).content.decode()
    assert "Old news." in studio.get(address(ForgottenMemory, "changelist")).content.decode()
    chosen = {"action": "restore_selected", "_selected_action": [str(row.pk)]}
    assert studio.post(address(ForgottenMemory, "changelist"), chosen).status_code == 302
    with ada.scope():
        assert Memory.objects.get(pk=row.pk).forgotten_at is None
        assert ForgettingAct.objects.filter(kind="restored", person=ada.user).count() == 1


def test_somebody_elses_private_memory_is_not_shown(studio: Client, ben: Member) -> None:
    make_forgotten(ben, "Ben's secret.", visibility="private")
    assert "secret" not in studio.get(address(ForgottenMemory, "changelist")).content.decode()


def test_who_may_only_look_restores_nothing(ada: Member, ben: Member) -> None:
    row = make_rows(ada)[ForgottenMemory]
    permit(ben.user, "processing.view_forgottenmemory")
    chosen = {"action": "restore_selected", "_selected_action": [str(row.pk)]}
    sign_in(ben.user).post(address(ForgottenMemory, "changelist"), chosen)
    with ada.scope(), forgotten_shown():
        assert Memory.objects.get(pk=row.pk).forgotten_at is not None


def test_contradictions_are_confirmed_and_dismissed(studio: Client, ada: Member) -> None:
    row = make_rows(ada)[Contradiction]
    for action, state in (("confirm_selected", "confirmed"), ("dismiss_selected", "dismissed")):
        chosen = {"action": action, "_selected_action": [str(row.pk)]}
        assert studio.post(address(Contradiction, "changelist"), chosen).status_code == 302
        with ada.scope():
            judged = Contradiction.objects.get()
        assert (judged.state, judged.decided_by_id) == (state, ada.user.id)
    sent = {"state": "suggested", "_save": "Save"}
    assert studio.post(address(Contradiction, "change", row.pk), sent).status_code == 302
    with ada.scope():
        assert Contradiction.objects.get().decided_by_id is None
