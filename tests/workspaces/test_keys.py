"""API keys: shown once, kept as a hash, refused by a code that says why."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from supastate.errors import ConflictError, InvalidInputError
from supastate.workspaces.keys import create_key, find_key, revoke_key, rotate_key
from supastate.workspaces.models import ApiKey
from tests.conftest import Member, make_member

SEARCH = "/api/search/memories?q=x"


def ask(key: str, scheme: str = "Bearer") -> Any:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {key}")
    return client.get(SEARCH)


def test_only_the_hash_of_the_secret_is_kept(ada: Member) -> None:
    secret = ada.key.split("_")[3]
    key = ApiKey.objects.get()
    assert bytes(key.secret_sha256) == hashlib.sha256(secret.encode()).digest()
    assert len(bytes.fromhex(secret)) == 32
    assert secret not in str(vars(key))


def test_a_key_is_found_by_its_text(ada: Member) -> None:
    key = find_key(ada.key)
    assert (key.workspace, key.author) == (ada.workspace, ada.user)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key[:20],
        lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
        lambda key: "sup_live__" + key.split("_")[3],
        lambda _key: "sup_live_aaaaaaaaaa_" + "0" * 64,
        lambda _key: "nonsense",
        lambda _key: "",
    ],
)
def test_a_truncated_or_unknown_key_is_refused(ada: Member, spoil: Any) -> None:
    answer = ask(spoil(ada.key))
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_revoked_an_expired_and_an_inactive_key_are_refused_each_by_its_code(ada: Member) -> None:
    key = ApiKey.objects.get()
    revoke_key(key)
    assert ask(ada.key).json()["code"] == "key_revoked"
    ApiKey.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(ada.key).json()["code"] == "key_expired"
    ApiKey.objects.update(expires_at=None)
    ada.user.is_active = False
    ada.user.save()
    assert ask(ada.key).json()["code"] == "key_revoked"


def test_rotation_keeps_the_old_key_for_a_while_and_allows_two(ada: Member) -> None:
    successor = rotate_key(ApiKey.objects.get())
    assert find_key(ada.key).name == find_key(successor.text).name
    with pytest.raises(ConflictError):
        rotate_key(successor.key)
    old = ApiKey.objects.get(pk=find_key(ada.key).pk)
    assert old.expires_at is not None
    assert timedelta(days=6) < old.expires_at - timezone.now() < timedelta(days=8)


def test_scopes_must_be_known(ada: Member) -> None:
    for scopes in (["everything"], []):
        with pytest.raises(InvalidInputError):
            create_key(workspace=ada.workspace, author=ada.user, name="new", scopes=scopes)


def test_use_is_noted_at_most_once_a_minute(ada: Member) -> None:
    ada.api.get(SEARCH)
    first = ApiKey.objects.get().last_used_at
    ada.api.get(SEARCH)
    assert first is not None
    assert ApiKey.objects.get().last_used_at == first


@pytest.mark.parametrize(
    ("scopes", "expected"), [(["search"], 400), (["admin"], 400), (["ingest"], 403), (["graph"], 403)]
)
def test_a_key_does_what_its_scopes_say(db: None, scopes: list[str], expected: int) -> None:
    member = make_member("west", "dora", scopes=scopes)
    answer = member.api.get("/api/search/memories")
    assert answer.status_code == expected
    if expected == 403:
        assert answer.json()["requiredScope"] == "search"


def test_a_workspace_in_the_query_must_be_the_keys(ada: Member, cleo: Member) -> None:
    for named in (ada.workspace.slug, str(ada.workspace.id)):
        assert ada.api.get(f"{SEARCH}&workspace={named}").status_code == 200
    for named in (cleo.workspace.slug, str(cleo.workspace.id), "nowhere"):
        answer = ada.api.get(f"{SEARCH}&workspace={named}")
        assert (answer.status_code, answer.json()["code"]) == (404, "workspace_not_found")
