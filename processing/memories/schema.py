"""OpenAPI descriptions of `/api/memories`; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from ingest.memory_types import MemoryType
from processing.dynamics.confidence import Label
from processing.models import Layer, MemoryLink, ProcessingStatus, Role
from supastate.workspaces.models import Visibility

TEXTS = serializers.ListField(child=serializers.CharField(), required=False)

MEMORY_FIELDS: dict[str, Any] = {
    "id": serializers.UUIDField(),
    "content": serializers.CharField(),
    "role": serializers.ChoiceField(choices=Role.values),
    "type": serializers.ChoiceField(
        choices=MemoryType.values, allow_null=True, help_text="Null: no rule speaks, and nobody said."
    ),
    "importance": serializers.FloatField(help_text="0 to 1."),
    "setByHand": serializers.ListField(
        child=serializers.ChoiceField(choices=["type", "importance"]),
        help_text="What a client or person set: rules leave it alone.",
    ),
    "strength": inline_serializer(
        "MemoryStrength",
        {
            "layer": serializers.ChoiceField(choices=Layer.values),
            "working": serializers.FloatField(help_text="The quick trace, 0 to 1; a use restores it."),
            "core": serializers.FloatField(help_text="The slow trace."),
            "pinned": serializers.BooleanField(),
            "accessCount": serializers.IntegerField(),
            "lastAccessedAt": serializers.DateTimeField(allow_null=True),
            "consolidatedAt": serializers.DateTimeField(allow_null=True, help_text="Null: not yet; it is fresh."),
        },
    ),
    "metadata": serializers.DictField(),
    "filePaths": serializers.ListField(child=serializers.CharField()),
    "tool": serializers.DictField(allow_null=True),
    "project": inline_serializer(
        "MemoryProject",
        {
            "id": serializers.UUIDField(),
            "name": serializers.CharField(),
            "identity": serializers.CharField(help_text="Normalised git remote, else the path."),
        },
        allow_null=True,
    ),
    "session": inline_serializer(
        "MemorySession",
        {"id": serializers.UUIDField(), "key": serializers.CharField(help_text="The client's session id.")},
        allow_null=True,
    ),
    "author": inline_serializer("MemoryAuthor", {"id": serializers.UUIDField(), "name": serializers.CharField()}),
    "visibility": serializers.ChoiceField(choices=Visibility.values),
    "occurredAt": serializers.DateTimeField(),
    "createdAt": serializers.DateTimeField(),
    "updatedAt": serializers.DateTimeField(),
    "processingStatus": serializers.ChoiceField(choices=ProcessingStatus.values),
    "forgottenAt": serializers.DateTimeField(
        allow_null=True, help_text="Since when it is hidden; restore it by `/restore`."
    ),
    "confidence": inline_serializer(
        "MemoryConfidence",
        {
            "value": serializers.FloatField(help_text="0 to 1."),
            "label": serializers.ChoiceField(choices=Label.values),
            "set": serializers.BooleanField(help_text="A person or client said so, and no formula."),
            "reasons": inline_serializer(
                "ConfidenceReason",
                {
                    "reason": serializers.CharField(
                        help_text="said, reliability_of_type, said_in_other_sessions, topic_confirmed,"
                        " holds_against_another, age, contradicted, disputed."
                    ),
                    "value": serializers.FloatField(help_text="A share, a number of witnesses or a factor."),
                },
                many=True,
            ),
        },
    ),
    "contradictedBy": serializers.ListField(
        child=serializers.UUIDField(), help_text="Memories that hold against it (confirmed contradictions)."
    ),
    "contradicts": serializers.ListField(
        child=serializers.UUIDField(), help_text="Memories that do not hold since this one does."
    ),
    "source": inline_serializer(
        "MemorySource",
        {
            "line": serializers.IntegerField(allow_null=True, help_text="Line of the transcript, from 1."),
            "batchId": serializers.UUIDField(allow_null=True),
        },
    ),
}
MEMORY = inline_serializer("Memory", MEMORY_FIELDS)
STANDING_MEMORY = inline_serializer("MemoryAfterwards", MEMORY_FIELDS)
STORED_MEMORY = inline_serializer(
    "StoredMemory",
    {
        **MEMORY_FIELDS,
        "maskedSecrets": serializers.IntegerField(help_text="Secrets masked in what was sent now."),
        "warnings": TEXTS,
    },
)
LINKED_MEMORY = inline_serializer(
    "LinkedMemory",
    {
        **MEMORY_FIELDS,
        "links": inline_serializer(
            "CodeOfMemory",
            {
                "uid": serializers.CharField(),
                "name": serializers.CharField(),
                "qualifiedName": serializers.CharField(),
                "path": serializers.CharField(),
                "edge": serializers.ChoiceField(choices=MemoryLink.Edge.values),
                "how": serializers.ChoiceField(
                    choices=MemoryLink.How.values, help_text="`vector`: nothing is named, but the meaning is near."
                ),
                "confidence": serializers.FloatField(),
            },
            many=True,
        ),
    },
)
MEMORY_PAGE = inline_serializer(
    "MemoryPage",
    {
        "results": inline_serializer("MemoryInPage", MEMORY_FIELDS, many=True),
        "nextCursor": serializers.CharField(allow_null=True),
        "warnings": TEXTS,
    },
)
CHANGE_FIELDS: dict[str, Any] = {
    "metadata": serializers.DictField(required=False, help_text="Replaced as a whole."),
    "role": serializers.ChoiceField(choices=Role.values, required=False, help_text="Or `messageType`."),
    "filePaths": TEXTS,
    "visibility": serializers.ChoiceField(choices=Visibility.values, required=False),
    "type": serializers.ChoiceField(
        choices=MemoryType.values, required=False, allow_null=True, help_text="Null: let the rules decide."
    ),
    "importance": serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=1, help_text="Null: let the rules decide."
    ),
    "confidence": serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=1, help_text="Null: let the formula tell."
    ),
}
NEW_MEMORY = inline_serializer(
    "NewMemory",
    {
        "content": serializers.CharField(),
        **CHANGE_FIELDS,
        "project": inline_serializer(
            "NewMemoryProject",
            {
                "remote": serializers.CharField(required=False),
                "path": serializers.CharField(required=False),
                "branch": serializers.CharField(required=False),
            },
            required=False,
        ),
        "projectPath": serializers.CharField(required=False),
        "sessionId": serializers.CharField(required=False, help_text="The client's session id."),
        "timestamp": serializers.DateTimeField(required=False, help_text="With zone; default: now."),
        "clientId": serializers.CharField(
            required=False, help_text="Your id: sent again, it gives the same memory and stores no second one."
        ),
    },
)
MEMORY_CHANGE = inline_serializer(
    "MemoryChange",
    {
        "content": serializers.CharField(required=False),
        "pinned": serializers.BooleanField(required=False, help_text="Keep in the core, without fading."),
        **CHANGE_FIELDS,
    },
)
ERROR = inline_serializer("MemoryError", {"code": serializers.CharField(), "detail": serializers.CharField()})
NOT_FOUND = OpenApiResponse(ERROR, description="There is no such memory that you may see.")
NOT_AUTHOR = OpenApiResponse(ERROR, description="`not_author`: it is another member's memory.")
EXAMPLE = OpenApiExample(
    "A decision",
    value={
        "content": "We keep `claim_rows` in SQL: a plan with SKIP LOCKED must not be rewritten by the ORM.",
        "projectPath": "/home/ada/supastate",
        "sessionId": "3f6c1d52-8a0f-4d4e-9d0f-0a4a6f2d7c11",
        "filePaths": ["supastate/queueing/claims.py"],
        "clientId": "note-17",
    },
    request_only=True,
)


def _query(name: str, description: str, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description)


LIST_MEMORIES: dict[str, Any] = {
    "operation_id": "list_memories",
    "parameters": [
        _query("project", "Project by id, remote, path or name."),
        _query("session", "Session by id or the client's key."),
        _query("role", "user, assistant, tool or system."),
        _query("type", ", ".join(MemoryType.values)),
        _query("layer", "working, core or archive."),
        _query("status", "pending, embedded or failed."),
        _query("author", "`me`, or an author's id."),
        _query("file", "A path that the memory is about."),
        _query("since", "ISO 8601 with zone, inclusive."),
        _query("until", "ISO 8601 with zone, exclusive."),
        _query("limit", "1 to 200, default 50.", int),
        _query("cursor", "`nextCursor` of the page before."),
        _query("workspace", "Optional; must be the key's."),
    ],
    "responses": MEMORY_PAGE,
    "tags": ["memories"],
}
REMEMBER: dict[str, Any] = {
    "operation_id": "remember",
    "request": NEW_MEMORY,
    "responses": {
        201: STORED_MEMORY,
        200: OpenApiResponse(STORED_MEMORY, description="The clientId is known: this is its memory."),
        409: OpenApiResponse(ERROR, description="`id_conflict` or `memory_deleted`: the clientId is taken."),
        413: OpenApiResponse(ERROR, description="`too_large`, `metadata_too_large` or `body_too_large`."),
    },
    "examples": [EXAMPLE],
    "tags": ["memories"],
}
GET_MEMORY: dict[str, Any] = {
    "operation_id": "get_memory",
    "responses": {200: LINKED_MEMORY, 404: NOT_FOUND},
    "tags": ["memories"],
}
CHANGE_MEMORY: dict[str, Any] = {
    "operation_id": "change_memory",
    "request": MEMORY_CHANGE,
    "responses": {200: STORED_MEMORY, 403: NOT_AUTHOR, 404: NOT_FOUND},
    "tags": ["memories"],
}
DELETE_MEMORY: dict[str, Any] = {
    "operation_id": "delete_memory",
    "responses": {204: None, 403: NOT_AUTHOR, 404: NOT_FOUND},
    "tags": ["memories"],
}
