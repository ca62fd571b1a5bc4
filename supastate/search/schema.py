"""OpenAPI descriptions of the read side; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers


class HighlightSerializer(serializers.Serializer[Any]):
    """A matched word: characters [start, end) of the snippet."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class RelatedItemSerializer(serializers.Serializer[Any]):
    """What belongs to a result."""

    relation = serializers.ChoiceField(
        choices=["previous_turn", "next_turn", "same_file", "linked_code", "linked_memory", "caller"]
    )
    kind = serializers.CharField(help_text="`memory` or `code`.")
    id = serializers.CharField()
    title = serializers.CharField()
    source = serializers.DictField()  # type: ignore[assignment]
    confidence = serializers.FloatField(allow_null=True, help_text="How sure a link is, 0 to 1.")


class SearchResultSerializer(serializers.Serializer[Any]):
    """One result, the best first."""

    kind = serializers.ChoiceField(choices=["memory", "code", "summary"])
    id = serializers.CharField(help_text="A memory's or summary's id, or a code entity's uid.")
    score = serializers.FloatField(allow_null=True, help_text="Null where nothing was searched for: newest first.")
    title = serializers.CharField()
    snippet = serializers.CharField()
    highlights = HighlightSerializer(many=True)
    source = serializers.DictField(  # type: ignore[assignment]
        help_text="Project, session, author, time and line; or path and lines of code; or what a summary is of."
    )
    collapsed = serializers.DictField(
        help_text="`count` and `ids` of results with the same text but for case, punctuation and words like `so`."
    )
    explain = serializers.DictField(
        required=False,
        help_text="`vector`, `text`, `exact`, `speaker`, `recency`, `graph` (turns and links of better results), "
        "`activation` (having been read): contributions, whose sum is the score; `rerank`: the place that a "
        "reranker gave the result, and the one `before`; of a memory `confidence` with value, label and reasons.",
    )
    contradictedBy = serializers.ListField(  # noqa: N815  (wire name)
        child=serializers.UUIDField(), required=False, help_text="Memories that hold against this one, if any."
    )
    contradicts = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Memories that this one holds against, if any."
    )
    related = RelatedItemSerializer(many=True, required=False, help_text="With `related=true`.")


class UnderstoodFilterSerializer(serializers.Serializer[Any]):
    """A filter that was read from the query. To undo it, take `from` out of the query."""

    name = serializers.CharField(help_text="The parameter that says the same.")
    value = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python."""
        return {**super().get_fields(), "from": serializers.CharField(help_text="The words of the query.")}


class UnderstoodSerializer(serializers.Serializer[Any]):
    """What was made of the query."""

    text = serializers.CharField(help_text="What was searched for; empty: nothing, so the newest come first.")
    filters = UnderstoodFilterSerializer(many=True)


class NamedCodeSerializer(serializers.Serializer[Any]):
    """Code that the query names outright, by path or by name."""

    kind = serializers.ChoiceField(choices=["code"])
    id = serializers.CharField(help_text="The entity's uid.")
    title = serializers.CharField()
    source = serializers.DictField()  # type: ignore[assignment]


class ResultGroupSerializer(serializers.Serializer[Any]):
    """A session's or a file's results, the best first; without a key those that belong to none."""

    key = serializers.CharField(allow_null=True)
    title = serializers.CharField(allow_null=True)
    count = serializers.IntegerField(help_text="How many candidates are in the group.")
    results = SearchResultSerializer(many=True, help_text="The first `groupSize` of them.")


class FacetValueSerializer(serializers.Serializer[Any]):
    """One value of a facet."""

    value = serializers.CharField(help_text="What to filter by.")
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class SearchAnswerSerializer(serializers.Serializer[Any]):
    """A page of results."""

    results = SearchResultSerializer(many=True, help_text="Empty with `groupBy`.")
    groups = ResultGroupSerializer(many=True, required=False, help_text="With `groupBy`.")
    facets = serializers.DictField(
        child=FacetValueSerializer(many=True),
        required=False,
        help_text="With `facets`, on a first page: how many candidates have each value, the 20 most frequent.",
    )
    named = NamedCodeSerializer(many=True, required=False, help_text="At most 5, on a first page.")
    understood = UnderstoodSerializer()
    nextCursor = serializers.CharField(allow_null=True)  # noqa: N815  (wire name)
    pending = serializers.IntegerField(help_text="Texts that are not yet found by meaning (10000: or more).")
    degraded = serializers.CharField(
        required=False, help_text="Why only text was searched; `rerank_unavailable`: the order is unreranked."
    )
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


def query_parameter(
    name: str, description: str, kind: Any = str, *, required: bool = False, many: bool = False
) -> OpenApiParameter:
    """Describe a parameter of the query string; `many`: it may be repeated."""
    return OpenApiParameter(name, kind, description=description, required=required, many=many)


FILTERS = {
    "projects": "Projects by id, remote, path or name.",
    "kinds": "`memory`, `code`, `summary`; all by default.",
    "sessions": "Sessions by id or the client's key; of memories and summaries.",
    "roles": "`user`, `assistant`, `tool`, `system`; of memories.",
    "authors": "People by name or id; `me`.",
    "languages": "`python`, `typescript` …; of code.",
    "codeKinds": "`file`, `class`, `function`, `method` …; of code.",
    "paths": "The beginning or the end of a path: of code its file, of a memory a file it names.",
}
SWITCHES = {
    "explain": "Show how each score came about.",
    "related": "Show with each result what belongs to it: turns around it, its file, links, callers.",
    "understand": "Default true; false takes `q` as words, operators and times too.",
}
PARAMETERS = [
    query_parameter(
        "q",
        'What to search for: words, a question, "a phrase", -without, and operators: `project:` `lang:` `kind:` '
        "`role:` `session:` `path:` `author:` `since:` `until:` `before:` `after:`; times (`yesterday`) count. "
        "Required unless there is a filter; without words the newest come first.",
    ),
    *(
        query_parameter(name, f"{text} May be repeated; also `{name[:-1]}`.", many=True)
        for name, text in FILTERS.items()
    ),
    query_parameter("since", "ISO 8601 with zone: when it happened, of code when its file changed."),
    query_parameter("until", "ISO 8601 with zone, exclusive."),
    query_parameter("dateRange", "`from..to`, as `since` and `until`."),
    query_parameter("timezone", "The reader's, such as `Europe/Berlin`, for times in `q`; default UTC."),
    query_parameter("groupBy", "`session` or `file`: `groups` instead of `results`; `limit` counts groups."),
    query_parameter("groupSize", "1 to 20 results of each group, default 3.", int),
    query_parameter(
        "facets",
        "`true`, or some of `projects`, `languages`, `kinds`, `codeKinds`, `roles`, `sessions`, `months`.",
        many=True,
    ),
    *(query_parameter(name, text, bool) for name, text in SWITCHES.items()),
    query_parameter("limit", "1 to 100, default 20.", int),
    query_parameter("cursor", "`nextCursor` of the page before, of the same search."),
    query_parameter("workspace", "Optional; must be the key's."),
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
        "understood": {
            "text": "claim",
            "filters": [{"name": "since", "value": "2026-11-16T00:00:00+00:00", "from": "since:monday"}],
        },
    },
    response_only=True,
)
GROUPED = OpenApiExample(
    "By session, with facets",
    value={
        "results": [],
        "groups": [{"key": "019aa5c2-…", "title": "Why the queue stalls", "count": 4, "results": []}],
        "facets": {"kinds": [{"value": "memory", "label": "memory", "count": 4}]},
        "nextCursor": None,
        "pending": 0,
        "understood": {"text": "claim", "filters": []},
    },
    response_only=True,
)
ASKED = OpenApiExample(
    "Filters and facets",
    value={
        "q": 'claim "nested loop" since:monday',
        "projects": ["acme/shop"],
        "kinds": ["memory"],
        "dateRange": {"from": "2026-11-01T00:00:00Z", "to": None},
        "groupBy": "session",
        "facets": ["roles", "months"],
    },
    request_only=True,
)


def _describe_search(operation: str, *, examples: list[OpenApiExample]) -> dict[str, Any]:
    return {
        "operation_id": operation,
        "parameters": PARAMETERS,
        "responses": SearchAnswerSerializer,
        "examples": examples,
        "tags": ["search"],
    }


MEMORY_SEARCH = _describe_search("search_memories", examples=[EXAMPLE])
CODE_SEARCH = _describe_search("search_code", examples=[])
UNIFIED_SEARCH = _describe_search("search", examples=[EXAMPLE, GROUPED])
TEXTS = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
UNIFIED_SEARCH_POST: dict[str, Any] = {
    "operation_id": "search_by_body",
    "request": inline_serializer(
        "SearchBody",
        {
            "q": serializers.CharField(required=False, allow_null=True),
            **dict.fromkeys(FILTERS, TEXTS),
            "since": serializers.DateTimeField(required=False, allow_null=True),
            "until": serializers.DateTimeField(required=False, allow_null=True),
            "dateRange": serializers.DictField(
                child=serializers.DateTimeField(allow_null=True), required=False, allow_null=True
            ),
            "timezone": serializers.CharField(required=False, allow_null=True),
            "groupBy": serializers.ChoiceField(choices=["session", "file"], required=False, allow_null=True),
            "groupSize": serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=20),
            "facets": serializers.ListField(
                child=serializers.CharField(), required=False, allow_null=True, help_text="Or true: all of them."
            ),
            **{
                name: serializers.BooleanField(required=False, allow_null=True, help_text=text)
                for name, text in SWITCHES.items()
            },
            "limit": serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100),
            "cursor": serializers.CharField(required=False, allow_null=True),
        },
    ),
    "responses": SearchAnswerSerializer,
    "examples": [ASKED, EXAMPLE, GROUPED],
    "tags": ["search"],
}
