"""The texts go the product's way: accepted over its API, stored and embedded by its stages, all in this process.

Imported once the settings are read.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from rest_framework.test import APIClient

from benchmarks.relevance.questions import Text
from processing import embedding_texts, storing_code, storing_memories
from processing.embedding.provider import Chunk
from processing.embedding_models import active_model
from processing.models import CodeObject, Embedding, Memory
from processing.saving_vectors import ChunkVector, save_vectors
from supastate.workspaces.models import Project, Workspace
from supastate.workspaces.scope import workspace_scope

_ITEMS_OF_A_REQUEST = 100


@dataclass(frozen=True)
class Loaded:
    """Where the texts are."""

    workspace_id: UUID
    projects: Mapping[str, UUID]
    """By group."""
    text_ids: Mapping[str, str]
    """By the id that a result has."""


def load_memories(texts: Sequence[Text], *, key: str, cache: Path | None) -> Loaded:
    """Store and embed messages, each group as a project."""
    api = _open_api(key)
    for (group, session), members in itertools.groupby(texts, lambda text: (text.group, text.session)):
        for part in _cut(members):
            chunks = [_describe_chunk(text) for text in part]
            body = {"sessionId": session, "project": {"path": f"/{group}"}, "chunks": chunks}
            _send(api, "/api/ingest/memory", body)
    workspace_id = _work(storing_memories.store_due, cache)
    with workspace_scope(workspace_id):
        text_ids = {str(key): text for key, text in Memory.objects.values_list("pk", "metadata__textId")}
    return Loaded(workspace_id, _find_projects(workspace_id), text_ids)


def load_code(texts: Sequence[Text], *, key: str, cache: Path | None) -> Loaded:
    """Store and embed files, each group as a project."""
    api = _open_api(key)
    for group, members in itertools.groupby(texts, lambda text: text.group):
        for part in _cut(members):
            files = [{"path": text.id, "content": text.content} for text in part]
            _send(api, "/api/ingest/code", {"project": {"path": f"/{group}"}, "files": files})
    workspace_id = _work(storing_code.store_due, cache)
    with workspace_scope(workspace_id):
        text_ids = dict(CodeObject.objects.values_list("uid", "file__path"))
    return Loaded(workspace_id, _find_projects(workspace_id), text_ids)


def _open_api(key: str) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return api


def _cut(texts: Iterable[Text]) -> Iterable[list[Text]]:
    waiting = iter(texts)
    return iter(lambda: list(itertools.islice(waiting, _ITEMS_OF_A_REQUEST)), [])


def _describe_chunk(text: Text) -> dict[str, Any]:
    moment = {"timestamp": text.moment.isoformat()} if text.moment else {}
    return {
        "chunkId": text.id,
        "content": text.content,
        "metadata": {"messageType": text.role, "textId": text.id, **moment},
    }


def _send(api: APIClient, address: str, body: dict[str, Any]) -> None:
    answer = api.post(address, body, format="json")
    if answer.status_code != 202 or answer.json()["rejected"]:
        raise RuntimeError(f"POST {address} answered {answer.status_code}: {answer.content[:300]!r}")


def _work(store: Any, cache: Path | None) -> UUID:
    """Run the stages until nothing is due; vectors that an earlier run kept are not made again."""
    workspace_id = Workspace.objects.get().pk
    while store(workspace_id=workspace_id):
        pass
    if cache:
        _take_vectors(cache, workspace_id)
    while embedding_texts.embed_due(workspace_id=workspace_id):
        pass
    if cache:
        _keep_vectors(cache, workspace_id)
    return workspace_id


def _find_projects(workspace_id: UUID) -> dict[str, UUID]:
    with workspace_scope(workspace_id):
        return {project.path.lstrip("/"): project.pk for project in Project.objects.all()}


def _keep_vectors(cache: Path, workspace_id: UUID) -> None:
    by_kind: dict[str, list[Any]] = defaultdict(list)
    with workspace_scope(workspace_id):
        fields = ("subject_kind", "source_hash", "chunk_no", "start", "end", "vector")
        for kind, *row in Embedding.objects.filter(model=active_model().name).values_list(*fields):
            by_kind[kind].append(row)
    cache.mkdir(parents=True, exist_ok=True)
    for kind, rows in by_kind.items():
        hashes, numbers, starts, ends, vectors = zip(*rows, strict=True)
        np.savez(
            _find_file(cache, kind),
            hashes=np.array(hashes),
            spans=np.array([numbers, starts, ends]),
            vectors=np.array([np.asarray(vector, dtype=np.float32) for vector in vectors]),
        )


def _take_vectors(cache: Path, workspace_id: UUID) -> None:
    for kind in ("memory", "code"):
        path = _find_file(cache, kind)
        if path.exists():
            with np.load(path) as kept:
                hashes, spans, vectors = kept["hashes"], kept["spans"].T.tolist(), kept["vectors"]
            known = [
                ChunkVector(kind, str(source_hash), Chunk(*span), vector)
                for source_hash, span, vector in zip(hashes, spans, vectors, strict=True)
            ]
            with workspace_scope(workspace_id):
                save_vectors(known, model=active_model().name, workspace_id=workspace_id)


def _find_file(cache: Path, kind: str) -> Path:
    return cache / f"{active_model().name.replace('/', '-')}-{kind}.npz"
