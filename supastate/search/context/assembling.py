"""The assembly of a context: read, search, choose within the budget, put in the order of reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from processing.models import Role
from supastate.search.context.budgeting import allot, choose
from supastate.search.context.code import list_code
from supastate.search.context.gathering import Gathered, gather
from supastate.search.context.holders import prefer_holders
from supastate.search.context.memories import describe, list_memories
from supastate.search.context.model import (
    SECTIONS,
    Candidate,
    Context,
    ContextRequest,
    LeftOut,
    Question,
    Section,
    SectionPlan,
)
from supastate.search.context.shortening import find_words
from supastate.search.context.summaries import list_summaries
from supastate.search.context.turns import list_turns
from supastate.search.model import Filters, Kind, SearchRequest
from supastate.search.searching import SearchPage, search
from supastate.workspaces.scope import workspace_scope

MOST_HITS = 40
DERIVED_CHARACTERS = 1_000
DERIVED_FILES = 20
NOTHING_FOUND = SearchPage(hits=[], after=None, pending=0, degraded=None)


def assemble_context(request: ContextRequest, *, workspace_id: UUID, reader: UUID) -> Context:
    """Return what the reader's assistant should read now, within the budget of the request."""
    with workspace_scope(workspace_id, reader=reader):
        gathered = gather(request, reader=reader)
    question = derive_question(request, gathered)
    page = _search(question, gathered, workspace_id=workspace_id, reader=reader)
    preferred = prefer_holders(list(enumerate(page.hits, start=1)), workspace_id=workspace_id, reader=reader)
    hits = preferred.hits
    words = find_words(question.text)
    memories = list_memories(hits, gathered.turns, words=words)
    lost = [LeftOut(describe(memory), "contradicted") for memory in preferred.losers]
    candidates: dict[Section, Sequence[Candidate]] = {
        Section.CODE: list_code(gathered, hits),
        Section.SUMMARIES: list_summaries(gathered, hits, words=words),
        Section.TURNS: list_turns(gathered.turns, gathered.session, words=words),
        Section.MEMORIES: memories.candidates,
    }
    return Context(
        sections=plan_sections(
            candidates, budget=request.token_budget, left_out={Section.MEMORIES: [*memories.left_out, *lost]}
        ),
        question=question,
        token_budget=request.token_budget,
        pending=page.pending,
        degraded=page.degraded,
        warnings=gathered.warnings,
    )


def derive_question(request: ContextRequest, gathered: Gathered) -> Question:
    """Return the query; without one, what the person said last in the session, and the names of the files."""
    if request.query:
        return Question(request.query, "request")
    said = next((turn.text for turn in reversed(gathered.turns) if turn.role == Role.USER), "")
    text = " ".join([said[:DERIVED_CHARACTERS], *request.files[:DERIVED_FILES]]).strip()
    if not text:
        return Question("", "nothing")
    return Question(text, "session" if said else "files")


def plan_sections(
    candidates: Mapping[Section, Sequence[Candidate]],
    *,
    budget: int,
    left_out: Mapping[Section, Sequence[LeftOut]],
) -> list[SectionPlan]:
    """Choose for each section within its part of the budget; what one leaves over, the next may use."""
    wants = {
        section: sum(candidate.forms[0].tokens for candidate in listed) for section, listed in candidates.items()
    }
    parts = allot(budget, wants=wants, shares=SECTIONS)
    plans: list[SectionPlan] = []
    spare = 0
    for section in SECTIONS:
        allowed = parts[section] + spare
        plan = _plan_section(section, candidates.get(section, ()), allowed, left_out.get(section, ()))
        spare = allowed - plan.tokens
        plans.append(plan)
    return plans


def _plan_section(
    section: Section, candidates: Sequence[Candidate], allowed: int, left_out: Sequence[LeftOut]
) -> SectionPlan:
    chosen = choose(candidates, room=allowed)
    shown = {id(item.candidate) for item in chosen}
    return SectionPlan(
        section=section,
        allowed=allowed,
        chosen=sorted(chosen, key=lambda item: item.candidate.place),
        left_out=[
            *(LeftOut(candidate.source, "no_room") for candidate in candidates if id(candidate) not in shown),
            *left_out,
        ],
    )


def _search(question: Question, gathered: Gathered, *, workspace_id: UUID, reader: UUID) -> SearchPage:
    if not question.text:
        return NOTHING_FOUND
    wanted = SearchRequest(
        query=question.text,
        kinds=tuple(Kind),
        limit=MOST_HITS,
        filters=Filters(projects=gathered.projects, without=[turn.id for turn in gathered.turns] or None),
    )
    return search(wanted, workspace_id=workspace_id, reader=reader)
