"""OpenAPI description of `/api/graph/query`; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, inline_serializer
from rest_framework import serializers

from graph.schema import AWAY, ERROR

ROW = serializers.ListField(
    child=serializers.JSONField(allow_null=True), help_text="A value for each column: JSON, a node, edge or path."
)
RESULT = inline_serializer(
    "GraphQueryResult",
    {
        "columns": serializers.ListField(child=serializers.CharField()),
        "rows": serializers.ListField(child=ROW),
        "truncated": serializers.BooleanField(help_text="There were more rows, or they were too large."),
        "warnings": serializers.ListField(child=serializers.CharField()),
    },
)
REFUSED = OpenApiResponse(
    inline_serializer(
        "GraphQueryError",
        {
            "code": serializers.CharField(),
            "detail": serializers.CharField(),
            "line": serializers.IntegerField(required=False),
            "column": serializers.IntegerField(required=False),
        },
    ),
    description=(
        "`cypher_not_allowed`, `cypher_syntax_error`, `cypher_too_costly`, `cypher_unknown_name`, `cypher_failed` "
        "or `invalid_parameters`, with the place and what to write instead."
    ),
)
QUERY: dict[str, Any] = {
    "operation_id": "query_graph",
    "request": inline_serializer(
        "GraphQuery",
        {
            "cypher": serializers.CharField(),
            "parameters": serializers.DictField(child=serializers.JSONField(), required=False),
            "workspace": serializers.CharField(required=False, help_text="Must be the key's."),
        },
    ),
    "responses": {
        200: RESULT,
        400: REFUSED,
        413: OpenApiResponse(ERROR, description="`query_too_long` or `answer_too_large`."),
        422: OpenApiResponse(ERROR, description="`query_timeout`: ask for less."),
        429: OpenApiResponse(ERROR, description="`too_many_queries` of this workspace are running."),
        503: AWAY,
    },
    "examples": [
        OpenApiExample(
            "Callers",
            value={
                "cypher": "MATCH (f:Function {name: $name})<-[:CALLS]-(g) RETURN g.qualifiedName, g.path",
                "parameters": {"name": "load"},
            },
            request_only=True,
        )
    ],
    "tags": ["graph"],
}
