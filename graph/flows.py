"""What a project's calls were last found to pass, kept in Postgres: whichever process brings the next edit in
starts from it, and need not ask every file for its calls again."""

from __future__ import annotations

import zlib
from uuid import UUID

import orjson

from graph.models import GraphProject
from graph.resolver import FLOW_VERSION, Flow
from graph.writers import Writer
from supastate.workspaces.scope import workspace_scope

PACKING_LEVEL = 1


def load_flow(project_id: UUID, *, unless: str) -> tuple[Flow, str] | None:
    """Return a project's flow and the hash of what it was found in, None without one or if that is `unless`.

    Runs inside a workspace scope.
    """
    kept = GraphProject.objects.filter(project_id=project_id).exclude(flow_of=unless)
    packed, found_in = kept.values_list("flow", "flow_of").first() or (None, "")
    if packed is None:
        return None
    value = orjson.loads(zlib.decompress(packed))
    return (Flow.from_json(value["flow"]), found_in) if value["version"] == FLOW_VERSION else None


def save_flow(writer: Writer, flow: Flow, *, found_in: str) -> None:
    """Keep a project's flow, unless another worker took over."""
    packed = zlib.compress(orjson.dumps({"version": FLOW_VERSION, "flow": flow.to_json()}), PACKING_LEVEL)
    with workspace_scope(writer.workspace_id):
        mine = GraphProject.objects.filter(project_id=writer.project_id, lease_token=writer.token)
        mine.update(flow=packed, flow_of=found_in)
