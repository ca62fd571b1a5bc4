"""OpenAPI descriptions of solutions and insights; serializers here only document."""

# ruff: noqa: N815  (wire names)

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from processing.patterns.schema import OccurrenceSerializer, PatternProjectSerializer


class SolutionSerializer(serializers.Serializer[Any]):
    """One time that an error was mended."""

    error = serializers.CharField(help_text="The error, with paths, numbers and ids masked.")
    patternId = serializers.UUIDField()
    title = serializers.CharField()
    project = PatternProjectSerializer(allow_null=True)
    command = serializers.CharField(help_text="What failed and passed again.")
    file = serializers.CharField(help_text="What was edited most in between.")
    confidence = serializers.FloatField()
    occurrence = OccurrenceSerializer(help_text="Failure, edits and the passing run.")


class SolutionsSerializer(serializers.Serializer[Any]):
    """Solutions, the newest first; empty if the error was never mended here."""

    results = SolutionSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


class SolutionsRequestSerializer(serializers.Serializer[Any]):
    """An output that holds an error."""

    error = serializers.CharField(help_text="An error's line, or a whole output: up to 20,000 characters.")
    project = serializers.CharField(required=False)
    limit = serializers.IntegerField(default=10, help_text="1 to 50.")


class TalkSerializer(serializers.Serializer[Any]):
    """The exchanges about a file."""

    path = serializers.CharField()
    patternId = serializers.UUIDField()
    exchanges = serializers.IntegerField()
    edits = serializers.IntegerField()
    lastSeen = serializers.DateTimeField()


class LoneKnowledgeSerializer(TalkSerializer):
    """A file that one author alone edits and talks about."""

    author = serializers.CharField()


class HotSpotSerializer(TalkSerializer):
    """A file that many import and many talk about."""

    importers = serializers.IntegerField()


class TalkedCycleSerializer(serializers.Serializer[Any]):
    """Files that import each other in a circle."""

    paths = serializers.ListField(child=serializers.CharField(), help_text="A shortest circle.")
    size = serializers.IntegerField(help_text="How many files all reach each other.")
    talk = TalkSerializer(many=True)


class InsightsSerializer(serializers.Serializer[Any]):
    """What the talk about a project's code says of it."""

    loneKnowledge = LoneKnowledgeSerializer(many=True, help_text="Empty where only one author works.")
    hotSpots = HotSpotSerializer(many=True)
    importCycles = TalkedCycleSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


PROJECT = OpenApiParameter("project", str, description="Project by id, remote, path or name.")
SOLUTIONS: dict[str, Any] = {
    "operation_id": "list_pattern_solutions",
    "parameters": [
        OpenApiParameter("error", str, required=True, description="An error's line, or an output that holds it."),
        PROJECT,
        OpenApiParameter("limit", int, description="1 to 50, default 10."),
        OpenApiParameter("workspace", str, description="Optional; must be the key's."),
    ],
    "responses": SolutionsSerializer,
    "tags": ["patterns"],
}
SOLUTIONS_OF_OUTPUT: dict[str, Any] = {
    "operation_id": "find_pattern_solutions",
    "request": SolutionsRequestSerializer,
    "responses": SolutionsSerializer,
    "tags": ["patterns"],
}
INSIGHTS: dict[str, Any] = {
    "operation_id": "get_pattern_insights",
    "parameters": [
        OpenApiParameter(
            "project", str, required=True, description="Project by id, remote, path or name; the first of several."
        ),
        OpenApiParameter("limit", int, description="Of each list: 1 to 200, default 20."),
        OpenApiParameter("workspace", str, description="Optional; must be the key's."),
    ],
    "responses": InsightsSerializer,
    "tags": ["patterns"],
}
