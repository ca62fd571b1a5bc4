"""Facts of source files: kept in Postgres, from which every graph can be rebuilt."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

import orjson

from graph.facts import Definition, FileFacts
from graph.models import GraphFile, GraphQueue
from supastate.queueing.models import Priority


def save_facts(
    facts: Mapping[str, FileFacts],
    hashes: Mapping[str, str],
    *,
    workspace_id: UUID,
    project_id: UUID,
    batch_ids: Mapping[str, UUID | None],
    priority: int = Priority.INTERACTIVE,
) -> None:
    """Keep the facts of paths and ask for their way into the graph. Runs inside a workspace scope."""
    GraphFile.objects.bulk_create(
        [
            GraphFile(
                workspace_id=workspace_id,
                project_id=project_id,
                path=path,
                content_hash=hashes[path],
                parser_version=found.version,
                facts=found.to_json(),
                facts_hash=hash_facts(found),
            )
            for path, found in sorted(facts.items())
        ],
        update_conflicts=True,
        unique_fields=["project", "path"],
        update_fields=["content_hash", "parser_version", "facts", "facts_hash"],
    )
    _enqueue(facts, workspace_id=workspace_id, project_id=project_id, batch_ids=batch_ids, priority=priority)


def drop_facts(
    paths: Collection[str],
    *,
    workspace_id: UUID,
    project_id: UUID,
    batch_ids: Mapping[str, UUID | None],
    priority: int = Priority.INTERACTIVE,
) -> None:
    """Empty the facts of paths that are gone and ask for their removal from the graph."""
    GraphFile.objects.filter(project_id=project_id, path__in=paths).update(facts=None)
    _enqueue(paths, workspace_id=workspace_id, project_id=project_id, batch_ids=batch_ids, priority=priority)


def hash_facts(facts: FileFacts) -> str:
    """Return a hash of the facts: 32 digits of what other files can see of them, then 32 of all."""
    return _digest(_blank_positions(facts)) + _digest(facts)


def is_seen_alike(one: str, other: str) -> bool:
    """Whether two hashes are of facts that no other file can tell apart."""
    return one[:32] == other[:32]


def hash_seen(hashes: Mapping[str, str]) -> str:
    """Return a hash of what the files of a project can see of each other; `hashes` are of facts, by path."""
    seen = [[path, hashes[path][:32]] for path in sorted(hashes)]
    return hashlib.blake2b(orjson.dumps(seen), digest_size=16).hexdigest()


def _digest(facts: FileFacts) -> str:
    return hashlib.blake2b(orjson.dumps(facts.to_json()), digest_size=16).hexdigest()


def _blank_positions(facts: FileFacts) -> FileFacts:
    """Return the facts without what is only shown: places, signatures and docstrings."""
    return replace(
        facts,
        lines=0,
        docstring="",
        definitions=tuple(_blank_definition(item) for item in facts.definitions),
        imports=tuple(replace(item, line=0) for item in facts.imports),
        calls=tuple(replace(item, line=0) for item in facts.calls),
    )


def _blank_definition(item: Definition) -> Definition:
    return replace(item, signature="", docstring="", start_line=0, end_line=0, start_byte=0, end_byte=0)


def _enqueue(
    paths: Collection[str],
    *,
    workspace_id: UUID,
    project_id: UUID,
    batch_ids: Mapping[str, UUID | None],
    priority: int = Priority.INTERACTIVE,
) -> None:
    GraphQueue.objects.bulk_create(
        GraphQueue(
            workspace_id=workspace_id,
            project_id=project_id,
            path=path,
            batch_id=batch_ids.get(path),
            priority=priority,
        )
        for path in sorted(paths)
    )
