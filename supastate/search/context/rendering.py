"""The wire form of a context."""

from __future__ import annotations

from typing import Any

from supastate.api.inputs import with_warnings
from supastate.search.context.model import SECTIONS, Chosen, Context, SectionPlan

MOST_LEFT_OUT = 50


def describe_context(context: Context) -> dict[str, Any]:
    """Return messages in the order of reading, what they cost, and why they were chosen."""
    body: dict[str, Any] = {
        "messages": [_describe_message(item) for section in context.sections for item in section.chosen],
        "tokens": context.tokens,
        "tokenBudget": context.token_budget,
        "pending": context.pending,
        "explain": {
            "query": {"text": context.question.text, "from": context.question.origin},
            "sections": [_explain_section(section) for section in context.sections],
        },
    }
    if context.degraded:
        body["degraded"] = context.degraded
    return with_warnings(body, context.warnings)


def _describe_message(item: Chosen) -> dict[str, Any]:
    return {"role": item.candidate.role, "content": item.form.text, "source": dict(item.candidate.source)}


def _explain_section(plan: SectionPlan) -> dict[str, Any]:
    return {
        "section": plan.section.value,
        "share": SECTIONS[plan.section],
        "allowed": plan.allowed,
        "tokens": plan.tokens,
        "shown": [_explain_choice(item) for item in plan.chosen],
        "leftOut": [{**_identify(item.source), "reason": item.reason} for item in plan.left_out[:MOST_LEFT_OUT]],
        "leftOutCount": len(plan.left_out),
    }


def _explain_choice(item: Chosen) -> dict[str, Any]:
    candidate = item.candidate
    return {**_identify(candidate.source), **candidate.why, "form": item.form.name, "tokens": item.form.tokens}


def _identify(source: Any) -> dict[str, Any]:
    return {name: source[name] for name in ("kind", "id", "uid", "path") if source.get(name) is not None}
