"""OpenAPI descriptions of `/api/graph`; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from graph.elements import NodeLabel

CODE_LABELS = [label.value for label in (NodeLabel.FILE, NodeLabel.CLASS, NodeLabel.FUNCTION, NodeLabel.MODULE)]
WARNINGS = serializers.ListField(child=serializers.CharField(), required=False)
ENTITY_FIELDS: dict[str, Any] = {
    "uid": serializers.CharField(help_text="Opaque, URL-safe, the same as long as the entity keeps its name."),
    "label": serializers.ChoiceField(choices=CODE_LABELS),
    "kind": serializers.CharField(help_text="file, class, function, method, module …"),
    "name": serializers.CharField(),
    "qualifiedName": serializers.CharField(),
    "path": serializers.CharField(allow_null=True),
    "startLine": serializers.IntegerField(allow_null=True),
    "endLine": serializers.IntegerField(allow_null=True),
    "signature": serializers.CharField(allow_null=True),
    "language": serializers.CharField(allow_null=True),
    "project": inline_serializer(
        "EntityProject", {"id": serializers.UUIDField(), "name": serializers.CharField()}
    ),
    "deletedAt": serializers.DateTimeField(required=False, help_text="It is gone, but memories speak of it."),
}
ENTITY = inline_serializer("GraphEntity", ENTITY_FIELDS)
COUNT_FIELDS: dict[str, Any] = {
    "count": serializers.IntegerField(),
    "truncated": serializers.BooleanField(help_text="At least so many."),
}
COUNTED_ENTITY = inline_serializer(
    "CountedGraphEntity",
    {
        **ENTITY_FIELDS,
        "callers": inline_serializer("CallerCount", COUNT_FIELDS),
        "callees": inline_serializer("CalleeCount", COUNT_FIELDS),
    },
)
ENTITY_PAGE = inline_serializer(
    "GraphEntityPage",
    {
        "results": inline_serializer("GraphEntityInPage", ENTITY_FIELDS, many=True),
        "nextCursor": serializers.CharField(allow_null=True),
        "warnings": WARNINGS,
    },
)
NEIGHBOURHOOD_FIELDS: dict[str, Any] = {
    "items": inline_serializer(
        "GraphNeighbour",
        {
            "entity": ENTITY,
            "depth": serializers.IntegerField(),
            "via": serializers.CharField(help_text="The uid next to it on the way, the start's at depth 1."),
            "confidence": serializers.FloatField(allow_null=True),
            "method": serializers.CharField(allow_null=True, help_text="How the call was resolved."),
            "lines": serializers.ListField(child=serializers.IntegerField()),
        },
        many=True,
    ),
    "truncated": serializers.BooleanField(help_text="There are more than were asked for."),
    "nextCursor": serializers.CharField(allow_null=True),
}
NEIGHBOURHOOD = inline_serializer("GraphNeighbourhood", NEIGHBOURHOOD_FIELDS)
IMPORTS = inline_serializer(
    "GraphImports",
    {
        "uid": serializers.CharField(help_text="The file's."),
        "imports": NEIGHBOURHOOD,
        "importedBy": inline_serializer("GraphImporters", NEIGHBOURHOOD_FIELDS),
    },
)
IMPACT = inline_serializer(
    "GraphImpact",
    {
        "items": inline_serializer(
            "GraphHit",
            {
                "entity": inline_serializer("GraphHitEntity", ENTITY_FIELDS),
                "path": serializers.ListField(child=serializers.CharField(), help_text="From it to the start."),
                "depth": serializers.IntegerField(),
                "confidence": serializers.FloatField(help_text="Product over the calls of the path."),
            },
            many=True,
        ),
        "truncated": serializers.BooleanField(),
        "nextCursor": serializers.CharField(allow_null=True),
    },
)
ERROR = inline_serializer("GraphError", {"code": serializers.CharField(), "detail": serializers.CharField()})
AWAY = OpenApiResponse(ERROR, description="`graph_unavailable` or `graph_timeout`: try again after Retry-After.")
NOT_FOUND = OpenApiResponse(ERROR, description="There is no such entity that you may see.")


def query(name: str, description: str, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description)


def below(operation_id: str, response: Any, *parameters: OpenApiParameter) -> dict[str, Any]:
    return {
        "operation_id": operation_id,
        "parameters": list(parameters),
        "responses": {200: response, 404: NOT_FOUND, 503: AWAY},
        "tags": ["graph"],
    }


LIMIT = query("limit", "1 to 500, default 100.", int)
CURSOR = query("cursor", "`nextCursor` of the page before.")
DEPTH = query("depth", "Calls away: 1 to 5, default 1.", int)
FIND_ENTITIES: dict[str, Any] = {
    "operation_id": "find_entities",
    "parameters": [
        query("q", "Part of a name or qualified name; without it, all."),
        query("kind", "file, class, function, method, module …"),
        query("path", "A file or a folder."),
        query("project", "Project by id, remote, path or name."),
        query("limit", "1 to 200, default 50.", int),
        query("cursor", "`nextCursor` of the page before."),
        query("workspace", "Optional; must be the key's."),
    ],
    "responses": {200: ENTITY_PAGE, 503: AWAY},
    "tags": ["graph"],
}
GET_ENTITY = below("get_entity", COUNTED_ENTITY)
LIST_CALLERS = below("list_callers", NEIGHBOURHOOD, DEPTH, LIMIT, CURSOR)
LIST_CALLEES = below("list_callees", NEIGHBOURHOOD, DEPTH, LIMIT, CURSOR)
LIST_IMPORTS = below("list_imports", IMPORTS, LIMIT, CURSOR)
TRACE_IMPACT = below("trace_impact", IMPACT, query("depth", "Calls away: 1 to 5, default 5.", int), LIMIT, CURSOR)
