"""OpenAPI description of the context; serializers here only document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, inline_serializer
from rest_framework import serializers

from processing.models import Role
from supastate.search.context.requests import DEFAULT_TOKENS, LEAST_TOKENS, MOST_FILES, MOST_TOKENS

TEXT = serializers.CharField


class ContextMessageSerializer(serializers.Serializer[Any]):
    """A text to read; `source` says where it comes from."""

    role = serializers.ChoiceField(choices=Role.values, help_text="Of a turn its own; of all else system.")
    content = TEXT()
    source = serializers.DictField(  # type: ignore[assignment]
        help_text="kind (file, code, turn, memory), and what it has of id, uid, path, lines, session, occurredAt."
    )


class ContextSerializer(serializers.Serializer[Any]):
    """What to read, in this order: code, the session's turns, then memories, the best of them last."""

    messages = ContextMessageSerializer(many=True)
    tokens = serializers.IntegerField(help_text="Estimate; never more than tokenBudget.")
    tokenBudget = serializers.IntegerField()  # noqa: N815  (wire name)
    pending = serializers.IntegerField(help_text="Texts that are not yet found by meaning (10000: or more).")
    explain = serializers.DictField(
        help_text="The query and where it came from; for each section its share and tokens, why each message was "
        "chosen and in which form, and what was left out: no_room, near_duplicate, contradicted."
    )
    degraded = TEXT(required=False, help_text="Why only text was searched.")
    warnings = serializers.ListField(child=TEXT(), required=False)


EXAMPLE = OpenApiExample(
    "One memory",
    value={
        "messages": [
            {
                "role": "system",
                "content": "Earlier, 2026-11-20, assistant:\nWe chose leases over acknowledgements.",
                "source": {"kind": "memory", "id": "019aa5c2-6f0e-7c11-8d53-0f7b9e3f5a21", "role": "assistant"},
            }
        ],
        "tokens": 28,
        "tokenBudget": 4000,
        "pending": 0,
        "explain": {"query": {"text": "why leases", "from": "request"}, "sections": []},
    },
    response_only=True,
)
ASSEMBLE: dict[str, Any] = {
    "operation_id": "assemble_context",
    "request": inline_serializer(
        "ContextBody",
        {
            "query": TEXT(required=False, help_text="Without it, the session's last user turn and the files."),
            "session": TEXT(required=False, help_text="By id or the client's key."),
            "project": TEXT(required=False, help_text="By id, remote, path or name; else the session's."),
            "files": serializers.ListField(child=TEXT(), required=False, max_length=MOST_FILES),
            "tokenBudget": serializers.IntegerField(
                required=False, min_value=LEAST_TOKENS, max_value=MOST_TOKENS, default=DEFAULT_TOKENS
            ),
        },
    ),
    "responses": ContextSerializer,
    "examples": [EXAMPLE],
    "tags": ["search"],
}
