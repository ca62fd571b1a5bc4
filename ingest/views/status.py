"""What became of accepted work."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ingest import operations
from ingest.batches import describe_batch, describe_provider, describe_workspace, find_batch, find_events_url
from supastate.api.inputs import parse_id
from supastate.api.views import WorkspaceView
from supastate.errors import MisdirectedError
from supastate.queueing.provider_state import read_provider_state
from supastate.workspaces.models import Scope


class BatchView(WorkspaceView):
    """One batch."""

    required_scope = Scope.INGEST

    @extend_schema(**operations.SHOW_BATCH)
    def get(self, request: Request, batch_id: str) -> Response:
        """Tell how far the work of one request is."""
        with self.scope():
            return Response(describe_batch(parse_id(batch_id), workspace_id=self.caller.workspace_id))


class BatchEventsView(WorkspaceView):
    """One batch's events, which the live process streams: a proxy leads this address there."""

    required_scope = Scope.INGEST

    @extend_schema(**operations.WATCH_BATCH)
    def get(self, request: Request, batch_id: str) -> Response:
        """Stream the progress of one request's work as server-sent events until all of it has ended.

        `progress` events carry the whole state, so none is ever missed; the last one is `end`. Last-Event-ID is
        understood by every server. A stream is closed after a while: come back with the id of its last event.
        """
        with self.scope():
            batch = find_batch(parse_id(batch_id), workspace_id=self.caller.workspace_id)
        raise MisdirectedError(eventsUrl=find_events_url(batch.pk))


class StatusView(WorkspaceView):
    """The workspace's queues."""

    required_scope = Scope.INGEST

    @extend_schema(**operations.SHOW_STATUS)
    def get(self, request: Request) -> Response:
        """Tell how far all accepted work of the workspace is, stage by stage."""
        with self.scope():
            status = describe_workspace(workspace_id=self.caller.workspace_id)
        return Response({**status, "provider": describe_provider(read_provider_state())})
