"""OpenAPI descriptions of the read side; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers

from processing.models import MemoryLink


class HighlightSerializer(serializers.Serializer[Any]):
    """A matched word: characters [start, end) of the snippet."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class SearchResultSerializer(serializers.Serializer[Any]):
    """One result, the best first."""

    kind = serializers.ChoiceField(choices=["memory", "code"])
    id = serializers.CharField(help_text="A memory's id, or a code entity's uid.")
    score = serializers.FloatField()
    title = serializers.CharField()
    snippet = serializers.CharField()
    highlights = HighlightSerializer(many=True)
    source = serializers.DictField(  # type: ignore[assignment]
        help_text="Project, session, author, time and line; or path and lines of code."
    )
    collapsed = serializers.DictField(
        help_text="`count` and `ids` of results with the same text but for case, space and punctuation."
    )
    explain = serializers.DictField(
        required=False,
        help_text="`vector`, `text`, `exact`, `speaker`, `recency`: contributions, whose sum is the score.",
    )


class SearchAnswerSerializer(serializers.Serializer[Any]):
    """A page of results."""

    results = SearchResultSerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)  # noqa: N815  (wire name)
    pending = serializers.IntegerField(help_text="Texts that are not yet found by meaning (10000: or more).")
    degraded = serializers.CharField(required=False, help_text="Why only text was searched.")
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


def _query(name: str, description: str, kind: type = str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, required=required)


COMMON = [
    _query("q", 'What to search for: words, a question, "a phrase", -without.', required=True),
    _query("project", "Project by id, remote, path or name; may be repeated."),
    _query("limit", "1 to 100, default 20.", int),
    _query("cursor", "`nextCursor` of the page before."),
    _query("explain", "Show how each score came about.", bool),
    _query("workspace", "Optional; must be the key's."),
]
MEMORY_FILTERS = [
    _query("session", "Session by id or the client's key."),
    _query("role", "user, assistant, tool or system."),
    _query("path", "A file the memory is about."),
    _query("since", "ISO 8601 with zone."),
    _query("until", "ISO 8601 with zone."),
]
CODE_FILTERS = [
    _query("language", "python, typescript …"),
    _query("codeKind", "file, class, function, method …"),
    _query("path", "A path or the beginning of one."),
]
EXAMPLE = OpenApiExample(
    "A memory",
    value={
        "results": [
            {
                "kind": "memory",
                "id": "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21",
                "score": 0.090909,
                "title": "The claim took 2,000 rows where 10 were asked for",
                "snippet": "The claim took 2,000 rows where 10 were asked for: a nested-loop plan.",
                "highlights": [{"start": 4, "end": 9}],
                "source": {"role": "assistant", "session": {"id": "019aa5c2-…", "key": "3f6c1d52"}},
                "collapsed": {"count": 0, "ids": []},
            }
        ],
        "nextCursor": None,
        "pending": 0,
    },
    response_only=True,
)
MEMORY_SEARCH: dict[str, Any] = {
    "operation_id": "search_memories",
    "parameters": [*COMMON, *MEMORY_FILTERS],
    "responses": SearchAnswerSerializer,
    "examples": [EXAMPLE],
    "tags": ["search"],
}
CODE_SEARCH: dict[str, Any] = {
    "operation_id": "search_code",
    "parameters": [*COMMON, *CODE_FILTERS],
    "responses": SearchAnswerSerializer,
    "tags": ["search"],
}
UNIFIED_SEARCH: dict[str, Any] = {
    "operation_id": "search",
    "parameters": [*COMMON, *MEMORY_FILTERS, *CODE_FILTERS[:2], _query("kinds", "memory, code; both by default.")],
    "responses": SearchAnswerSerializer,
    "examples": [EXAMPLE],
    "tags": ["search"],
}
UNIFIED_SEARCH_POST: dict[str, Any] = {
    "operation_id": "search_by_body",
    "request": inline_serializer(
        "SearchBody",
        {
            "q": serializers.CharField(),
            "project": serializers.ListField(child=serializers.CharField(), required=False),
            "kinds": serializers.ListField(child=serializers.CharField(), required=False),
            "limit": serializers.IntegerField(required=False),
            "explain": serializers.BooleanField(required=False),
        },
    ),
    "responses": SearchAnswerSerializer,
    "tags": ["search"],
}


class LinkPageSerializer(serializers.Serializer[Any]):
    """Links with their reasons: `edge`, `how` and `confidence` (0 to 1)."""

    items = serializers.ListField(
        child=serializers.DictField(), help_text=f"Each with `how`: {', '.join(MemoryLink.How.values)}."
    )
    truncated = serializers.BooleanField(help_text="There are more than were asked for.")


ENTITY_MEMORIES: dict[str, Any] = {
    "operation_id": "list_memories_of_entity",
    "parameters": [_query("limit", "1 to 200, default 50.", int)],
    "responses": LinkPageSerializer,
    "tags": ["graph"],
}


class LinkedCodeSerializer(LinkPageSerializer):
    """The code that a memory is about, and the commits that it speaks of."""

    commits = serializers.ListField(child=serializers.CharField(), help_text="Hashes as they were written.")


MEMORY_CODE: dict[str, Any] = {
    "operation_id": "list_code_of_memory",
    "parameters": [_query("limit", "1 to 200, default 50.", int)],
    "responses": LinkedCodeSerializer,
    "tags": ["memories"],
}
