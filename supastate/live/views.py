"""The endpoints: parse, call, stream."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse

from ingest.batches import find_batch
from supastate.api.authentication import Caller, authenticate
from supastate.api.exceptions import describe_exception
from supastate.api.inputs import parse_id
from supastate.api.throttling import count_request
from supastate.live.reading import read
from supastate.live.slots import take_slot
from supastate.live.streaming import Progress, read_progress, stream_progress
from supastate.workspaces.models import Scope
from supastate.workspaces.scope import workspace_scope

# A proxy must neither keep the events nor collect them.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A batch that the caller may watch."""

    caller: Caller
    batch_id: UUID
    progress: Progress


async def watch_batch(request: HttpRequest, batch_id: str) -> HttpResponseBase:
    """Stream the progress of a batch; 204 to a client that has seen its end."""
    if request.method != "GET":
        body = {"code": "method_not_allowed", "detail": f'Method "{request.method}" not allowed.'}
        return JsonResponse(body, status=405, headers={"Allow": "GET"})
    seen = request.headers.get("Last-Event-ID", "")
    try:
        asked = await read(partial(_admit, request, batch_id))
        if asked.progress.is_done and asked.progress.id == seen:
            return HttpResponse(status=204)
        slot = take_slot(asked.caller.key_id)
    except Exception as exc:
        problem = describe_exception(exc)
        if problem is None:
            raise
        return JsonResponse(problem.body, status=problem.status, headers=problem.headers)
    events = stream_progress(asked.batch_id, workspace_id=asked.caller.workspace_id, seen=seen, slot=slot)
    return StreamingHttpResponse(events, content_type="text/event-stream", headers=HEADERS)


def _admit(request: HttpRequest, batch_id: str) -> _Asked:
    """Authenticate, count and find the batch; raise what the REST endpoints would."""
    _, caller = authenticate(request.headers.get("Authorization", ""))
    caller.require_scope(Scope.INGEST)
    caller.require_workspace(request.GET.get("workspace"))
    count_request(caller.workspace_id)
    with workspace_scope(caller.workspace_id, reader=caller.author_id):
        batch = find_batch(parse_id(batch_id), workspace_id=caller.workspace_id)
    return _Asked(caller, batch.pk, read_progress(batch.pk, workspace_id=caller.workspace_id))
