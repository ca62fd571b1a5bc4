"""What joins memories and code for a reader: the talk about a definition, the code a memory is about, and other
memories that are related to it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from graph.models import Tombstone
from processing.models import CodeObject, CodeReference, Memory, MemoryLink, TombstoneLink
from supastate.api import inputs
from supastate.api.views import WorkspaceView
from supastate.errors import InvalidInputError, NotFoundError
from supastate.search import related_schema as schema
from supastate.search.relating import Relation, list_related
from supastate.search.rendering import describe_related_memory, describe_source
from supastate.workspaces.models import Scope

MOST_LINKS = 200
MOST_RELATED = 50
PREVIEW_CHARACTERS = 300


class EntityMemoriesView(WorkspaceView):
    """Which conversations discussed or changed this code, and how that is known."""

    required_scope = Scope.GRAPH

    @extend_schema(**schema.ENTITY_MEMORIES)
    def get(self, request: Request, uid: str) -> Response:
        """List the memories linked to a code entity: the surest first, then the newest."""
        limit = inputs.read_number(request.query_params, "limit", default=50, most=MOST_LINKS)
        with self.scope():
            links = (
                _find_links(uid)
                .select_related("memory__project", "memory__session", "memory__author")
                .order_by("-confidence", "-memory__occurred_at", "-memory_id")[: limit + 1]
            )
            items = [_describe_memory_link(link) for link in links]
        return Response({"items": items[:limit], "truncated": len(items) > limit})


class MemoryCodeView(WorkspaceView):
    """The code that a memory is about, and how that is known."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.MEMORY_CODE)
    def get(self, request: Request, memory_id: str) -> Response:
        """List the code entities linked to a memory, the surest first, and the commits that it speaks of."""
        limit = inputs.read_number(request.query_params, "limit", default=50, most=MOST_LINKS)
        with self.scope():
            memory = Memory.objects.filter(pk=inputs.parse_id(memory_id)).first()
            if memory is None:
                raise NotFoundError
            links = (
                MemoryLink.objects.filter(memory=memory)
                .select_related("code_object__file", "code_object__project")
                .order_by("-confidence", "code_object__qualified_name", "how")[: limit + 1]
            )
            items = [_describe_code_link(link) for link in links]
            commits = CodeReference.objects.filter(memory=memory, kind=CodeReference.Kind.COMMIT).order_by("text")
            named = list(commits.values_list("text", flat=True))
        return Response({"items": items[:limit], "truncated": len(items) > limit, "commits": named})


class RelatedMemoriesView(WorkspaceView):
    """What is related to a memory."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.RELATED_MEMORIES)
    def get(self, request: Request, memory_id: str) -> Response:
        """List what is near a memory in time, alike in meaning, or about the same code, each with the reason."""
        query = request.query_params
        found = list_related(
            inputs.parse_id(memory_id),
            _read_relations(inputs.read_text(query, "kinds")),
            limit=inputs.read_number(query, "limit", default=10, most=MOST_RELATED),
            workspace_id=self.caller.workspace_id,
            reader=self.caller.author_id,
        )
        body: dict[str, Any] = {"items": [describe_related_memory(item) for item in found.items]}
        if found.degraded:
            body["degraded"] = found.degraded
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, {"kinds", "limit", "workspace"})))


def _read_relations(text: str) -> list[Relation]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if any(name not in list(Relation) for name in names):
        raise InvalidInputError(
            f"kinds must be some of: {', '.join(Relation)}.", code="invalid_choice", field="kinds"
        )
    return [Relation(name) for name in names] or list(Relation)


def _find_links(uid: str) -> QuerySet[MemoryLink] | QuerySet[TombstoneLink]:
    """Return the links of code, or of what is left of it; raise NotFoundError if there never was such."""
    if CodeObject.objects.filter(uid=uid[:32]).exists():
        return MemoryLink.objects.filter(code_object__uid=uid)
    if Tombstone.objects.filter(uid=uid[:32], deleted_at__isnull=False).exists():
        return TombstoneLink.objects.filter(tombstone__uid=uid)
    raise NotFoundError


def _describe_reason(link: MemoryLink | TombstoneLink) -> dict[str, Any]:
    return {"edge": link.edge, "how": link.how, "confidence": round(link.confidence, 3)}


def _describe_memory_link(link: MemoryLink | TombstoneLink) -> dict[str, Any]:
    memory = link.memory
    return {
        "memoryId": memory.pk,
        "preview": memory.content[:PREVIEW_CHARACTERS],
        "source": describe_source(memory),
        **_describe_reason(link),
    }


def _describe_code_link(link: MemoryLink) -> dict[str, Any]:
    code = link.code_object
    return {"uid": code.uid, "name": code.name, "source": describe_source(code), **_describe_reason(link)}
