"""Who may use the intake: live keys of the right scope, each for its own workspace only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from ingest.models import Batch
from supastate.workspaces.keys import revoke_key
from supastate.workspaces.models import ApiKey, Scope
from tests.conftest import Member, make_member
from tests.ingest.sending import (
    CODE,
    MEMORY,
    SHOP,
    TRANSCRIPT,
    make_chunk,
    make_line,
    pack_lines,
    post_json,
    send_chunks,
)

SOME_ID = uuid4()
POSTS = (MEMORY, CODE, f"{TRANSCRIPT}?format=claude-code")
READS = ("/api/ingest/status", f"/api/ingest/batches/{SOME_ID}", "/api/ingest/dead-letters")
ADMIN = (
    ("GET", f"/api/ingest/dead-letters/{SOME_ID}"),
    ("POST", f"/api/ingest/dead-letters/{SOME_ID}/replay"),
    ("POST", f"/api/ingest/dead-letters/{SOME_ID}/discard"),
    ("POST", "/api/ingest/dead-letters/replay"),
    ("POST", "/api/ingest/dead-letters/discard"),
)
EVERYTHING = [*(("POST", address) for address in POSTS), *(("GET", address) for address in READS), *ADMIN]


def call(member: Member, method: str, address: str) -> Any:
    return member.api.generic(method, address, data=b"{}", content_type="application/json")  # type: ignore[arg-type]


@pytest.mark.parametrize(("method", "address"), EVERYTHING)
@pytest.mark.parametrize("fault", ["none", "truncated", "other secret", "garbage", "expired", "revoked", "basic"])
def test_a_key_that_is_not_live_is_refused(ada: Member, method: str, address: str, fault: str) -> None:
    key = ApiKey.objects.get(author=ada.user)
    code = "unauthenticated"
    text = {
        "none": "",
        "truncated": f"Bearer {ada.key[:-1]}",
        "other secret": f"Bearer {ada.key[:-4]}0000",
        "garbage": "Bearer \u00ff_\u00ff",
        "basic": f"Basic {ada.key}",
    }.get(fault, f"Bearer {ada.key}")
    if fault == "expired":
        ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        code = "key_expired"
    if fault == "revoked":
        revoke_key(key)
        code = "key_revoked"
    client = ada.api
    client.credentials(**({"HTTP_AUTHORIZATION": text} if text else {}))
    response = client.generic(method, address, data=b"{}", content_type="application/json")  # type: ignore[arg-type]
    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("scope", list(Scope.values))
@pytest.mark.parametrize(("method", "address"), EVERYTHING)
def test_each_endpoint_asks_for_its_scope(db: None, scope: str, method: str, address: str) -> None:
    member = make_member("north", "dora", scopes=(scope,))
    needed = Scope.ADMIN if (method, address) in ADMIN else Scope.INGEST
    response = call(member, method, address)
    if scope in {needed, Scope.ADMIN}:
        assert response.status_code in {200, 202, 400, 404}
    else:
        assert (response.status_code, response.json()["requiredScope"]) == (403, needed)


@pytest.mark.parametrize(("method", "address"), EVERYTHING)
@pytest.mark.parametrize("named", ["south", "nowhere", "00000000-0000-0000-0000-000000000000"])
def test_another_workspace_in_the_query_is_not_found(
    ada: Member, cleo: Member, method: str, address: str, named: str
) -> None:
    response = call(ada, method, f"{address}{'&' if '?' in address else '?'}workspace={named}")
    assert (response.status_code, response.json()["code"]) == (404, "workspace_not_found")


@pytest.mark.parametrize("named", ["south", "nowhere", 5, ["north"], {"a": 1}])
def test_another_workspace_in_the_body_is_not_found(ada: Member, cleo: Member, named: Any) -> None:
    bodies: dict[str, dict[str, Any]] = {
        MEMORY: {"sessionId": "s1", "chunks": [make_chunk()]},
        CODE: {"project": SHOP, "files": []},
    }
    for address, body in bodies.items():
        response = post_json(ada, address, {**body, "workspace": named})
        assert (response.status_code, response.json()["code"]) == (404, "workspace_not_found")
    for member in (ada, cleo):
        with member.scope():
            assert Batch.objects.count() == 0


def test_another_workspaces_batch_is_not_found(ada: Member, cleo: Member) -> None:
    address = send_chunks(ada, make_chunk())["statusUrl"]
    assert ada.api.get(address).status_code == 200
    assert cleo.api.get(address).status_code == 404
    assert ada.api.get("/api/ingest/batches/not-an-id").status_code == 404


def test_every_answer_has_its_request_id(ada: Member) -> None:
    body = pack_lines(make_line("u1"))
    response = ada.api.post(
        f"{TRANSCRIPT}?format=claude-code", data=body, content_type="text/plain", HTTP_X_REQUEST_ID="mine-1"
    )
    assert response["X-Request-Id"] == "mine-1"
    assert len(ada.api.get("/api/ingest/status")["X-Request-Id"]) == 36
