"""API keys in Studio: a secret is shown in one answer, a hash in none."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from supastate.errors import UnauthenticatedError
from supastate.workspaces.keys import find_key
from supastate.workspaces.models import ApiKey
from tests.conftest import Member
from tests.studio.conftest import address, permit, sign_in

KEYS = address(ApiKey, "changelist")
FULL_KEY = re.compile(r"sup_live_[a-z0-9]+_[0-9a-f]{64}")


def add_key(client: Client, name: str = "laptop") -> str:
    answer = client.post(address(ApiKey, "add"), {"name": name, "scopes": ["ingest", "search"]})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = FULL_KEY.findall(answer.content.decode())
    assert len(found) == 1
    return str(found[0])


def run_action(client: Client, action: str, *keys: ApiKey) -> str:
    chosen = {"action": action, "_selected_action": [str(key.pk) for key in keys]}
    return client.post(KEYS, chosen, follow=True).content.decode()


def test_a_new_keys_secret_is_shown_once(studio: Client, ada: Member) -> None:
    text = add_key(studio)
    key = find_key(text)
    assert (key.workspace, key.author, key.scopes) == (ada.workspace, ada.user, ["ingest", "search"])
    secret = text.rpartition("_")[2]
    for page in (KEYS, address(ApiKey, "change", key.pk), "/studio/"):
        assert secret not in studio.get(page).content.decode()


def test_the_hash_is_in_no_page(studio: Client, ada: Member) -> None:
    key = ApiKey.objects.get(author=ada.user)
    digest = bytes(key.secret_sha256).hex()
    pages = [KEYS, address(ApiKey, "change", key.pk), address(ApiKey, "history", key.pk)]
    for page in pages:
        answer = studio.get(page)
        assert answer.status_code == 200
        assert digest not in answer.content.decode()
        assert "secret_sha256" not in answer.content.decode()


def test_a_third_live_key_of_a_name_is_refused_in_words(studio: Client) -> None:
    add_key(studio)
    add_key(studio)
    answer = studio.post(address(ApiKey, "add"), {"name": "laptop", "scopes": ["ingest"]}, follow=True)
    assert "revoke one first" in answer.content.decode()
    assert ApiKey.objects.filter(name="laptop").count() == 2


def test_an_unknown_scope_is_refused(studio: Client) -> None:
    answer = studio.post(address(ApiKey, "add"), {"name": "laptop", "scopes": ["everything"]})
    assert answer.status_code == 200
    assert not ApiKey.objects.filter(name="laptop").exists()


def test_revoking_ends_a_key(studio: Client) -> None:
    text = add_key(studio)
    assert "1 key revoked." in run_action(studio, "revoke_selected", find_key(text))
    with pytest.raises(UnauthenticatedError, match="revoked"):
        find_key(text)


def test_rotating_shows_a_successor_and_lets_the_old_key_live_on(studio: Client) -> None:
    old_text = add_key(studio)
    old = find_key(old_text)
    page = run_action(studio, "rotate_selected", old)
    new_text = FULL_KEY.findall(page)[0]
    assert new_text != old_text
    assert find_key(new_text).name == old.name
    expires_at = find_key(old_text).expires_at
    assert expires_at is not None
    assert expires_at > timezone.now()


def test_only_the_author_or_a_superuser_rotates_a_key(ada: Member, ben: Member) -> None:
    permit(ben.user, "workspaces.view_apikey", "workspaces.change_apikey")
    adas = ApiKey.objects.get(author=ada.user)
    page = run_action(sign_in(ben.user), "rotate_selected", adas)
    assert "another person" in page
    assert FULL_KEY.findall(page) == []
    assert ApiKey.objects.filter(author=ada.user).count() == 1


def test_viewing_keys_is_not_ending_them(ada: Member, ben: Member) -> None:
    permit(ben.user, "workspaces.view_apikey")
    adas = ApiKey.objects.get(author=ada.user)
    run_action(sign_in(ben.user), "revoke_selected", adas)
    adas.refresh_from_db()
    assert adas.revoked_at is None


def test_keys_of_another_workspace_cannot_be_revoked(studio: Client, cleo: Member) -> None:
    foreign = ApiKey.objects.get(author=cleo.user)
    run_action(studio, "revoke_selected", foreign)
    foreign.refresh_from_db()
    assert foreign.revoked_at is None
