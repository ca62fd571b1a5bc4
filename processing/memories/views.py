"""`/api/memories`: list, remember, get, change, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ingest.memory_types import read_memory_type
from ingest.receipts import Sender
from processing.dynamics.accesses import note_accesses
from processing.dynamics.pinning import pin_memory
from processing.memories import schema
from processing.memories.changing import change_memory
from processing.memories.erasing import erase_memories
from processing.memories.forgotten import forgotten_shown
from processing.memories.remembering import remember
from processing.memories.rendering import describe_link, describe_memory
from processing.memories.requests import parse_change, parse_new_memory, read_moment
from processing.memories.selecting import (
    MemoryFilters,
    Place,
    get_memory,
    list_links,
    list_memories,
    place_of,
)
from processing.memories.standing import Standing, describe_standing, find_standing, find_standings
from processing.models import Layer, Memory, MemoryAccess, ProcessingStatus, Role
from supastate.api import inputs
from supastate.api.authentication import Caller
from supastate.api.pagination import decode_cursor, encode_cursor
from supastate.api.views import WorkspaceView
from supastate.errors import ForbiddenError, InvalidInputError
from supastate.workspaces.models import Scope
from supastate.workspaces.projects import find_projects

MOST_RESULTS = 200
FILTERS = frozenset(
    {"workspace", "project", "session", "role", "type", "layer", "status", "author", "file"}
    | {"since", "until", "limit", "cursor"}
)


class MemoriesView(WorkspaceView):
    """All memories that the caller may see."""

    required_scope = {"GET": Scope.SEARCH, "POST": Scope.INGEST}

    @extend_schema(**schema.LIST_MEMORIES)
    def get(self, request: Request) -> Response:
        """List memories, the newest first."""
        query = request.query_params
        limit = inputs.read_number(query, "limit", default=50, most=MOST_RESULTS)
        cursor = decode_cursor(inputs.read_text(query, "cursor", most=500), int, str)
        with self.scope():
            filters = _read_filters(query, caller=self.caller)
            found = list_memories(filters, after=Place(*cursor) if cursor else None, limit=limit + 1)
            standings = find_standings([memory.pk for memory in found])
        body = {
            "results": [
                describe_whole(memory, standings[memory.pk]) for memory in found[:limit] if memory.pk in standings
            ],
            "nextCursor": _encode_place(found[limit - 1]) if len(found) > limit else None,
        }
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, FILTERS)))

    @extend_schema(**schema.REMEMBER)
    def post(self, request: Request) -> Response:
        """Remember one memory; searchable by its words at once. A known clientId answers 200."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        new = parse_new_memory(body, request.query_params)
        sender = Sender(
            workspace_id=self.caller.workspace_id,
            author_id=self.caller.author_id,
            key_id=self.caller.key_id,
            visibility=new.visibility,
        )
        with self.scope(), forgotten_shown():
            remembered = remember(new, sender=sender)
            memory = get_memory(remembered.memory_id)
            standing = find_standing(memory.pk)
        answer = {**describe_whole(memory, standing), "maskedSecrets": new.masked if remembered.is_new else 0}
        return Response(inputs.with_warnings(answer, new.warnings), status=201 if remembered.is_new else 200)


class MemoryView(WorkspaceView):
    """One memory."""

    required_scope = {"GET": Scope.SEARCH, "PATCH": Scope.INGEST, "DELETE": Scope.INGEST}

    @extend_schema(**schema.GET_MEMORY)
    def get(self, _request: Request, memory_id: str) -> Response:
        """Get a memory with its links to code."""
        with self.scope(), forgotten_shown():
            memory = get_memory(inputs.parse_id(memory_id))
            links = list_links(memory)
            standing = find_standing(memory.pk)
        caller = self.caller
        note_accesses(
            [memory.pk],
            workspace_id=caller.workspace_id,
            reader=caller.author_id,
            way=MemoryAccess.Way.READ,
        )
        return Response({**describe_whole(memory, standing), "links": [describe_link(link) for link in links]})

    @extend_schema(**schema.CHANGE_MEMORY)
    def patch(self, request: Request, memory_id: str) -> Response:
        """Change the given fields; its author or an admin key may, its visibility only its author."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        with self.scope(), forgotten_shown():
            memory = get_memory(inputs.parse_id(memory_id))
            require_author(memory, self.caller)
            wanted = parse_change(body, root=memory.project.path if memory.project else "")
            if wanted.change.visibility is not None:
                require_author(memory, self.caller, even_for_admins=True)
            change_memory(memory.pk, wanted.change)
            if wanted.pinned is not None:
                pin_memory(memory, pinned=wanted.pinned)
            changed = get_memory(memory.pk)
            standing = find_standing(memory.pk)
        answer = {**describe_whole(changed, standing), "maskedSecrets": wanted.masked}
        return Response(inputs.with_warnings(answer, wanted.warnings))

    @extend_schema(**schema.DELETE_MEMORY)
    def delete(self, _request: Request, memory_id: str) -> Response:
        """Delete a memory for good; its author or an admin key may."""
        with self.scope(), forgotten_shown():
            memory = get_memory(inputs.parse_id(memory_id))
            require_author(memory, self.caller)
        erase_memories([memory.pk], workspace_id=self.caller.workspace_id)
        return Response(status=204)


def describe_whole(memory: Memory, standing: Standing) -> dict[str, Any]:
    """Return all that is told of a memory."""
    return {**describe_memory(memory), **describe_standing(standing)}


def _read_filters(query: Mapping[str, Any], *, caller: Caller) -> MemoryFilters:
    project = inputs.read_text(query, "project")
    return MemoryFilters(
        projects=find_projects(project) if project else None,
        session=inputs.read_text(query, "session"),
        role=inputs.read_text(query, "role", choices=Role.values),
        type=read_memory_type(query, "type") or "",
        layer=inputs.read_text(query, "layer", choices=Layer.values),
        status=inputs.read_text(query, "status", choices=ProcessingStatus.values),
        author_id=_read_author(query, caller=caller),
        file=inputs.read_text(query, "file"),
        since=read_moment(query, "since"),
        until=read_moment(query, "until"),
    )


def _read_author(query: Mapping[str, Any], *, caller: Caller) -> UUID | None:
    text = inputs.read_text(query, "author")
    if not text:
        return None
    if text == "me":
        return caller.author_id
    try:
        return UUID(text)
    except ValueError as exc:
        raise InvalidInputError("author must be `me` or an id.", code="invalid_type", field="author") from exc


def require_author(memory: Memory, caller: Caller, *, even_for_admins: bool = False) -> None:
    """Raise ForbiddenError unless the caller wrote the memory, or has an admin's key where that is enough."""
    if memory.author_id == caller.author_id:
        return
    if even_for_admins:
        raise ForbiddenError("Only its author may change who sees a memory.", code="not_author")
    if Scope.ADMIN not in caller.scopes:
        raise ForbiddenError("Only its author, or a key with the scope admin, may do this.", code="not_author")


def _encode_place(memory: Memory) -> str:
    place = place_of(memory)
    return encode_cursor(place.microseconds, place.memory_id)
