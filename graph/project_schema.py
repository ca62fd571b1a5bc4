"""OpenAPI descriptions of what `/api/graph` says of projects and ways; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from graph.schema import AWAY, CURSOR, ENTITY_FIELDS, ERROR, LIMIT, NEIGHBOURHOOD_FIELDS, WARNINGS, below, query

PROJECT = query("project", "Project by id, remote, path or name; without it, all that you may see.")
NO_PROJECT = OpenApiResponse(ERROR, description="There is no such project that you may see.")


def _about_projects(operation_id: str, response: Any, *parameters: OpenApiParameter) -> dict[str, Any]:
    return {
        "operation_id": operation_id,
        "parameters": [PROJECT, *parameters],
        "responses": {200: response, 404: NO_PROJECT, 503: AWAY},
        "tags": ["graph"],
    }


def _entity(name: str, *, many: bool = False) -> serializers.BaseSerializer[Any]:
    return inline_serializer(name, ENTITY_FIELDS, many=many)


def _ranked(name: str) -> serializers.BaseSerializer[Any]:
    fields: dict[str, Any] = {"entity": _entity(f"{name}Entity"), "count": serializers.IntegerField()}
    return inline_serializer(name, fields, many=True)


CURSOR_FIELD = serializers.CharField(allow_null=True)
FIND_POSITION = _about_projects(
    "find_position",
    inline_serializer("GraphPosition", {"results": _entity("EntityAtLine", many=True), "warnings": WARNINGS}),
    OpenApiParameter("path", str, required=True, description="The file."),
    query("line", "From 1, the default.", int),
)
GET_OVERVIEW = _about_projects(
    "get_graph_overview",
    inline_serializer(
        "GraphOverview",
        {
            "projects": inline_serializer(
                "OverviewProject", {"id": serializers.UUIDField(), "name": serializers.CharField()}, many=True
            ),
            "nodes": serializers.DictField(child=serializers.IntegerField(), help_text="By label."),
            "edges": serializers.DictField(child=serializers.IntegerField(), help_text="By type."),
            "languages": inline_serializer(
                "LanguageShare",
                {
                    "language": serializers.CharField(allow_null=True),
                    "files": serializers.IntegerField(),
                    "lines": serializers.IntegerField(),
                },
                many=True,
            ),
            "mostCalled": _ranked("MostCalled"),
            "mostImported": _ranked("MostImported"),
            "externalModules": _ranked("ExternalModule"),
            "mostInherited": _ranked("MostInherited"),
            "warnings": WARNINGS,
        },
    ),
)
LIST_HOTSPOTS = _about_projects(
    "list_hotspots",
    inline_serializer(
        "GraphHotspots",
        {
            "by": serializers.CharField(),
            "items": _ranked("GraphHotspot"),
            "nextCursor": CURSOR_FIELD,
            "warnings": WARNINGS,
        },
    ),
    query("by", "callers (default), callees, importers or subclasses."),
    LIMIT,
    CURSOR,
)
LIST_UNREFERENCED = _about_projects(
    "list_unreferenced",
    inline_serializer(
        "GraphUnreferenced",
        {
            "items": _entity("UnreferencedEntity", many=True),
            "nextCursor": CURSOR_FIELD,
            "warnings": WARNINGS,
        },
    ),
    query("kind", "function, method, class …"),
    query("path", "A file or a folder."),
    LIMIT,
    CURSOR,
)
LIST_CYCLES = _about_projects(
    "list_cycles",
    inline_serializer(
        "GraphCycles",
        {
            "of": serializers.CharField(),
            "count": serializers.IntegerField(),
            "items": inline_serializer(
                "GraphCycle",
                {
                    "size": serializers.IntegerField(),
                    "members": serializers.ListField(child=serializers.CharField(), help_text="All uids."),
                    "shortest": _entity("EntityInCycle", many=True),
                },
                many=True,
            ),
            "truncated": serializers.BooleanField(),
            "warnings": WARNINGS,
        },
    ),
    query("of", "imports (default), calls or inheritance."),
)
LIST_INHERITANCE = below(
    "list_inheritance",
    inline_serializer(
        "GraphInheritance",
        {
            "uid": serializers.CharField(),
            "ancestors": inline_serializer("GraphAncestors", NEIGHBOURHOOD_FIELDS),
            "descendants": inline_serializer("GraphDescendants", NEIGHBOURHOOD_FIELDS),
            "warnings": WARNINGS,
        },
    ),
    query("depth", "Generations away: 1 to 10, default 10.", int),
    LIMIT,
    CURSOR,
)
FIND_PATH: dict[str, Any] = {
    "operation_id": "find_path",
    "parameters": [
        OpenApiParameter("from", str, required=True, description="uid of the first entity."),
        OpenApiParameter("to", str, required=True, description="uid of the last."),
        query("types", "calls (default), imports, inherits, overrides, defines, contains; several by comma."),
    ],
    "responses": {
        200: inline_serializer(
            "GraphPath",
            {
                "found": serializers.BooleanField(),
                "length": serializers.IntegerField(allow_null=True, help_text="Edges between the two."),
                "entities": _entity("EntityOnPath", many=True),
                "edges": inline_serializer(
                    "EdgeOnPath",
                    {
                        "type": serializers.CharField(),
                        "from": serializers.CharField(),
                        "to": serializers.CharField(),
                        "confidence": serializers.FloatField(allow_null=True),
                        "lines": serializers.ListField(child=serializers.IntegerField()),
                    },
                    many=True,
                ),
                "searchEnded": serializers.ChoiceField(
                    choices=["complete", "limit"], help_text="limit: there may be a path all the same."
                ),
                "warnings": WARNINGS,
            },
        ),
        404: OpenApiResponse(ERROR, description="There is no such entity that you may see."),
        503: AWAY,
    },
    "tags": ["graph"],
}
