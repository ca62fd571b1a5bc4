"""The stage `summarise`: reads a subject as each audience may see it, writes its summary, and keeps it.

Where a model is to write and cannot, the summary of people's own words takes its place, with the reason; if the
cause passes, the row is tried again by the pipeline's own rules, and the model's text follows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from uuid import UUID

from processing.embedding_models import active_model
from processing.models import Summary, SummaryMethod, SummaryQueue
from processing.summaries.drafting import draft_summary
from processing.summaries.drafts import Draft, Text
from processing.summaries.saving import save_summary
from processing.summaries.subjects import Audience, Subject, find_subject, list_audiences
from processing.summaries.versions import read_version
from processing.summaries.writers import find_writer, is_writing_on
from supastate.errors import NotFoundError, PermanentError, SupastateError, TransientError
from supastate.queueing.claims import Claim, LeaseLostError, complete_rows, pass_on_priority, renew_lease
from supastate.queueing.runner import fail_rows, run_claim
from supastate.workspaces.scope import workspace_scope
from supastate.workspaces.selecting import has_embeddings

TIME_BUDGET_SECONDS = 20.0  # a worker told to stop has 30 s to finish what it claimed
UNWRITTEN = "embeddings_off"
"""A workspace without embeddings sends nothing of its texts anywhere."""
LASTING_REASONS = frozenset({"budget_spent", "provider_bad_answer", "provider_rejected_input", UNWRITTEN})


@dataclass(frozen=True, slots=True)
class _Task:
    """A summary to be made; `kept` is the one that there is."""

    subject: Subject
    audience: Audience
    version: str
    kept: Summary | None

    def keeps(self, text: Text) -> bool:
        """Whether this very text is kept already: an outage brings it again and again."""
        kept = self.kept
        return kept is not None and (self.version, text.content, text.reason) == (
            kept.version,
            kept.content,
            kept.reason,
        )


def summarise_due(*, workspace_id: UUID) -> int:
    """Make the summaries of one claim of subjects; return how many rows were claimed."""
    return run_claim(SummaryQueue, workspace_id=workspace_id, work=_work)


def _work(claim: Claim[SummaryQueue]) -> None:
    workspace_id = claim.rows[0].workspace_id
    give_up_at = time.monotonic() + TIME_BUDGET_SECONDS
    model = active_model().name
    for row in claim.rows:
        if time.monotonic() > give_up_at:
            later = TransientError(
                "The rest of a long claim.", code="continued", counts_as_attempt=False, retry_after=0
            )
            fail_rows(claim, [row], later, workspace_id=workspace_id)
            continue
        with workspace_scope(workspace_id):
            if not renew_lease(claim, [row.pk]):
                raise LeaseLostError
        try:
            _summarise(claim, row, model=model)
        except SupastateError as error:
            fail_rows(claim, [row], error, workspace_id=workspace_id)


def _summarise(claim: Claim[SummaryQueue], row: SummaryQueue, *, model: str) -> None:
    made = [(task, *_make(task, model=model)) for task in _list_tasks(row)]
    failure = next((error for *_, error in made if error is not None), None)
    with workspace_scope(row.workspace_id):
        pass_on_priority(row.priority)
        for task, draft, text, _ in made:
            if not row.forced and task.keeps(text):
                continue
            save_summary(task.subject, task.audience, draft, text, version=task.version)
        if failure is None:
            complete_rows(claim, [row])
    if failure is not None:
        raise failure


def _list_tasks(row: SummaryQueue) -> list[_Task]:
    """Return what is to be made; an audience that a subject has no more loses its summary."""
    with workspace_scope(row.workspace_id):
        try:
            subject = find_subject(row.kind, row.subject)
        except NotFoundError:
            return []
        audiences = list_audiences(subject)
        known = {item.visibility: item for item in Summary.objects.filter(kind=row.kind, subject=row.subject)}
        for visibility in known.keys() - {audience.visibility for audience in audiences}:
            known[visibility].delete()
        tasks = [
            _Task(subject, audience, read_version(subject, audience), known.get(audience.visibility))
            for audience in audiences
        ]
    return [task for task in tasks if row.forced or _is_wanted(task)]


def _is_wanted(task: _Task) -> bool:
    kept = task.kept
    if kept is None or kept.version != task.version:
        return True
    return is_writing_on() and kept.method != SummaryMethod.LLM and kept.reason not in LASTING_REASONS


def _make(task: _Task, *, model: str) -> tuple[Draft, Text, TransientError | None]:
    """Return draft and text; with a failure that passes, the text is people's own until it has."""
    workspace_id = task.subject.workspace_id
    with task.audience.scope(workspace_id):
        draft = draft_summary(task.subject, model=model)
    own = Text(draft.lines)
    if not is_writing_on() or not draft.passages:
        return draft, own, None
    if not has_embeddings(workspace_id):
        return draft, replace(own, reason=UNWRITTEN), None
    try:
        return draft, find_writer(workspace_id).write(draft), None
    except PermanentError as error:
        return draft, replace(own, reason=error.error_code), None
    except TransientError as error:
        return draft, replace(own, reason=error.error_code), error
