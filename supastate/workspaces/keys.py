"""API keys: `sup_<environment>_<prefix>_<secret>`, shown once, stored as the SHA-256 of the secret.

A 256-bit random secret needs no slow hash: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from supastate.errors import ConflictError, InvalidInputError, UnauthenticatedError
from supastate.workspaces.models import ApiKey, Scope, User, Workspace

MAX_LIVE_KEYS_OF_A_NAME = 2
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as its owner sees it, once."""

    key: ApiKey
    text: str


def create_key(
    *,
    workspace: Workspace,
    author: User,
    name: str,
    scopes: Sequence[str],
    environment: str = "live",
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key; at most two live ones may carry the same name (the old and the new of a rotation)."""
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        allowed = ", ".join(Scope.values)
        raise InvalidInputError(f"Scopes must be some of: {allowed}.", code="invalid_scopes")
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        live = ApiKey.objects.filter(_live(), workspace=workspace, name=name).count()
        if live >= MAX_LIVE_KEYS_OF_A_NAME:
            raise ConflictError(f"Two live keys named {name!r} exist: revoke one first.", code="too_many_keys")
        prefix = "".join(secrets.choice(ALPHABET) for _ in range(10))
        secret = secrets.token_hex(32)
        key = ApiKey.objects.create(
            workspace=workspace,
            author=author,
            name=name,
            prefix=prefix,
            secret_sha256=_hash(secret),
            scopes=sorted(set(scopes)),
            expires_at=expires_at,
        )
    return NewKey(key=key, text=f"sup_{environment}_{prefix}_{secret}")


def rotate_key(key: ApiKey, *, overlap: timedelta = timedelta(days=7)) -> NewKey:
    """Make a successor of the same name and scopes; the old key lives on for `overlap`."""
    successor = create_key(
        workspace=key.workspace, author=key.author, name=key.name, scopes=key.scopes, expires_at=None
    )
    ends = timezone.now() + overlap
    ApiKey.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=ends), pk=key.pk).update(expires_at=ends)
    return successor


def revoke_key(key: ApiKey) -> None:
    """End a key now. Revoking twice keeps the first time."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def find_key(text: str) -> ApiKey:
    """Return the live key that `text` is, or raise UnauthenticatedError with a code that says why."""
    parts = text.split("_")
    if len(parts) != 4 or parts[0] != "sup" or not all(parts):
        raise UnauthenticatedError("The key is not of the form sup_<environment>_<prefix>_<secret>.")
    key = ApiKey.objects.select_related("workspace", "author").filter(prefix=parts[2]).first()
    expected = bytes(key.secret_sha256) if key else bytes(32)
    if not hmac.compare_digest(_hash(parts[3]), expected) or key is None:
        raise UnauthenticatedError("The key is unknown.")
    if key.revoked_at is not None:
        raise UnauthenticatedError("The key was revoked.", code="key_revoked")
    if key.expires_at is not None and key.expires_at <= timezone.now():
        raise UnauthenticatedError("The key has expired.", code="key_expired")
    if not key.author.is_active:
        raise UnauthenticatedError("The key's author is no longer active.", code="key_revoked")
    return key


def mark_used(key_id: UUID) -> None:
    """Write `last_used_at`, at most once a minute."""
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - timedelta(minutes=1))
    ApiKey.objects.filter(stale, pk=key_id).update(last_used_at=now)


def _live() -> Q:
    return Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
