"""OpenAPI descriptions of suggestions, and of what joins memories and code; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, inline_serializer
from rest_framework import serializers

from processing.models import MemoryLink
from supastate.search.schema import query_parameter


class LinkPageSerializer(serializers.Serializer[Any]):
    """Links with their reasons: `edge`, `how` and `confidence` (0 to 1)."""

    items = serializers.ListField(
        child=serializers.DictField(), help_text=f"Each with `how`: {', '.join(MemoryLink.How.values)}."
    )
    truncated = serializers.BooleanField(help_text="There are more than were asked for.")


ENTITY_MEMORIES: dict[str, Any] = {
    "operation_id": "list_memories_of_entity",
    "parameters": [query_parameter("limit", "1 to 200, default 50.", int)],
    "responses": LinkPageSerializer,
    "tags": ["graph"],
}


class LinkedCodeSerializer(LinkPageSerializer):
    """The code that a memory is about, and the commits that it speaks of."""

    commits = serializers.ListField(child=serializers.CharField(), help_text="Hashes as they were written.")


MEMORY_CODE: dict[str, Any] = {
    "operation_id": "list_code_of_memory",
    "parameters": [query_parameter("limit", "1 to 200, default 50.", int)],
    "responses": LinkedCodeSerializer,
    "tags": ["memories"],
}

RELATED_MEMORIES: dict[str, Any] = {
    "operation_id": "list_related_memories",
    "parameters": [
        query_parameter("kinds", "Some of `temporal`, `semantic`, `code`, with commas between; all by default."),
        query_parameter("limit", "1 to 50 of each kind, default 10.", int),
    ],
    "responses": inline_serializer(
        "RelatedMemories",
        {
            "items": inline_serializer(
                "RelatedMemory",
                {
                    "relation": serializers.ChoiceField(choices=["temporal", "semantic", "code"]),
                    "score": serializers.FloatField(help_text="0 to 1, comparable within one relation."),
                    "reason": serializers.CharField(),
                    "id": serializers.UUIDField(),
                    "title": serializers.CharField(),
                    "source": serializers.DictField(),
                },
                many=True,
            ),
            "degraded": serializers.CharField(required=False, help_text="`not_embedded`: none by meaning yet."),
            "warnings": serializers.ListField(child=serializers.CharField(), required=False),
        },
    ),
    "tags": ["memories"],
}
SUGGEST: dict[str, Any] = {
    "operation_id": "suggest",
    "parameters": [
        query_parameter("q", "What has been typed: the beginning of a name, or of a word in it."),
        query_parameter("limit", "1 to 50, default 10.", int),
    ],
    "responses": inline_serializer(
        "Suggestions",
        {
            "suggestions": inline_serializer(
                "Suggestion",
                {
                    "kind": serializers.CharField(help_text="`project`, `entity`, `file` or `session`."),
                    "text": serializers.CharField(),
                    "id": serializers.CharField(help_text="Of code its uid."),
                    "detail": serializers.CharField(help_text="Qualified name, path, identity or client's key."),
                },
                many=True,
            ),
            "warnings": serializers.ListField(child=serializers.CharField(), required=False),
        },
    ),
    "examples": [
        OpenApiExample(
            "claim",
            value={
                "suggestions": [
                    {
                        "kind": "entity",
                        "text": "claim_rows",
                        "id": "3k9zq0…",
                        "detail": "supastate.queueing.claims.claim_rows",
                    }
                ]
            },
            response_only=True,
        )
    ],
    "tags": ["search"],
}
