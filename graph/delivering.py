"""Brings the graphs of files to the store: in one write, or, where they are many, in parts.

An edge needs both of its ends. So of many files first all nodes are written, while their graphs wait in a file on
disk, and then the edges; memory holds one part. Before each write the writer's lease is prolonged: of twenty
thousand files it takes minutes.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO

from graph.connection import graph_store
from graph.file_graphs import PART_FILES
from graph.store.model import FileGraph, StaleEpoch, WriteOutcome, Written
from graph.writers import ANOTHER_WRITES, BUSY, Writer, renew_writer
from supastate.errors import TransientError

WAIT_FOR_WRITER_SECONDS = 3.0

Part = Sequence[FileGraph]


def replace_files(writer: Writer, graphs: Iterable[FileGraph]) -> Written:
    """Make the store hold exactly these graphs of their files; raises TransientError when it is away."""
    parts = _split(graphs)
    first, second = next(parts, []), next(parts, [])
    if second:
        return _write_in_two_steps(writer, chain([first, second], parts), _replace_nodes)
    return _replace(writer, first) if first else Written()


def rewrite_files(writer: Writer, graphs: Iterable[FileGraph]) -> Written:
    """Write the graphs over what is there and remove nothing."""
    return _write_in_two_steps(writer, _split(graphs), _upsert_nodes)


def require_written(outcome: WriteOutcome) -> Written:
    """Return what was written; raise TransientError when a newer writer of the project was in the way."""
    if isinstance(outcome, StaleEpoch):
        raise busy("A newer writer took over this project's graph.")
    return outcome


def busy(detail: str) -> TransientError:
    """Return the error of a project whose graph another writer has in hand, and who wakes the rows in the end."""
    return TransientError(detail, code=BUSY, retry_after=WAIT_FOR_WRITER_SECONDS, counts_as_attempt=False)


def _split(graphs: Iterable[FileGraph]) -> Iterator[Part]:
    rest = iter(graphs)
    while part := list(islice(rest, PART_FILES)):
        yield part


def _write_in_two_steps(
    writer: Writer, parts: Iterable[Part], write_nodes: Callable[[Writer, Part], Written]
) -> Written:
    with TemporaryFile() as waiting:
        outcomes: list[Written] = []
        for part in parts:
            outcomes.append(write_nodes(writer, part))
            pickle.dump(part, waiting)
        waiting.seek(0)
        outcomes += [_upsert_edges(writer, part) for part in _read_again(waiting)]
    return Written(
        nodes=sum(outcome.nodes for outcome in outcomes),
        edges=sum(outcome.edges for outcome in outcomes),
        missing_ends=sum(outcome.missing_ends for outcome in outcomes),
        removed=sum(outcome.removed for outcome in outcomes),
    )


def _read_again(waiting: IO[bytes]) -> Iterator[Part]:
    while True:
        try:
            yield pickle.load(waiting)  # noqa: S301 - this process has just written it
        except EOFError:
            return


def _replace(writer: Writer, part: Part) -> Written:
    _keep_lease(writer)
    store, project = graph_store(), str(writer.project_id)
    return require_written(store.write_files(writer.workspace_id, project=project, epoch=writer.epoch, files=part))


def _replace_nodes(writer: Writer, part: Part) -> Written:
    own = ([node for node in graph.nodes if node.src_file is not None] for graph in part)
    return _replace(
        writer, [replace(graph, nodes=nodes, edges=()) for graph, nodes in zip(part, own, strict=True)]
    )


def _upsert_nodes(writer: Writer, part: Part) -> Written:
    _keep_lease(writer)
    store, project = graph_store(), str(writer.project_id)
    return require_written(
        store.upsert_nodes(writer.workspace_id, project=project, epoch=writer.epoch, files=part)
    )


def _upsert_edges(writer: Writer, part: Part) -> Written:
    _keep_lease(writer)
    store, project = graph_store(), str(writer.project_id)
    written = store.upsert_edges(writer.workspace_id, project=project, epoch=writer.epoch, files=part)
    return require_written(written)


def _keep_lease(writer: Writer) -> None:
    if not renew_writer(writer):
        raise busy(ANOTHER_WRITES)
