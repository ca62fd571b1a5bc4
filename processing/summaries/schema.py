"""OpenAPI descriptions of the summary endpoints; serializers here only document."""

# ruff: noqa: N815  (wire names)

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from processing.models import ProcessingStatus, SummaryKind, SummaryMethod
from supastate.workspaces.models import Visibility


class SummarySubjectSerializer(serializers.Serializer[Any]):
    """What a summary is of."""

    kind = serializers.ChoiceField(choices=SummaryKind.values)
    id = serializers.CharField(help_text="Id of the session or project, uid of the code.")
    name = serializers.CharField(allow_null=True)
    path = serializers.CharField(allow_null=True)


class SummaryLineSerializer(serializers.Serializer[Any]):
    """One statement, and the memories that it quotes."""

    label = serializers.CharField(  # type: ignore[assignment]
        help_text="`request`, `edited`, `commands`, `point`, `outcome`; `about`, `outline`, `talk`; `size`, "
        "`active`, `session`, `pattern`; `summary`: a model's words."
    )
    text = serializers.CharField()
    memoryIds = serializers.ListField(child=serializers.UUIDField())


class SummarySerializer(serializers.Serializer[Any]):
    """A summary as it was last made."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["ready"])
    subject = SummarySubjectSerializer()
    project = inline_serializer(
        "SummaryProject", {"id": serializers.UUIDField(), "name": serializers.CharField()}, allow_null=True
    )
    session = inline_serializer(
        "SummarySession", {"id": serializers.UUIDField(), "key": serializers.CharField()}, allow_null=True
    )
    author = inline_serializer("SummaryAuthor", {"id": serializers.UUIDField(), "name": serializers.CharField()})
    method = serializers.ChoiceField(choices=SummaryMethod.values)
    model = serializers.CharField(allow_null=True)
    reason = serializers.CharField(
        allow_null=True,
        help_text="Why a model was wanted and did not write: `budget_spent`, `provider_unavailable`, "
        "`rate_limited`, `provider_bad_answer`, `embeddings_off` …",
    )
    stale = serializers.BooleanField(help_text="Its sources have changed; reading it has it made again.")
    occurredAt = serializers.DateTimeField(help_text="When the newest that it tells happened.")
    generatedAt = serializers.DateTimeField()
    processingStatus = serializers.ChoiceField(choices=ProcessingStatus.values)
    content = serializers.CharField(help_text="The lines as text; empty if there is nothing to tell.")
    lines = SummaryLineSerializer(many=True)
    visibility = serializers.ChoiceField(choices=Visibility.values)


class AbsentSummarySerializer(serializers.Serializer[Any]):
    """There is none yet: it is queued, or making it has failed for good."""

    state = serializers.ChoiceField(choices=["pending", "failed"])
    subject = SummarySubjectSerializer()
    reason = serializers.CharField(allow_null=True, help_text="The error code of a dead row of the queue.")
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


class SummaryPageSerializer(serializers.Serializer[Any]):
    """Summaries, the newest first; with `stale` a page may be short and still go on."""

    results = SummarySerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


ERROR = inline_serializer("SummaryError", {"code": serializers.CharField(), "detail": serializers.CharField()})
PENDING = OpenApiResponse(AbsentSummarySerializer, description="It is being made: ask again.")


def _describe(operation: str, what: str) -> dict[str, Any]:
    return {
        "operation_id": operation,
        "responses": {
            200: SummarySerializer,
            202: PENDING,
            404: OpenApiResponse(ERROR, description=f"There is no such {what} that you may see."),
        },
        "tags": ["summaries"],
    }


OF_SESSION = _describe("get_session_summary", "session")
OF_PROJECT = _describe("get_project_summary", "project")
OF_ENTITY = _describe("get_entity_summary", "file or definition")
LIST: dict[str, Any] = {
    "operation_id": "list_summaries",
    "parameters": [
        OpenApiParameter("kind", str, description=", ".join(SummaryKind.values)),
        OpenApiParameter("project", str, description="Project by id, remote, path or name."),
        OpenApiParameter("stale", bool, description="Only those whose sources have changed, or only the others."),
        OpenApiParameter("limit", int, description="1 to 200, default 50."),
        OpenApiParameter("cursor", str, description="`nextCursor` of the page before."),
        OpenApiParameter("workspace", str, description="Optional; must be the key's."),
    ],
    "responses": SummaryPageSerializer,
    "tags": ["summaries"],
}
REFRESH: dict[str, Any] = {
    "operation_id": "refresh_summary",
    "request": inline_serializer(
        "SummaryToRefresh",
        {
            "kind": serializers.ChoiceField(choices=SummaryKind.values),
            "id": serializers.CharField(help_text="Of the session (or its key) or project, uid of the code."),
        },
    ),
    "responses": {202: PENDING, 404: OpenApiResponse(ERROR, description="There is no such subject here.")},
    "examples": [OpenApiExample("A session", value={"kind": "session", "id": "3f6c1d52"}, request_only=True)],
    "tags": ["summaries"],
}
