"""Refuses to serve with a database role that row-level security does not hold."""

from __future__ import annotations

from django.db import OperationalError, connection

from supastate.errors import ConfigurationError

ROLE = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def require_restrained_role() -> None:
    """Raise ConfigurationError if DATABASE_URL names a superuser or a role with BYPASSRLS.

    A database that is away is not judged: whoever asks it next says so.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(ROLE)
            name, is_powerful = cursor.fetchone()
    except OperationalError:
        return
    if is_powerful:
        raise ConfigurationError(
            f"DATABASE_URL names the role {name!r}, which bypasses row-level security: use supastate_app."
        )
