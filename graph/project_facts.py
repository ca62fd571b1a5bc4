"""A project's facts for resolving, read from Postgres and kept by the process between syncs.

A row's hash says whether the kept facts are still the row's. Of each project only what changed is read again, and
the projects used last are kept, as many as fit into `GRAPH_KEPT_MB`. With them goes the flow, less than 1 KB a
file, that was last found in the project's facts, by this process or by another: see `flows`.

A project that does not fit is packed: names are found by skeletons, and all facts of a file, of which only its
own edges and the flow are made, are unpacked for that moment. One that does not fit then either is not kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from graph.collecting import paused_collector
from graph.facts import PARSER_VERSION, Call, FileFacts, calls_of, skeleton_of
from graph.files import hash_seen
from graph.flows import load_flow
from graph.models import GraphFile
from graph.resolver import Flow
from supastate.errors import TransientError
from supastate.workspaces.scope import workspace_scope

WHOLE_KB, PACKED_KB = 28, 17
"""What a file of Django takes on average."""
PAGE_FILES = 200
PACKING_LEVEL = 1
REPARSE_SECONDS = 5.0


class KeptFile(NamedTuple):
    """A row's facts; where there are `packed` ones, `facts` are their skeleton."""

    facts_hash: str
    facts: FileFacts
    packed: bytes = b""


class ProjectFacts(dict[str, FileFacts]):
    """Facts or skeletons by path, with the files that they are of, and the flow found in such facts."""

    def __init__(self, files: Mapping[str, KeptFile]) -> None:
        super().__init__({path: file.facts for path, file in files.items()})
        self.files = files
        self.hashes = {path: file.facts_hash for path, file in files.items()}
        self.kilobytes = sum(PACKED_KB if file.packed else WHOLE_KB for file in files.values())
        self.flow: Flow | None = None
        self.flow_of = ""
        """Which facts the flow was found in, by what files see of each other."""

    def unpack(self, path: str) -> FileFacts:
        """Return all facts of a file."""
        file = self.files[path]
        return FileFacts.from_json(_load(file)) if file.packed else file.facts

    def unpack_calls(self, path: str) -> tuple[Call, ...]:
        """Return the calls of a file, in a third of the time of all its facts."""
        file = self.files[path]
        return calls_of(_load(file)) if file.packed else file.facts.calls

    @cached_property
    def seen(self) -> str:
        """What the files can see of each other, as a hash."""
        return hash_seen(self.hashes)

    def learn(self, flow: Flow) -> None:
        """Keep what resolving all of these facts has found out."""
        self.flow, self.flow_of = flow, self.seen

    def sure_flow(self) -> Flow | None:
        """Return the flow if no fact that it rests on has changed since."""
        return self.flow if self.flow_of == self.seen else None


_kept: dict[UUID, ProjectFacts] = {}


class OutdatedFactsError(TransientError):
    """An earlier version of the parser made some of the facts: the sources are parsed again first."""

    code = "facts_outdated"


def load_facts(*, workspace_id: UUID, project_id: UUID) -> ProjectFacts:
    """Return the facts of a project's living files, in order of path; raise OutdatedFactsError."""
    known = _kept.pop(project_id, None) or ProjectFacts({})
    with workspace_scope(workspace_id):
        living = GraphFile.objects.filter(project_id=project_id, facts__isnull=False)
        if living.exclude(parser_version=PARSER_VERSION).exists():
            raise OutdatedFactsError(retry_after=REPARSE_SECONDS, counts_as_attempt=False)
        hashes = dict(living.order_by("path").values_list("path", "facts_hash"))
        changed = [path for path, found in hashes.items() if not found or known.hashes.get(path) != found]
        with paused_collector():
            files = {**known.files, **dict(_read(project_id, changed, is_large=not _fits(WHOLE_KB * len(hashes))))}
    loaded = ProjectFacts({path: files[path] for path in hashes if path in files})
    loaded.flow, loaded.flow_of = known.flow, known.flow_of
    if loaded.sure_flow() is None:
        with workspace_scope(workspace_id), paused_collector():
            kept = load_flow(project_id, unless=loaded.flow_of)
        loaded.flow, loaded.flow_of = kept or (loaded.flow, loaded.flow_of)
    _keep(project_id, loaded)
    return loaded


def _read(project_id: UUID, paths: list[str], *, is_large: bool) -> Iterator[tuple[str, KeptFile]]:
    """Yield (path, file): hash and facts of one row belong together, whoever writes meanwhile."""
    texts: dict[str, str] = {}
    keep_row = keep_packed if is_large else keep_whole
    rows = GraphFile.objects.filter(project_id=project_id, facts__isnull=False)
    for start in range(0, len(paths), PAGE_FILES):
        page = rows.filter(path__in=paths[start : start + PAGE_FILES]).annotate(text=Cast("facts", TextField()))
        for path, found, text in page.values_list("path", "facts_hash", "text"):
            yield path, keep_row(found, text, texts)


def keep_whole(facts_hash: str, text: str, texts: dict[str, str]) -> KeptFile:
    """Return a row, whose facts are the JSON `text`, as it is kept; equal strings become those of `texts`."""
    return KeptFile(facts_hash, FileFacts.from_json(_share(orjson.loads(text), texts)))


def keep_packed(facts_hash: str, text: str, texts: dict[str, str]) -> KeptFile:
    """Return the same of a row of a large project."""
    skeleton = FileFacts.from_json(_share(skeleton_of(orjson.loads(text)), texts))
    return KeptFile(facts_hash, skeleton, zlib.compress(text.encode(), PACKING_LEVEL))


def _load(file: KeptFile) -> Any:
    return orjson.loads(zlib.decompress(file.packed))


def _share(value: Any, texts: dict[str, str]) -> Any:
    """Return the value with one object for equal texts: names come again and again in a project's facts."""
    if isinstance(value, str):
        return texts.setdefault(value, value)
    if isinstance(value, list):
        return [_share(item, texts) for item in value]
    if isinstance(value, dict):
        return {key: _share(item, texts) for key, item in value.items()}
    return value


def _keep(project_id: UUID, facts: ProjectFacts) -> None:
    if not _fits(facts.kilobytes):
        return
    _kept[project_id] = facts
    while not _fits(sum(kept.kilobytes for kept in _kept.values())):
        del _kept[next(iter(_kept))]


def _fits(kilobytes: int) -> bool:
    return kilobytes <= settings.GRAPH_KEPT_MB * 1_024
