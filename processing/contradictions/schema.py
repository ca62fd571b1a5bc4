"""OpenAPI descriptions of `/api/contradictions`; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from processing.models import ContradictionKind, ContradictionState, Role
from supastate.workspaces.models import Visibility

TEXTS = serializers.ListField(child=serializers.CharField(), required=False)
PERSON: dict[str, Any] = {"id": serializers.UUIDField(), "name": serializers.CharField()}
OF_MEMORY: dict[str, Any] = {
    "id": serializers.UUIDField(),
    "snippet": serializers.CharField(help_text="Its first 280 characters."),
    "role": serializers.ChoiceField(choices=Role.values),
    "author": inline_serializer("ContradictingAuthor", PERSON),
    "visibility": serializers.ChoiceField(choices=Visibility.values),
    "occurredAt": serializers.DateTimeField(),
}
FIELDS: dict[str, Any] = {
    "id": serializers.UUIDField(),
    "kind": serializers.ChoiceField(
        choices=ContradictionKind.values, allow_null=True, help_text="Null: somebody said so, no rule found it."
    ),
    "difference": serializers.CharField(
        allow_null=True, help_text="`port 5432 / port 5433`: of the first, of the second."
    ),
    "cosine": serializers.FloatField(allow_null=True, help_text="How near their meanings are."),
    "state": serializers.ChoiceField(choices=ContradictionState.values),
    "first": inline_serializer("EarlierMemory", OF_MEMORY),
    "second": inline_serializer("LaterMemory", OF_MEMORY),
    "holds": serializers.UUIDField(help_text="Which of the two holds if it is confirmed."),
    "contradicted": serializers.UUIDField(
        help_text="Which does not; the earlier one unless somebody says otherwise."
    ),
    "decidedBy": inline_serializer("ContradictionJudge", PERSON, allow_null=True),
    "decidedAt": serializers.DateTimeField(allow_null=True),
    "foundAt": serializers.DateTimeField(),
}
CONTRADICTION = inline_serializer("Contradiction", {**FIELDS, "warnings": TEXTS})
PAGE = inline_serializer(
    "ContradictionPage",
    {
        "results": inline_serializer("ContradictionInPage", FIELDS, many=True),
        "nextCursor": serializers.CharField(allow_null=True),
        "warnings": TEXTS,
    },
)
ERROR = inline_serializer(
    "ContradictionError", {"code": serializers.CharField(), "detail": serializers.CharField()}
)
NOT_FOUND = OpenApiResponse(ERROR, description="`contradiction_not_found`, or a memory that you may not see.")
TAGS = ["memories"]

LIST: dict[str, Any] = {
    "operation_id": "list_contradictions",
    "parameters": [
        OpenApiParameter(
            "state", str, enum=ContradictionState.values, description="All but the dismissed by default."
        ),
        OpenApiParameter("project", str, description="Project by id, remote, path or name."),
        OpenApiParameter("memory", str, description="Id of a memory: those that it is one of."),
        OpenApiParameter("limit", int, description="1 to 200, default 50."),
        OpenApiParameter("cursor", str, description="`nextCursor` of the page before."),
        OpenApiParameter("workspace", str, description="Optional; must be the key's."),
    ],
    "responses": PAGE,
    "tags": TAGS,
}
ONE: dict[str, Any] = {
    "operation_id": "get_contradiction",
    "responses": {200: CONTRADICTION, 404: NOT_FOUND},
    "tags": TAGS,
}
SAY: dict[str, Any] = {
    "operation_id": "say_contradiction",
    "request": inline_serializer(
        "NewContradiction",
        {
            "memory": serializers.UUIDField(help_text="The memory that holds."),
            "contradicts": serializers.UUIDField(help_text="The memory that does not."),
        },
    ),
    "responses": {
        201: CONTRADICTION,
        200: OpenApiResponse(CONTRADICTION, description="The pair was known: it is confirmed now."),
        404: NOT_FOUND,
    },
    "tags": TAGS,
}
DECIDE: dict[str, Any] = {
    "operation_id": "judge_contradiction",
    "request": inline_serializer(
        "ContradictionJudgement",
        {
            "state": serializers.ChoiceField(choices=ContradictionState.values, required=False),
            "contradicted": serializers.UUIDField(required=False, help_text="Which of the two does not hold."),
        },
    ),
    "responses": {200: CONTRADICTION, 404: NOT_FOUND},
    "tags": TAGS,
}
