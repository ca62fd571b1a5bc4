"""The three accept endpoints. A 202 means that the rows are committed; no service but Postgres is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ingest import operations
from ingest.accept_code import accept_code
from ingest.accept_memory import accept_memory, build_rows
from ingest.accept_transcript import (
    accept_transcript,
    build_lines,
    count_known_lines,
    parse_format,
    parse_transcript_request,
)
from ingest.chunks import parse_memory_request
from ingest.deadlocks import run_through_deadlocks
from ingest.receipts import Receipt, Sender
from ingest.source_files import parse_code_request
from supastate.api.bodies import parse_json, read_body
from supastate.api.inputs import require_object
from supastate.api.views import WorkspaceView
from supastate.workspaces.models import Scope


class AcceptView(WorkspaceView):
    """What the accept endpoints share."""

    required_scope = Scope.INGEST

    def read_object(self, request: Request) -> dict[str, Any]:
        """Return the body's JSON object, whatever content type the client names; its workspace must be ours."""
        body = require_object(parse_json(read_body(request)))
        self.caller.require_workspace(body.get("workspace"))
        return body

    def sender(self, visibility: str) -> Sender:
        """Return the caller as the author of what is accepted."""
        caller = self.caller
        return Sender(
            workspace_id=caller.workspace_id,
            author_id=caller.author_id,
            key_id=caller.key_id,
            visibility=visibility,
        )

    def accept(self, store: Callable[[], Receipt], *, warnings: Sequence[str]) -> Response:
        """Run `store` in one transaction and render its receipt."""

        def transaction() -> Receipt:
            with self.scope():
                return store()

        receipt = run_through_deadlocks(transaction)
        return Response(receipt.to_json(warnings=list(dict.fromkeys(warnings))), status=202)


class MemoryView(AcceptView):
    """Memory chunks."""

    @extend_schema(**operations.ACCEPT_MEMORY)
    def post(self, request: Request) -> Response:
        """Accept up to 10,000 memory chunks of one session."""
        body = self.read_object(request)
        wanted = parse_memory_request(body, request.query_params)
        sender = self.sender(wanted.visibility)
        rows = build_rows(wanted, sender=sender)
        return self.accept(lambda: accept_memory(wanted, rows, sender=sender), warnings=wanted.warnings)


class CodeView(AcceptView):
    """Source files."""

    @extend_schema(**operations.ACCEPT_CODE)
    def post(self, request: Request) -> Response:
        """Accept what a checkout holds: changed files, deleted paths, or a part of a full sync."""
        body = self.read_object(request)
        wanted = parse_code_request(body, request.query_params)
        sender = self.sender(wanted.visibility)
        return self.accept(lambda: accept_code(wanted, sender=sender), warnings=wanted.warnings)


class AlwaysJSON(BaseContentNegotiation):
    """Answers in JSON. The framework's own would take `?format=` for the format of the answer."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Return the first parser, which is not asked: the body is read raw."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class TranscriptView(AcceptView):
    """Raw transcripts."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(**operations.ACCEPT_TRANSCRIPT)
    def post(self, request: Request) -> Response:
        """Accept the raw lines of a session's transcript, whole or the tail after `fromLine`."""
        parse_format(request.query_params)
        wanted = parse_transcript_request(read_body(request), request.query_params)
        sender = self.sender(wanted.visibility)
        with self.scope():
            known = count_known_lines(wanted, sender=sender)
        lines = build_lines(wanted, known, sender=sender)
        return self.accept(lambda: accept_transcript(wanted, lines, sender=sender), warnings=wanted.warnings)
