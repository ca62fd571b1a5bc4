"""The embed stage: texts of memories, code objects and summaries get their vectors.

Vectors are kept by model and text hash, so an unchanged text is never embedded twice. A text that changed
while its vectors were made stays pending: the trigger has queued it again. A row without a model's name is for
the active one; when it ends, a row by name follows for each model that is kept complete beside it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from processing.embedding.batching import Outcome, embed_isolating
from processing.embedding.provider import Chunk, EmbeddingProvider
from processing.embedding_models import LiveModel, live_models
from processing.linking.asking import ask_around_code, ask_for_memories, take_turns
from processing.linking.calibration import calibration_of
from processing.models import (
    CodeObject,
    Embedding,
    EmbedQueue,
    Memory,
    ProcessingStatus,
    SubjectKind,
    Summary,
)
from processing.patterns.requesting import request_detection
from processing.saving_vectors import ChunkVector, save_vectors
from supastate.errors import SupastateError, TransientError
from supastate.queueing.claims import Claim, complete_rows, renew_lease
from supastate.queueing.models import Priority
from supastate.queueing.runner import fail_rows, run_claim
from supastate.workspaces.scope import workspace_scope
from supastate.workspaces.selecting import has_embeddings

MODEL_OF_KIND: dict[str, Any] = {
    SubjectKind.MEMORY: Memory,
    SubjectKind.CODE: CodeObject,
    SubjectKind.SUMMARY: Summary,
}
GROUP_CHARACTERS = 60_000
TIME_BUDGET_SECONDS = 20.0  # a worker told to stop has 30 s to finish what it claimed


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to embed, one for all subjects that share it."""

    kind: str
    source_hash: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """What its vectors are kept under."""
        return self.kind, self.source_hash


@dataclass(frozen=True, slots=True)
class _Embedded:
    text: _Text
    chunks: tuple[Chunk, ...]
    outcomes: list[Outcome]

    @property
    def vectors(self) -> list[ChunkVector]:
        """The vectors of a whole text: one with some chunks missing would look embedded."""
        return [
            ChunkVector(self.text.kind, self.text.source_hash, chunk, vector)
            for chunk, vector in zip(self.chunks, self.outcomes, strict=True)
            if not isinstance(vector, SupastateError)
        ]

    @property
    def error(self) -> SupastateError | None:
        """The first thing that went wrong with any chunk; waiting comes before giving up."""
        errors = [outcome for outcome in self.outcomes if isinstance(outcome, SupastateError)]
        waiting = [error for error in errors if isinstance(error, TransientError)]
        return next(iter([*waiting, *errors]), None)


@dataclass(frozen=True, slots=True)
class _Work:
    """The rows of a claim that are for one model."""

    claim: Claim[EmbedQueue]
    model: LiveModel
    rows: tuple[EmbedQueue, ...]


def embed_due(*, workspace_id: UUID, urgent: bool = False) -> int:
    """Embed the texts of one claim, or of the interactive ones; return how many rows were claimed."""
    return run_claim(EmbedQueue, workspace_id=workspace_id, work=_embed, urgent=urgent)


def _embed(claim: Claim[EmbedQueue]) -> None:
    workspace_id = claim.rows[0].workspace_id
    if not has_embeddings(workspace_id):  # since the rows were made
        with workspace_scope(workspace_id):
            complete_rows(claim, claim.rows)
        return
    give_up_at = time.monotonic() + TIME_BUDGET_SECONDS
    for work in _by_model(claim):
        with workspace_scope(workspace_id):
            texts = _load_texts(work.rows)
            missing = _find_missing(texts.values(), work.model.name)
            _finish(work, texts, except_for={item.key for item in missing})
        for group in _group_by_size(missing):
            if time.monotonic() > give_up_at:
                later = TransientError(
                    "The rest of a long claim.", code="continued", counts_as_attempt=False, retry_after=0
                )
                fail_rows(claim, _rows_of(work, texts, group), later, workspace_id=workspace_id)
                continue
            _embed_group(work, texts, group)


def _by_model(claim: Claim[EmbedQueue]) -> list[_Work]:
    """Part the rows by the model that they are for, the active one's first; what was for a retired one is done."""
    workspace_id = claim.rows[0].workspace_id
    parts: dict[LiveModel, list[EmbedQueue]] = defaultdict(list)
    needless = []
    models = {model.name: model for model in live_models()}
    models[""] = next(model for model in models.values() if model.is_active)
    for row in claim.rows:
        if row.model in models:
            parts[models[row.model]].append(row)
        else:
            needless.append(row)
    with workspace_scope(workspace_id):
        complete_rows(claim, needless)
    active_first = sorted(parts.items(), key=lambda part: not part[0].is_active)
    return [_Work(claim, model, tuple(rows)) for model, rows in active_first]


def _embed_group(work: _Work, texts: dict[UUID, _Text], group: Sequence[_Text]) -> None:
    """Embed some texts and end their rows, so that a long claim loses at most one group."""
    claim, workspace_id = work.claim, work.claim.rows[0].workspace_id
    embedded = _embed_texts(work.model.provider(workspace_id), group)
    whole = [item for item in embedded if item.error is None]
    with workspace_scope(workspace_id):
        vectors = [vector for item in whole for vector in item.vectors]
        save_vectors(vectors, model=work.model.name, workspace_id=workspace_id)
        done = [item.text for item in whole]
        _end_rows(work, _rows_of(work, texts, done), done)
        if work.model.is_active and any(text.kind == SubjectKind.MEMORY for text in done):
            request_detection(workspace_id=workspace_id, after_ingest=True)
        renew_lease(claim, claim.ids)
    for item in embedded:
        if item.error is not None:
            _fail(work, _rows_of(work, texts, [item.text]), item.text, item.error)


def _finish(work: _Work, texts: dict[UUID, _Text], *, except_for: set[tuple[str, str]]) -> None:
    """End the rows whose vectors exist already, and those whose subject is gone."""
    done = [text for text in texts.values() if text.key not in except_for]
    rows = [row for row in work.rows if row.id not in texts or texts[row.id].key not in except_for]
    _end_rows(work, rows, done)


def _end_rows(work: _Work, rows: Sequence[EmbedQueue], texts: Iterable[_Text]) -> None:
    """Complete rows; a new text is asked for again by name of each other model that is kept complete."""
    if work.model.is_active:
        _mark(texts, ProcessingStatus.EMBEDDED)
        _ask_for_links(work, rows)
    others = [model.name for model in live_models() if model.name != work.model.name]
    EmbedQueue.objects.bulk_create(
        EmbedQueue(
            workspace_id=row.workspace_id,
            batch_id=row.batch_id,
            priority=Priority.BACKFILL,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            model=name,
        )
        for name in others
        for row in rows
        if not row.model
    )
    complete_rows(work.claim, rows)


def _ask_for_links(work: _Work, rows: Sequence[EmbedQueue]) -> None:
    """Have memories linked by vectors whose own vectors, or those of code near to them, are there now."""
    calibration, workspace_id = calibration_of(work.model.spec), work.claim.rows[0].workspace_id
    if calibration is None or not rows:
        return
    memories, code = (
        [row.subject_id for row in rows if row.subject_kind == kind]
        for kind in (SubjectKind.MEMORY, SubjectKind.CODE)
    )
    take_turns(workspace_id)
    ask_for_memories(memories, workspace_id=workspace_id)
    ask_around_code(code, workspace_id=workspace_id, model=work.model.name, calibration=calibration)


def _rows_of(work: _Work, texts: dict[UUID, _Text], group: Sequence[_Text]) -> list[EmbedQueue]:
    keys = {text.key for text in group}
    return [row for row in work.rows if row.id in texts and texts[row.id].key in keys]


def _group_by_size(texts: Sequence[_Text]) -> list[list[_Text]]:
    """Cut texts into groups of about equal work, the short ones together: padding is what costs."""
    groups: list[list[_Text]] = []
    size = GROUP_CHARACTERS
    for text in sorted(texts, key=lambda item: len(item.text)):
        if size >= GROUP_CHARACTERS:
            groups.append([])
            size = 0
        groups[-1].append(text)
        size += len(text.text)
    return groups


def _load_texts(rows: Sequence[EmbedQueue]) -> dict[UUID, _Text]:
    """Return the text of each row whose subject still exists."""
    texts: dict[UUID, _Text] = {}
    for kind in SubjectKind.values:
        wanted = {row.subject_id: row.id for row in rows if row.subject_kind == kind}
        for subject_id, source_hash, text in _subject_texts(kind, wanted):
            found = _Text(kind, source_hash, text)
            texts.update((row.id, found) for row in rows if row.subject_id == subject_id)
    return texts


def _subject_texts(kind: str, ids: Iterable[UUID]) -> Iterable[tuple[UUID, str, str]]:
    """Yield (id, hash, text). A code object's text is its name and its source: as the trigger hashes it."""
    if kind != SubjectKind.CODE:
        found = MODEL_OF_KIND[kind].objects.filter(pk__in=ids)
        return found.values_list("pk", "content_hash", "content")  # type: ignore[no-any-return]
    text = Concat(F("qualified_name"), Value("\n"), F("content"), output_field=TextField())
    return CodeObject.objects.filter(pk__in=ids).values_list("pk", "content_hash", text)


def _find_missing(texts: Iterable[_Text], model: str) -> list[_Text]:
    unique = {item.key: item for item in texts}
    known = set(
        Embedding.objects.filter(
            model=model, source_hash__in=[source_hash for _, source_hash in unique]
        ).values_list("subject_kind", "source_hash")
    )
    return [item for key, item in unique.items() if key not in known]


def _embed_texts(provider: EmbeddingProvider, texts: Sequence[_Text]) -> list[_Embedded]:
    chunks = [provider.split(item.text) for item in texts]
    pieces = [
        item.text[chunk.start : chunk.end] for item, parts in zip(texts, chunks, strict=True) for chunk in parts
    ]
    outcomes = iter(embed_isolating(provider, pieces))
    return [
        _Embedded(item, parts, [next(outcomes) for _ in parts]) for item, parts in zip(texts, chunks, strict=True)
    ]


def _mark(texts: Iterable[_Text], status: ProcessingStatus) -> None:
    by_kind: dict[str, set[str]] = {}
    for item in texts:
        by_kind.setdefault(item.kind, set()).add(item.source_hash)
    for kind, hashes in by_kind.items():
        MODEL_OF_KIND[kind].objects.filter(content_hash__in=hashes).exclude(processing_status=status).update(
            processing_status=status
        )


def _fail(work: _Work, rows: Sequence[EmbedQueue], text: _Text, error: SupastateError) -> None:
    workspace_id = work.claim.rows[0].workspace_id
    buried = fail_rows(work.claim, rows, error, workspace_id=workspace_id)
    if buried and work.model.is_active:
        with workspace_scope(workspace_id):
            _mark([text], ProcessingStatus.FAILED)
