"""Time-ordered identifiers (UUID version 7, RFC 9562), so that primary keys append instead of scatter."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new UUIDv7."""
    return uuid_utils.compat.uuid7()
