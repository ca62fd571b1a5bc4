"""What is forgotten, the policy, a dry run of one, and forgetting and restoring by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from processing.forgetting import schema, selecting
from processing.forgetting.by_hand import forget_memory, restore_memory
from processing.forgetting.policy import Days, describe_policy, find_policy, set_policy
from processing.forgetting.rendering import describe_act, describe_forgotten, describe_preview
from processing.memories.forgotten import forgotten_shown
from processing.memories.selecting import get_memory
from processing.memories.standing import find_standing
from processing.memories.views import describe_whole, require_author
from processing.models import ForgettingPolicy
from supastate.api import inputs
from supastate.api.pagination import decode_place, encode_place
from supastate.api.views import WorkspaceView
from supastate.workspaces.models import Scope

MOST_RESULTS = 200
MOST_DAYS = 36_500
LIST_KEYS = frozenset({"limit", "cursor", "workspace"})
POLICY_KEYS = frozenset({"forgetAfterDays", "eraseAfterDays", "workspace"})


class ForgettingView(WorkspaceView):
    """What is forgotten and can be restored."""

    required_scope = Scope.SEARCH

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> Response:
        """List forgotten memories, the first to be erased first, with the policy and what was done of late."""
        query = request.query_params
        limit = inputs.read_number(query, "limit", default=50, most=MOST_RESULTS)
        after = decode_place(inputs.read_text(query, "cursor", most=500))
        with self.scope():
            policy = find_policy(self.caller.workspace_id)
            found = selecting.list_forgotten(after=after, limit=limit + 1)
            count = selecting.count_forgotten()
            acts = selecting.list_acts()
        shown = found[:limit]
        more = len(found) > limit
        body = {
            "policy": describe_policy(policy),
            "forgotten": count,
            "results": [describe_forgotten(memory, policy) for memory in shown],
            "nextCursor": encode_place(shown[-1].forgotten_at, shown[-1].pk) if more else None,
            "acts": [describe_act(act) for act in acts],
        }
        return Response(inputs.with_warnings(body, inputs.find_unknown(query, LIST_KEYS)))


class PolicyView(WorkspaceView):
    """The workspace's policy of forgetting."""

    required_scope = {"GET": Scope.SEARCH, "PATCH": Scope.ADMIN}

    @extend_schema(**schema.GET_POLICY)
    def get(self, _request: Request) -> Response:
        """Show the policy; without one nothing is forgotten or erased by itself."""
        with self.scope():
            return Response(describe_policy(find_policy(self.caller.workspace_id)))

    @extend_schema(**schema.SET_POLICY)
    def patch(self, request: Request) -> Response:
        """Set after how many days memories are forgotten and erased; null is never, what is not named stays."""
        body = inputs.require_object(request.data)
        self.caller.require_workspace(body.get("workspace"))
        with self.scope():
            days = _read_days(body, find_policy(self.caller.workspace_id))
            policy = set_policy(self.caller.workspace_id, days, person=self.caller.author_id)
        return Response(inputs.with_warnings(describe_policy(policy), inputs.find_unknown(body, POLICY_KEYS)))


class PreviewView(WorkspaceView):
    """What a policy would do."""

    required_scope = Scope.ADMIN

    @extend_schema(**schema.PREVIEW)
    def post(self, request: Request) -> Response:
        """Tell what a policy would forget and erase, and do nothing; what is not named is as in the policy."""
        body = inputs.require_object(request.data or {})
        self.caller.require_workspace(body.get("workspace"))
        with self.scope():
            days = _read_days(body, find_policy(self.caller.workspace_id))
        who = {"workspace_id": self.caller.workspace_id, "reader": self.caller.author_id}
        preview = selecting.preview_policy(days, **who)
        return Response(
            inputs.with_warnings(describe_preview(days, preview), inputs.find_unknown(body, POLICY_KEYS))
        )


class _ByHandView(WorkspaceView):
    required_scope = Scope.INGEST

    def change(self, memory_id: str, *, restore: bool) -> Response:
        """Forget or restore a memory and answer with it."""
        with self.scope(), forgotten_shown():
            memory = get_memory(inputs.parse_id(memory_id))
            require_author(memory, self.caller)
            act = restore_memory if restore else forget_memory
            act(memory.pk, person=self.caller.author_id)
            return Response(describe_whole(get_memory(memory.pk), find_standing(memory.pk)))


class ForgetView(_ByHandView):
    """Hides a memory."""

    @extend_schema(**schema.FORGET)
    def post(self, _request: Request, memory_id: str) -> Response:
        """Forget a memory: hidden from searches, contexts and patterns, kept until it is restored or erased."""
        return self.change(memory_id, restore=False)


class RestoreView(_ByHandView):
    """Shows a memory again."""

    @extend_schema(**schema.RESTORE)
    def post(self, _request: Request, memory_id: str) -> Response:
        """Restore a forgotten memory, as it was."""
        return self.change(memory_id, restore=True)


def _read_days(body: Mapping[str, Any], policy: ForgettingPolicy) -> Days:
    return Days(
        forget_after=_read_number(body, "forgetAfterDays", policy.forget_after_days),
        erase_after=_read_number(body, "eraseAfterDays", policy.erase_after_days),
    )


def _read_number(body: Mapping[str, Any], field: str, before: int | None) -> int | None:
    if field not in body:
        return before
    return None if body[field] is None else inputs.read_number(body, field, default=0, most=MOST_DAYS) or None
