"""OpenAPI descriptions of forgetting; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from processing.memories.schema import NOT_AUTHOR, NOT_FOUND, STANDING_MEMORY
from processing.models import ForgettingKind, Role
from supastate.workspaces.models import Visibility

TEXTS = serializers.ListField(child=serializers.CharField(), required=False)
TAGS = ["memories"]


def _days(help_text: str, **options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=36_500, allow_null=True, help_text=help_text, **options)


def _person(name: str) -> Any:
    fields: dict[str, Any] = {"id": serializers.UUIDField(), "name": serializers.CharField()}
    return inline_serializer(name, fields, allow_null=True)


DAYS: dict[str, Any] = {
    "forgetAfterDays": _days(
        "Archived memories untouched for so long are forgotten. Null: never.", required=False
    ),
    "eraseAfterDays": _days("What is forgotten for so long is erased. Null: never.", required=False),
}
POLICY_FIELDS: dict[str, Any] = {
    **DAYS,
    "eraseSince": serializers.DateTimeField(
        allow_null=True, help_text="When erasing was set: its days are counted from there at the earliest."
    ),
    "changedBy": _person("PolicySetter"),
    "changedAt": serializers.DateTimeField(allow_null=True, help_text="Null: nobody ever set it."),
}
POLICY = inline_serializer("ForgettingPolicy", {**POLICY_FIELDS, "warnings": TEXTS})
FORGOTTEN_FIELDS: dict[str, Any] = {
    "id": serializers.UUIDField(),
    "excerpt": serializers.CharField(help_text="The first 160 characters."),
    "role": serializers.ChoiceField(choices=Role.values),
    "visibility": serializers.ChoiceField(choices=Visibility.values),
    "occurredAt": serializers.DateTimeField(),
}
LIST: dict[str, Any] = {
    "operation_id": "list_forgotten",
    "parameters": [
        OpenApiParameter("limit", int, description="1 to 200, default 50."),
        OpenApiParameter("cursor", str, description="`nextCursor` of the page before."),
        OpenApiParameter("workspace", str, description="Optional; must be the key's."),
    ],
    "responses": inline_serializer(
        "ForgottenPage",
        {
            "policy": inline_serializer("PolicyOfForgotten", POLICY_FIELDS),
            "forgotten": serializers.IntegerField(help_text="How many you may see."),
            "results": inline_serializer(
                "ForgottenMemory",
                {
                    **FORGOTTEN_FIELDS,
                    "forgottenAt": serializers.DateTimeField(),
                    "eraseAt": serializers.DateTimeField(allow_null=True, help_text="Null: never."),
                },
                many=True,
            ),
            "nextCursor": serializers.CharField(allow_null=True),
            "acts": inline_serializer(
                "ForgettingAct",
                {
                    "kind": serializers.ChoiceField(choices=ForgettingKind.values),
                    "memories": serializers.IntegerField(help_text="How many, of all members."),
                    "person": _person("ForgettingPerson"),
                    "policy": serializers.DictField(allow_null=True, help_text="As it was then; null: by hand."),
                    "happenedAt": serializers.DateTimeField(),
                },
                many=True,
                help_text="The newest 20.",
            ),
            "warnings": TEXTS,
        },
    ),
    "tags": TAGS,
}
GET_POLICY: dict[str, Any] = {"operation_id": "get_forgetting_policy", "responses": POLICY, "tags": TAGS}
SET_POLICY: dict[str, Any] = {
    "operation_id": "set_forgetting_policy",
    "request": inline_serializer("ForgettingDays", DAYS),
    "responses": POLICY,
    "tags": TAGS,
}
PREVIEW: dict[str, Any] = {
    "operation_id": "preview_forgetting",
    "request": inline_serializer("PreviewedDays", DAYS),
    "responses": inline_serializer(
        "ForgettingPreview",
        {
            **DAYS,
            "forgets": serializers.IntegerField(help_text="Memories of all members that it would forget now."),
            "examples": inline_serializer("WouldBeForgotten", FORGOTTEN_FIELDS, many=True, help_text="Up to 20."),
            "erases": serializers.IntegerField(help_text="Memories forgotten now that it would erase in time."),
            "erasesFrom": serializers.DateTimeField(allow_null=True, help_text="When the first of them would go."),
            "warnings": TEXTS,
        },
    ),
    "tags": TAGS,
}
ANSWERS: dict[Any, Any] = {200: STANDING_MEMORY, 403: NOT_AUTHOR, 404: NOT_FOUND}
FORGET: dict[str, Any] = {
    "operation_id": "forget_memory",
    "request": None,
    "responses": ANSWERS,
    "tags": TAGS,
}
RESTORE: dict[str, Any] = {
    "operation_id": "restore_memory",
    "request": None,
    "responses": ANSWERS,
    "tags": TAGS,
}
