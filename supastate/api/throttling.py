"""A request limit per workspace, atomic in Redis, failing open: Redis away must never refuse or delay anybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from supastate.api.authentication import Caller
from supastate.brief_redis import BriefRedis
from supastate.errors import ThrottledError

if TYPE_CHECKING:  # DRF loads these classes while it defines its views
    from rest_framework.views import APIView

SCRIPT = (Path(__file__).parent / "lua" / "throttle.lua").read_text()


class WorkspaceThrottle(BaseThrottle):
    """Refuses a workspace's requests past its rate with 429 and Retry-After."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Return True, or raise ThrottledError."""
        if isinstance(request.auth, Caller):
            count_request(request.auth.workspace_id)
        return True


def count_request(workspace_id: UUID) -> None:
    """Count one request of a workspace; raise ThrottledError past its rate."""
    key = f"{settings.REDIS_KEY_PREFIX}throttle:{workspace_id}"
    limit = settings.WORKSPACE_REQUESTS_PER_MINUTE
    seconds = _gate().ask(lambda client: int(client.register_script(SCRIPT)(keys=[key], args=[limit])))
    if seconds:
        raise ThrottledError(retry_after=seconds)


@cache
def _gate() -> BriefRedis:
    return BriefRedis("throttle")
