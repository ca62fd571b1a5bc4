"""Dead letters: what could not be processed, with its reason, until somebody replays or discards it."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ingest import dead_letters, operations
from ingest.dead_letters import MOST_AT_ONCE
from ingest.receipts import Sender
from supastate.api.bodies import parse_json, read_body
from supastate.api.inputs import parse_id, read_flag, read_number, read_text, require_object
from supastate.api.pagination import broken_cursor, decode_cursor
from supastate.api.views import WorkspaceView
from supastate.errors import NotFoundError
from supastate.queueing.models import QueueAction
from supastate.workspaces.models import Scope

MOST_LISTED = 500


class DeadLetterView(WorkspaceView):
    """What the dead-letter endpoints share."""

    required_scope = Scope.ADMIN

    @property
    def sender(self) -> Sender:
        """The caller as the one who acts."""
        return Sender(self.caller.workspace_id, self.caller.author_id, self.caller.key_id)


class DeadLettersView(DeadLetterView):
    """The list."""

    required_scope = Scope.INGEST

    @extend_schema(**operations.LIST_DEAD_LETTERS)
    def get(self, request: Request) -> Response:
        """List dead rows, the newest first, by id and reason."""
        query = request.query_params
        cursor = decode_cursor(read_text(query, "cursor"), str)
        try:
            before = parse_id(cursor[0]) if cursor else None
        except NotFoundError as exc:
            raise broken_cursor() from exc
        with self.scope():
            page = dead_letters.list_dead(
                workspace_id=self.caller.workspace_id,
                stage_name=read_text(query, "stage", most=64),
                before=before,
                limit=read_number(query, "limit", default=50, most=MOST_LISTED),
                discarded=read_flag(query, "discarded"),
            )
        return Response(page)


class FilteredView(DeadLetterView):
    """What acting on many has in common."""

    def act(self, request: Request, action: QueueAction.Action) -> Response:
        """Do `action` to what the body's filter matches."""
        body = require_object(parse_json(read_body(request) or b"{}"))
        self.caller.require_workspace(body.get("workspace"))
        wanted = dead_letters.parse_filter(body)
        limit = read_number(body, "limit", default=MOST_AT_ONCE, most=MOST_AT_ONCE)
        with self.scope():
            return Response(dead_letters.act_on_many(wanted, action, sender=self.sender, limit=limit))


class ReplayManyView(FilteredView):
    """Another chance for all that match."""

    @extend_schema(**operations.REPLAY_DEAD_LETTERS)
    def post(self, request: Request) -> Response:
        """Bring dead rows back by filter, up to 1,000 at once; what is no longer dead is left alone."""
        return self.act(request, QueueAction.Action.REPLAY)


class DiscardManyView(FilteredView):
    """The end for all that match."""

    @extend_schema(**operations.DISCARD_DEAD_LETTERS)
    def post(self, request: Request) -> Response:
        """Give dead rows up by filter, up to 1,000 at once; they stay in the ledger as dead."""
        return self.act(request, QueueAction.Action.DISCARD)


class OneDeadLetterView(DeadLetterView):
    """One dead letter."""

    @extend_schema(**operations.SHOW_DEAD_LETTER)
    def get(self, request: Request, row_id: str) -> Response:
        """Show a dead row with what it was about."""
        with self.scope():
            return Response(dead_letters.show_dead(parse_id(row_id), sender=self.sender))


class ReplayView(DeadLetterView):
    """Another chance."""

    @extend_schema(**operations.REPLAY_DEAD_LETTER)
    def post(self, request: Request, row_id: str) -> Response:
        """Bring a dead row back to pending; doing it twice has one effect."""
        with self.scope():
            return Response(dead_letters.replay(parse_id(row_id), sender=self.sender))


class DiscardView(DeadLetterView):
    """The end."""

    @extend_schema(**operations.DISCARD_DEAD_LETTER)
    def post(self, request: Request, row_id: str) -> Response:
        """Give a dead row up; it stays in the ledger as dead."""
        with self.scope():
            return Response(dead_letters.discard(parse_id(row_id), sender=self.sender))
