"""The store stage of code: an accepted revision becomes a file, its code objects and its facts.

Parsing happens outside any transaction, in a process that can be killed. A revision that is no longer the
newest of its path changes nothing.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import prefetch_related_objects

from graph.codeobjects import describe_definitions
from graph.facts import FileFacts
from graph.files import drop_facts, save_facts
from graph.parse_pool import ParsePool
from graph.parsing import mark_file
from ingest.models import CodeBlob, CodeQueue, PathHead
from processing.burying import remove_objects, revive_objects
from processing.models import CodeFile, CodeObject
from supastate.queueing.claims import Claim, complete_rows, pass_on_priority
from supastate.queueing.runner import run_claim
from supastate.workspaces.models import Visibility
from supastate.workspaces.scope import workspace_scope

UNPARSED_MARKS = frozenset({"too_large", "binary"})
OBJECT_FIELDS = (
    "file",
    "author",
    "visibility",
    "kind",
    "name",
    "qualified_name",
    "signature",
    "docstring",
    "start_line",
    "end_line",
    "content",
    "batch_id",
)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A row with the text it stands for and what parsing found in it."""

    row: CodeQueue
    text: str
    facts: FileFacts

    @property
    def marks(self) -> list[str]:
        """What is worth knowing about the file, from acceptance and from parsing."""
        return sorted({*self.row.marks, *self.facts.marks})


def store_due(*, workspace_id: UUID) -> int:
    """Store one claim of accepted code rows; return how many rows were claimed."""
    return run_claim(CodeQueue, workspace_id=workspace_id, work=_store)


def _store(claim: Claim[CodeQueue]) -> None:
    workspace_id = claim.rows[0].workspace_id
    with workspace_scope(workspace_id):
        prefetch_related_objects(claim.rows, "project")
        texts = dict(
            CodeBlob.objects.filter(content_hash__in={row.content_hash for row in claim.rows}).values_list(
                "content_hash", "content"
            )
        )
        newest = _keep_newest(claim.rows)
    parsed = list(_parse([row for row in newest if row.content_hash], texts))
    with workspace_scope(workspace_id):
        priority = min(row.priority for row in claim.rows)
        pass_on_priority(priority)
        still_newest = {row.id for row in _keep_newest(newest)}
        _save([item for item in parsed if item.row.id in still_newest], workspace_id, priority)
        gone = [row for row in newest if not row.content_hash and row.id in still_newest]
        _remove(gone, workspace_id, priority)
        complete_rows(claim, claim.rows)


def _keep_newest(rows: Sequence[CodeQueue]) -> list[CodeQueue]:
    """Return the rows that are their path's newest revision; acceptance has counted up for every later one."""
    heads = PathHead.objects.filter(
        project_id__in={row.project_id for row in rows}, path__in={row.path for row in rows}
    )
    revisions = {(head.project_id, head.path): head.revision for head in heads}
    return [row for row in rows if revisions.get((row.project_id, row.path)) == row.revision]


def _parse(rows: Sequence[CodeQueue], texts: dict[str, str]) -> Iterator[_Parsed]:
    pool = _parse_pool()
    for row in rows:
        text = texts.get(row.content_hash, "")
        obstacle = next((mark for mark in row.marks if mark in UNPARSED_MARKS), None)
        if obstacle:
            facts = mark_file(text, row.language, obstacle)
        else:
            facts = pool.parse(row.path, text, row.language or None)
        yield _Parsed(row, text, facts)


@cache
def _parse_pool() -> ParsePool:
    pool = ParsePool()
    atexit.register(pool.close)
    return pool


def _save(parsed: Sequence[_Parsed], workspace_id: UUID, priority: int) -> None:
    for project_id in sorted({item.row.project_id for item in parsed}):
        mine = [item for item in parsed if item.row.project_id == project_id]
        files = _save_files(mine)
        objects = [obj for item in mine for obj in _build_objects(item, files[item.row.path])]
        kept = {obj.uid for obj in objects}
        before = CodeObject.objects.filter(file__in=files.values())
        remove_objects(before.exclude(uid__in=kept), workspace_id=workspace_id, project_id=project_id)
        revive_objects(kept, project_id=project_id)
        CodeObject.objects.bulk_create(
            objects,
            update_conflicts=True,
            unique_fields=["workspace", "uid"],
            update_fields=OBJECT_FIELDS,
            batch_size=500,
        )
        save_facts(
            {item.row.path: item.facts for item in mine},
            {item.row.path: item.row.content_hash for item in mine},
            workspace_id=workspace_id,
            project_id=project_id,
            batch_ids={item.row.path: item.row.batch_id for item in mine},
            priority=priority,
        )


def _save_files(parsed: Sequence[_Parsed]) -> dict[str, CodeFile]:
    CodeFile.objects.bulk_create(
        [_build_file(item) for item in parsed],
        update_conflicts=True,
        unique_fields=["project", "path"],
        update_fields=[
            "revision",
            "blob_hash",
            "author",
            "language",
            "marks",
            "lines",
            "last_modified",
            "updated_at",
        ],
    )
    paths = [item.row.path for item in parsed]
    found = CodeFile.objects.filter(project_id=parsed[0].row.project_id, path__in=paths)
    return {file.path: file for file in found}


def _build_file(item: _Parsed) -> CodeFile:
    row = item.row
    return CodeFile(
        workspace_id=row.workspace_id,
        project_id=row.project_id,
        author_id=row.author_id,
        visibility=row.project.visibility,
        path=row.path,
        revision=row.revision,
        blob_hash=row.content_hash,
        language=item.facts.language,
        marks=item.marks,
        lines=item.facts.lines,
        last_modified=row.last_modified,
    )


def _build_objects(item: _Parsed, file: CodeFile) -> Iterator[CodeObject]:
    row = item.row
    for found in describe_definitions(str(row.project_id), row.path, item.facts, item.text):
        yield CodeObject(
            workspace_id=row.workspace_id,
            project_id=row.project_id,
            file=file,
            author_id=row.author_id,
            visibility=Visibility(row.project.visibility),
            uid=found.uid,
            kind=found.kind,
            name=found.name[:512],
            qualified_name=found.qualified_name[:2048],
            signature=found.signature,
            docstring=found.docstring,
            start_line=found.start_line,
            end_line=found.end_line,
            content=found.text,
            batch_id=row.batch_id,
        )


def _remove(rows: Sequence[CodeQueue], workspace_id: UUID, priority: int) -> None:
    for project_id in sorted({row.project_id for row in rows}):
        mine = {row.path: row.batch_id for row in rows if row.project_id == project_id}
        files = CodeFile.objects.filter(project_id=project_id, path__in=mine)
        gone = CodeObject.objects.filter(file__in=files)
        remove_objects(gone, workspace_id=workspace_id, project_id=project_id)
        files.delete()
        drop_facts(mine, workspace_id=workspace_id, project_id=project_id, batch_ids=mine, priority=priority)
