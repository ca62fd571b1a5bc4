"""The error taxonomy: every failure a person or program meets has a stable code and says what to do.

Adapters translate a library's exception once, into one of these (`raise … from exc`). Only
`TransientError` is ever retried; `PermanentError` buries the item that caused it.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SupastateError(Exception):
    """Something went wrong in a way that Supastate knows."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500

    def __init__(self, detail: str | None = None, *, code: str | None = None, **where: Any) -> None:
        """Carry the sentence `detail`, an optional narrower `code`, and `where` it happened (wire names)."""
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.error_code = code or type(self).code
        self.where = where
        super().__init__(self.detail)


class InvalidInputError(SupastateError):
    """The request cannot be understood."""

    code = "invalid"
    http_status = 400


class TooLargeError(SupastateError):
    """The request is over a limit."""

    code = "too_large"
    http_status = 413


class UnauthenticatedError(SupastateError):
    """A valid API key is needed: send `Authorization: Bearer sup_…`."""

    code = "unauthenticated"
    http_status = 401


class ForbiddenError(SupastateError):
    """The key's scopes do not allow this."""

    code = "forbidden"
    http_status = 403


class NotFoundError(SupastateError):
    """There is no such thing in this workspace."""

    code = "not_found"
    http_status = 404


class ConflictError(SupastateError):
    """The request contradicts what is stored."""

    code = "conflict"
    http_status = 409


class MisdirectedError(SupastateError):
    """Events are streamed by the live process: ask at eventsUrl."""

    code = "misdirected"
    http_status = 421


class ThrottledError(SupastateError):
    """Too many requests for this workspace: wait for the time named in Retry-After."""

    code = "throttled"
    http_status = 429

    def __init__(self, detail: str | None = None, *, retry_after: int, **where: Any) -> None:
        self.retry_after = retry_after
        super().__init__(detail, retryAfter=retry_after, **where)


class TransientError(SupastateError):
    """A service is away for now; the same work will succeed later. The only kind that is retried."""

    code = "unavailable"
    http_status = 503

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        retry_after: float | None = None,
        counts_as_attempt: bool = True,
        **where: Any,
    ) -> None:
        """`retry_after` is in seconds, if the service named one; an outage is no attempt of the item."""
        self.retry_after = retry_after
        self.counts_as_attempt = counts_as_attempt
        super().__init__(detail, code=code, **where)


class PermanentError(SupastateError):
    """This item can never succeed as it is; it is kept as a dead letter with its reason."""

    code = "permanent"
    http_status = 422


class ConfigurationError(SupastateError):
    """A setting is missing or wrong; the process does not start until it is mended."""

    code = "configuration"
