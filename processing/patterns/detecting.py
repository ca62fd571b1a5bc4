"""Does the detection jobs: reads what is new, conversation by conversation, each in a transaction of its own.

Every such transaction holds the findings, the checkpoint and the proof that the job is still ours; so a job
that is cut off, or done twice, or done by two workers at once, ends with the same patterns. A job that takes
long leaves the rest to a new row.
"""

from __future__ import annotations

import time
from dataclasses import replace
from uuid import UUID

from processing.contradictions.finding import review_changed, suggest_next
from processing.models import PatternQueue, PatternType
from processing.models.patterns import CONTRADICTIONS
from processing.patterns.checkpoints import (
    NewTalk,
    Span,
    begin_span,
    find_new_talks,
    hold_detection,
    move_checkpoint,
)
from processing.patterns.kinds import KINDS
from processing.patterns.recording import record_findings
from processing.patterns.requesting import request_detection
from processing.patterns.statements import run_statement
from supastate.queueing.claims import Claim, LeaseLostError, complete_rows, renew_lease
from supastate.queueing.runner import run_claim
from supastate.workspaces.scope import workspace_scope

# Far inside the task's time limit, since the conversation in work is always finished; each type has its share.
SLICE_SECONDS = 60.0


def detect_due(*, workspace_id: UUID) -> int:
    """Do one claim of detection jobs; return how many were claimed."""
    return run_claim(PatternQueue, workspace_id=workspace_id, work=_work)


def _work(claim: Claim[PatternQueue]) -> None:
    for job in claim.rows:
        _leave_debounce(claim, job)
        kinds = job.pattern_types or PatternType.values
        done = [_detect(claim, job, kind, seconds=SLICE_SECONDS / len(kinds)) for kind in kinds]
        if not job.pattern_types and job.project_id is None:
            done.append(_suggest_contradictions(claim, job))
        with workspace_scope(job.workspace_id):
            if not all(done) and job.project_id is None:
                _ask_for_the_rest(job)
            complete_rows(claim, [job])


def _leave_debounce(claim: Claim[PatternQueue], job: PatternQueue) -> None:
    with (
        workspace_scope(job.workspace_id),
        run_statement("leave_debounce", {"id": job.pk, "token": claim.token}) as cursor,
    ):
        if not cursor.rowcount:
            raise LeaseLostError


def _detect(claim: Claim[PatternQueue], job: PatternQueue, kind: str, *, seconds: float) -> bool:
    """Read what is new for one type; return whether all of it was read in time.

    A job of one project reads its conversations before their turn and leaves the checkpoint, which is the
    workspace's: what it leaves, and the other projects, are read by the workspace's next job.
    """
    ends_at = time.monotonic() + seconds
    with workspace_scope(job.workspace_id):
        span = begin_span(kind, workspace_id=job.workspace_id)
    prepare = KINDS[kind].prepare
    if span is not None and prepare is not None:
        prepare(job.workspace_id)
    while span is not None:
        with workspace_scope(job.workspace_id):
            talks = find_new_talks(span, workspace_id=job.workspace_id, project_id=job.project_id, most=job.limit)
        for found in talks:
            _detect_in(claim, job, kind, found, span)
            is_last = found is talks[-1] and len(talks) < job.limit
            if time.monotonic() > ends_at and not is_last:
                return False
        if len(talks) < job.limit:
            break
        span = replace(span, after=talks[-1].newest)
    return True


def _detect_in(claim: Claim[PatternQueue], job: PatternQueue, kind: str, found: NewTalk, span: Span) -> None:
    with workspace_scope(job.workspace_id):
        _hold(claim, job, kind)
        record_findings(kind, KINDS[kind].find(found.talk), workspace_id=job.workspace_id)
        if job.project_id is None:
            move_checkpoint(kind, found.newest, span, workspace_id=job.workspace_id)


def _suggest_contradictions(claim: Claim[PatternQueue], job: PatternQueue) -> bool:
    """Compare what is new with what is near to it; return whether all of it was compared in time."""
    ends_at = time.monotonic() + SLICE_SECONDS / len(PatternType.values)
    with workspace_scope(job.workspace_id):
        review_changed(job.workspace_id)
        span = begin_span(CONTRADICTIONS, workspace_id=job.workspace_id)
    while span is not None:
        with workspace_scope(job.workspace_id):
            _hold(claim, job, CONTRADICTIONS)
            newest = suggest_next(span, workspace_id=job.workspace_id)
            move_checkpoint(CONTRADICTIONS, newest or span.upto, span, workspace_id=job.workspace_id)
        if newest is None or newest == span.upto:
            return True
        if time.monotonic() > ends_at:
            return False
        span = replace(span, after=newest)
    return True


def _hold(claim: Claim[PatternQueue], job: PatternQueue, kind: str) -> None:
    """Keep other detections of this kind out until the transaction ends, which proves that the job is ours."""
    hold_detection(kind, workspace_id=job.workspace_id)
    if not renew_lease(claim, [job.pk]):
        raise LeaseLostError


def _ask_for_the_rest(job: PatternQueue) -> None:
    request_detection(
        workspace_id=job.workspace_id,
        after_ingest=False,
        pattern_types=job.pattern_types,
        limit=job.limit,
        user_id=job.user_id,
    )
