"""OpenAPI descriptions of the pattern endpoints; serializers here only document."""

# ruff: noqa: N815  (wire names)

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from processing.models import PatternScope, PatternState, PatternSubtype, PatternType
from supastate.queueing.models import Status


class PatternProjectSerializer(serializers.Serializer[Any]):
    """The project a pattern lies in."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class PatternSerializer(serializers.Serializer[Any]):
    """Something that recurs."""

    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=PatternType.choices)
    subtype = serializers.ChoiceField(choices=PatternSubtype.choices)
    scope = serializers.ChoiceField(
        choices=PatternScope.choices,
        help_text="One author's, several authors' in one project, or several projects'.",
    )
    state = serializers.ChoiceField(choices=PatternState.choices, help_text="What a person said of it.")
    title = serializers.CharField()
    project = PatternProjectSerializer(allow_null=True)
    visibility = serializers.ChoiceField(choices=["workspace", "private"])
    frequency = serializers.IntegerField(help_text="How often it was seen; a rerun does not add to it.")
    confidence = serializers.FloatField(help_text="0 to 1.")
    firstSeen = serializers.DateTimeField()
    lastSeen = serializers.DateTimeField()
    trend = serializers.ChoiceField(
        choices=["new", "rising", "steady", "falling", "quiet"],
        help_text="The last 30 days against the 30 before; quiet: in neither.",
    )
    details = serializers.DictField(help_text="What it is about, by subtype: command and file, path and counts …")
    evidence = serializers.ListField(
        child=serializers.UUIDField(), help_text="Memory ids of the newest occurrence."
    )


class SpanSerializer(serializers.Serializer[Any]):
    """What of a memory's text shows the pattern: first character, past the last."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class EvidenceSerializer(serializers.Serializer[Any]):
    """A memory that shows the pattern."""

    id = serializers.UUIDField()
    role = serializers.CharField()
    occurredAt = serializers.DateTimeField()
    sessionId = serializers.UUIDField(allow_null=True)
    snippet = serializers.CharField(help_text="280 characters, around the first span if there is one.")
    spans = SpanSerializer(many=True)


class OccurrenceSerializer(serializers.Serializer[Any]):
    """One time the pattern was seen."""

    id = serializers.UUIDField()
    startedAt = serializers.DateTimeField(help_text="When its first evidence happened.")
    occurredAt = serializers.DateTimeField()
    summary = serializers.CharField(help_text="The error, the names, how many prompts …; may be empty.")
    entities = serializers.ListField(child=serializers.CharField(), help_text="Uids of the files in the graph.")
    evidence = EvidenceSerializer(many=True)


class PatternDetailSerializer(PatternSerializer):
    """A pattern with its newest occurrences."""

    occurrences = OccurrenceSerializer(many=True)
    editSessions = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="Of `changed_together`: in how many sessions each file was edited at all.",
    )


class PatternPageSerializer(serializers.Serializer[Any]):
    """A page of patterns, the most recently seen first."""

    results = PatternSerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


class JudgementSerializer(serializers.Serializer[Any]):
    """What a person says of a pattern."""

    state = serializers.ChoiceField(choices=PatternState.choices)


class DetectSerializer(serializers.Serializer[Any]):
    """What to detect; everything is optional."""

    patternTypes = serializers.ListField(
        child=serializers.ChoiceField(choices=PatternType.choices), required=False, help_text="All by default."
    )
    limit = serializers.IntegerField(default=100, help_text="Conversations that one slice reads, 1 to 1000.")
    project = serializers.JSONField(required=False, help_text="{remote?, path}, or id, remote, path or name.")
    workspace = serializers.CharField(required=False, help_text="Optional; must be the key's.")


class DetectAnswerSerializer(serializers.Serializer[Any]):
    """The job that was queued."""

    jobId = serializers.UUIDField()
    statusUrl = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


class PatternJobSerializer(serializers.Serializer[Any]):
    """Where a job is on its way."""

    jobId = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    patternTypes = serializers.ListField(child=serializers.CharField())
    attempts = serializers.IntegerField()
    createdAt = serializers.DateTimeField()
    processedAt = serializers.DateTimeField(allow_null=True)
    error = serializers.DictField(allow_null=True)


def _query(name: str, description: str, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description)


PATTERN = {
    "id": "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21",
    "type": "debugging",
    "subtype": "fix",
    "scope": "project",
    "state": "new",
    "title": "`pytest tests/queueing/test_claims.py` failed, fixed by editing supastate/queueing/sql/claim.sql",
    "project": {"id": "019aa5c2-0c11-7aa0-9a3f-1d2c3b4a5968", "name": "supastate"},
    "visibility": "workspace",
    "frequency": 2,
    "confidence": 0.84,
    "firstSeen": "2026-11-02T09:14:03+00:00",
    "lastSeen": "2026-11-20T16:40:51+00:00",
    "trend": "new",
    "details": {
        "command": "pytest tests/queueing/test_claims.py",
        "file": "supastate/queueing/sql/claim.sql",
        "sessions": 2,
    },
    "evidence": ["019aa5c2-7001-7b21-9c55-3f2e1d0c9b8a"],
}
OCCURRENCE = {
    "id": "5f0c1e2d-3b4a-5968-8776-95a4b3c2d1e0",
    "startedAt": "2026-11-20T16:31:10+00:00",
    "occurredAt": "2026-11-20T16:40:51+00:00",
    "summary": "LeaseLostError: another worker has claimed <n> rows",
    "entities": ["f3b1c7d2e9a84c10"],
    "evidence": [
        {
            "id": "019aa5c2-7001-7b21-9c55-3f2e1d0c9b8a",
            "role": "tool",
            "occurredAt": "2026-11-20T16:31:10+00:00",
            "sessionId": "019aa5c2-5a5a-7c0d-8e9f-0a1b2c3d4e5f",
            "snippet": "Exit code 1\nE   LeaseLostError: another worker has claimed 3 rows\nF.. [100%]",
            "spans": [{"start": 12, "end": 65}],
        }
    ],
}
LIST: dict[str, Any] = {
    "operation_id": "list_patterns",
    "parameters": [
        OpenApiParameter("type", str, enum=PatternType.values),
        OpenApiParameter("subtype", str, enum=PatternSubtype.values),
        OpenApiParameter("scope", str, enum=PatternScope.values),
        OpenApiParameter(
            "state", str, enum=PatternState.values, description="Without it, all but what was dismissed."
        ),
        _query("minConfidence", "0 to 1.", float),
        _query("project", "Project by id, remote, path or name."),
        _query("q", "Words of the title."),
        _query("since", "Seen at or after this time: ISO 8601 with zone."),
        _query("limit", "1 to 200, default 50.", int),
        _query("cursor", "`nextCursor` of the page before."),
        _query("workspace", "Optional; must be the key's."),
    ],
    "responses": PatternPageSerializer,
    "examples": [OpenApiExample("Patterns", value={"results": [PATTERN], "nextCursor": None}, response_only=True)],
    "tags": ["patterns"],
}
ONE: dict[str, Any] = {
    "operation_id": "get_pattern",
    "responses": PatternDetailSerializer,
    "examples": [OpenApiExample("A pattern", value={**PATTERN, "occurrences": [OCCURRENCE]}, response_only=True)],
    "tags": ["patterns"],
}
JUDGE: dict[str, Any] = {
    "operation_id": "judge_pattern",
    "request": JudgementSerializer,
    "responses": PatternSerializer,
    "tags": ["patterns"],
}
DETECT: dict[str, Any] = {
    "operation_id": "detect_patterns",
    "request": DetectSerializer,
    "responses": {202: DetectAnswerSerializer},
    "examples": [
        OpenApiExample("One type", value={"patternTypes": ["debugging"], "limit": 100}, request_only=True),
        OpenApiExample(
            "Queued",
            value={
                "jobId": "019aa5c2-8a00-7d10-8b1c-2d3e4f5a6b7c",
                "statusUrl": "/api/patterns/jobs/019aa5c2-8a00-7d10-8b1c-2d3e4f5a6b7c",
            },
            response_only=True,
            status_codes=["202"],
        ),
    ],
    "tags": ["patterns"],
}
JOB: dict[str, Any] = {
    "operation_id": "get_pattern_job",
    "responses": PatternJobSerializer,
    "tags": ["patterns"],
}
