"""What the openai client raises, translated once into Supastate's errors.

The sentences are ours: a provider's own message may repeat the text it was sent or part of the key.
"""

from __future__ import annotations

import re

import openai

from processing.embedding.openai_limits import read_retry_after
from supastate.errors import PermanentError, SupastateError, TransientError

QUOTA_PAUSE_SECONDS = 900.0
MISCONFIGURED_PAUSE_SECONDS = 60.0

_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_REQUEST_PARAMETERS = frozenset(
    {"model", "dimensions", "encoding_format", "user", "response_format", "max_completion_tokens"}
)
_INPUT_STATUSES = frozenset({400, 413, 422})
_OUTAGE_STATUSES = frozenset({408, 409, 425})


def translate_failure(exc: openai.OpenAIError) -> SupastateError:
    """Return the error that says what became of a request."""
    if isinstance(exc, openai.APIStatusError):
        return _translate_status(exc)
    if isinstance(exc, openai.APITimeoutError):
        return describe_outage("did not answer in time")
    if isinstance(exc, openai.APIConnectionError):
        return describe_outage("cannot be reached, or broke off")
    return describe_outage("answered something that is no response of its API")


def describe_outage(what: str) -> TransientError:
    """Return the error for a provider that is away: no fault of any item."""
    return TransientError(f"The provider {what}.", code="provider_unavailable", counts_as_attempt=False)


def _translate_status(exc: openai.APIStatusError) -> SupastateError:
    status = exc.status_code
    if status == 402 or _QUOTA_CODES & {exc.code, exc.type}:
        return _pause("quota_exhausted", "says that the account's quota is used up", QUOTA_PAUSE_SECONDS)
    if status == 429:
        return _pause("rate_limited", "asks to slow down", read_retry_after(exc.response.headers))
    if status in {401, 403}:
        return _pause("provider_refused_key", "refused the API key", MISCONFIGURED_PAUSE_SECONDS)
    if status >= 500 or status in _OUTAGE_STATUSES:
        outage = describe_outage(f"failed with status {status}")
        outage.retry_after = read_retry_after(exc.response.headers)
        return outage
    if status in _INPUT_STATUSES and exc.param not in _REQUEST_PARAMETERS:
        return PermanentError(
            f"The provider refused the input: status {status}{_name_code(exc)}.",
            code="provider_rejected_input",
        )
    # A wrong model, address or parameter fails every item alike: none of them may die for it.
    what = f"does not accept requests as they are configured: status {status}{_name_code(exc)}"
    return _pause("provider_misconfigured", what, MISCONFIGURED_PAUSE_SECONDS)


def _pause(code: str, what: str, retry_after: float | None) -> TransientError:
    return TransientError(f"The provider {what}.", code=code, retry_after=retry_after, counts_as_attempt=False)


def _name_code(exc: openai.APIStatusError) -> str:
    """Return the provider's error code if it looks like one, so that nothing of the input slips through."""
    if exc.code and re.fullmatch(r"[a-z0-9_.-]{1,64}", exc.code):
        return f", {exc.code}"
    return ""
