"""What the views of `/api/graph` share: which entities and projects the caller may see, and parts of lists.

Postgres says which projects the caller may see; the store is asked afterwards, outside of any transaction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rest_framework.response import Response

from graph.connection import graph_store
from graph.rendering import MOST_PLACES, Page
from graph.store.model import CODE_LABELS, GraphEntity
from graph.visibility import ProjectNames, name_projects
from supastate.api import inputs
from supastate.api.pagination import broken_cursor, decode_cursor
from supastate.api.views import WorkspaceView
from supastate.errors import NotFoundError
from supastate.workspaces.models import Scope

UID = re.compile(r"[0-9A-Za-z_-]{1,128}", re.ASCII)
MOST_NEIGHBOURS = 500


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that the caller may see, with the names of the caller's projects."""

    entity: GraphEntity
    projects: ProjectNames


class GraphView(WorkspaceView):
    """A view of the code graph."""

    required_scope = Scope.GRAPH
    known: frozenset[str] = frozenset({"workspace"})

    def find(self, uid: str) -> Found:
        """Return a visible entity of the code; raise NotFoundError for any other uid."""
        with self.scope():
            projects = name_projects()
        entity = graph_store().entity(self.caller.workspace_id, uid) if UID.fullmatch(uid) else None
        if entity is None or entity.label not in CODE_LABELS or entity.project not in projects:
            raise NotFoundError("There is no such entity.")
        return Found(entity, projects)

    def read_projects(self) -> ProjectNames:
        """Return the visible projects that `project` names, without it all; a name that none has is not found."""
        named = inputs.read_text(self.request.query_params, "project")
        with self.scope():
            projects = name_projects(named)
        if named and not projects:
            raise NotFoundError("There is no such project.")
        return projects

    def read_page(self) -> Page:
        """Return which part of a list to show."""
        query = self.request.query_params
        limit = inputs.read_number(query, "limit", default=100, most=MOST_NEIGHBOURS)
        place = decode_cursor(inputs.read_text(query, "cursor", most=200), int)
        offset = place[0] if place else 0
        if not 0 <= offset <= MOST_PLACES:
            raise broken_cursor()
        return Page(offset, limit)

    def read_depth(self, *, default: int, most: int) -> int:
        """Return how many steps to go."""
        return inputs.read_number(self.request.query_params, "depth", default=default, most=most)

    def answer(self, body: dict[str, Any]) -> Response:
        """Answer with `body` and the query parameters that nothing read."""
        return Response(inputs.with_warnings(body, inputs.find_unknown(self.request.query_params, self.known)))
