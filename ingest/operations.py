"""The intake's operations in OpenAPI: parameters, answers and examples of each."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from ingest.schema import (
    ActedDeadLetterSchema,
    BatchSchema,
    CodeRequestSchema,
    DeadFilterSchema,
    DeadLetterPageSchema,
    DiscardedSchema,
    MemoryRequestSchema,
    ReceiptSchema,
    ReplayedSchema,
    ShownDeadLetterSchema,
    StatusSchema,
)
from supastate.workspaces.models import Visibility

TAG = "ingest"
PROBLEM = inline_serializer(
    "Problem", {"code": serializers.CharField(), "detail": serializers.CharField(help_text="What to do.")}
)
REFUSALS = {
    400: OpenApiResponse(PROBLEM, description="The request cannot be understood; nothing was stored."),
    401: OpenApiResponse(PROBLEM, description="The key is missing, unknown, revoked or expired."),
    403: OpenApiResponse(PROBLEM, description="The key lacks the scope."),
    404: OpenApiResponse(PROBLEM, description="There is no such thing, or no such workspace, for this key."),
    411: OpenApiResponse(PROBLEM, description="A chunked body needs a Content-Length."),
    413: OpenApiResponse(PROBLEM, description="The body is over a limit, which the answer names."),
    429: OpenApiResponse(PROBLEM, description="Too many requests; Retry-After says how long to wait."),
}
READ_REFUSALS = {status: REFUSALS[status] for status in (400, 401, 403, 404, 429)}
RECEIPT = {
    "batchId": "0199d3a2-6a51-7c1e-9a51-3f6d2f1b7a10",
    "received": 2,
    "new": 1,
    "duplicate": 0,
    "conflict": 0,
    "rejected": 1,
    "maskedSecrets": 0,
    "items": [
        {"index": 0, "status": "new", "id": "0199d3a2-6a51-7c1e-9a51-3f6d2f1b7a11"},
        {"index": 1, "status": "rejected", "code": "empty", "detail": "The text is empty."},
    ],
    "statusUrl": "/api/ingest/batches/0199d3a2-6a51-7c1e-9a51-3f6d2f1b7a10",
    "eventsUrl": "/api/ingest/batches/0199d3a2-6a51-7c1e-9a51-3f6d2f1b7a10/events",
}
EVENTS = """retry: 2000

id: 5f2c6a1b90d3e874
event: progress
data: {"batchId":"0199d3a2-…","pending":1,"processing":0,"completed":0,"dead":0,"done":false,"stages":{…}}

: nothing new

id: 0b8d417fa6c25e39
event: end
data: {"batchId":"0199d3a2-…","pending":0,"processing":0,"completed":1,"dead":0,"done":true,"stages":{…}}
"""
CHUNKS = {
    "sessionId": "b7c1",
    "project": {"remote": "git@github.com:acme/shop.git", "path": "/home/ada/shop"},
    "chunks": [
        {
            "chunkId": "1",
            "content": "The checkout test fails because the clock is not frozen.",
            "metadata": {
                "timestamp": "2026-11-21T08:00:00Z",
                "messageType": "assistant",
                "filePaths": ["shop/checkout.py"],
            },
        },
        {"content": " ", "metadata": {"timestamp": "2026-11-21T08:00:01Z", "messageType": "user"}},
    ],
}
FILES = {
    "project": {"remote": "git@github.com:acme/shop.git", "path": "/home/ada/shop", "branch": "main"},
    "checkoutId": "ada-laptop",
    "files": [{"path": "shop/checkout.py", "content": "def pay():\n    return 1\n", "language": "python"}],
    "deleted": ["shop/old.py"],
}
DEAD_FILTER = {"stage": "embed", "code": "provider_rejected_input", "before": "2026-11-21T08:00:00Z", "limit": 100}
LINE = (
    '{"type":"user","uuid":"5d1e","sessionId":"b7c1","timestamp":"2026-11-21T08:00:00Z","message":{"role":"user"}}'
)


def _query(name: str, description: str, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(name, options.pop("type", OpenApiTypes.STR), description=description, **options)


_SHARED_QUERY = [
    _query("workspace", "Must be the key's own: id or slug."),
    _query("project", "The project's git remote or path."),
    _query("projectPath", "The checkout's folder on the client."),
    _query("visibility", "Who may see it.", enum=list(Visibility.values)),
]
_TRANSCRIPT_QUERY = [
    _query("format", "What wrote the transcript.", required=True, enum=["claude-code"]),
    _query("session", "The session; without it, the one that the lines name."),
    _query("fromLine", "How many lines of the file stand before these.", type=OpenApiTypes.INT),
]
_LIST_QUERY = [
    _query("stage", "Only this stage's."),
    _query("cursor", "`nextCursor` of the page before."),
    _query("limit", "At most so many, 50 unless told.", type=OpenApiTypes.INT),
    _query("discarded", "Those given up instead.", type=OpenApiTypes.BOOL),
]
_ACCEPTED = {202: OpenApiResponse(ReceiptSchema, description="Committed."), **REFUSALS}
_ANSWER = OpenApiExample("accepted", value=RECEIPT, response_only=True, status_codes=["202"])


def _accept(operation: str, request: Any, parameters: list[OpenApiParameter], example: Any, **options: Any) -> Any:
    return {
        "operation_id": operation,
        "tags": [TAG],
        "request": request,
        "parameters": parameters,
        "responses": _ACCEPTED,
        "examples": [OpenApiExample("request", value=example, request_only=True, **options), _ANSWER],
    }


def _read(operation: str, answer: Any, parameters: list[OpenApiParameter] | None = None) -> Any:
    return {
        "operation_id": operation,
        "tags": [TAG],
        "request": None,
        "parameters": parameters or [],
        "responses": {200: answer, **READ_REFUSALS},
    }


def _act_on_many(operation: str, answer: Any) -> Any:
    return {
        "operation_id": operation,
        "tags": [TAG],
        "request": DeadFilterSchema,
        "responses": {200: answer, **REFUSALS},
        "examples": [OpenApiExample("request", value=DEAD_FILTER, request_only=True)],
    }


ACCEPT_MEMORY = _accept("ingestMemory", MemoryRequestSchema, _SHARED_QUERY, CHUNKS)
ACCEPT_CODE = _accept("ingestCode", CodeRequestSchema, _SHARED_QUERY, FILES)
ACCEPT_TRANSCRIPT = _accept(
    "ingestTranscript",
    {"application/x-ndjson": OpenApiTypes.STR},
    [*_TRANSCRIPT_QUERY, *_SHARED_QUERY],
    LINE,
    media_type="application/x-ndjson",
)
SHOW_BATCH = _read("showBatch", BatchSchema)
WATCH_BATCH = {
    **_read("watchBatch", None),
    "parameters": [
        OpenApiParameter(
            "Last-Event-ID", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The last event that was seen."
        )
    ],
    "responses": {
        (200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, description="Until all has ended."),
        204: OpenApiResponse(description="All has ended, and its `end` was seen: do not come back."),
        **READ_REFUSALS,
        421: OpenApiResponse(PROBLEM, description="The web process was asked: the answer's eventsUrl streams."),
        503: OpenApiResponse(PROBLEM, description="The database is away: come back after Retry-After."),
    },
    "examples": [OpenApiExample("events", value=EVENTS, response_only=True, media_type="text/event-stream")],
}
SHOW_STATUS = _read("showIngestStatus", StatusSchema)
LIST_DEAD_LETTERS = _read("listDeadLetters", DeadLetterPageSchema, _LIST_QUERY)
SHOW_DEAD_LETTER = _read("showDeadLetter", ShownDeadLetterSchema)
REPLAY_DEAD_LETTERS = _act_on_many("replayDeadLetters", ReplayedSchema)
DISCARD_DEAD_LETTERS = _act_on_many("discardDeadLetters", DiscardedSchema)
REPLAY_DEAD_LETTER = _read("replayDeadLetter", ActedDeadLetterSchema)
DISCARD_DEAD_LETTER = _read("discardDeadLetter", ActedDeadLetterSchema)
