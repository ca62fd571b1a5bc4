"""Prints what detection costs, as JSON: a process of its own, with an installation's environment."""

from __future__ import annotations

import json
import resource
import sys
import time

import django

django.setup()

from benchmarks.patterns.corpus import Corpus  # noqa: E402
from processing.models import Pattern, PatternCheckpoint, PatternOccurrence, TopicLeader  # noqa: E402
from processing.patterns.detecting import detect_due  # noqa: E402
from processing.patterns.requesting import request_detection  # noqa: E402
from supastate.workspaces.models import User, Workspace  # noqa: E402
from supastate.workspaces.projects import ProjectRef, ensure_project  # noqa: E402
from supastate.workspaces.scope import workspace_scope  # noqa: E402

NEW = 1_000


def main(sizes: list[int]) -> None:
    """Print {"incremental": {memories before: seconds}, "full": seconds, "peak": MB above the start, …}."""
    workspace = Workspace.objects.create(slug="cost", name="Cost")
    author = User.objects.create(username="cost")
    with workspace_scope(workspace.id):
        project = ensure_project(workspace_id=workspace.id, author_id=author.pk, ref=ProjectRef(path="/src/cost"))
    corpus = Corpus(workspace, project, author)
    incremental = {}
    for size in sizes:
        corpus.grow(size)
        _detect(workspace)
        corpus.grow(size + NEW)
        incremental[size] = _detect(workspace)
        _say(f"{NEW} new beside {size}: {incremental[size]}")
    _forget(workspace)
    before = _peak_megabytes()
    full = _detect(workspace)
    with workspace_scope(workspace.id):
        counts = {
            "patterns": Pattern.objects.filter(confidence__gt=0).count(),
            "occurrences": PatternOccurrence.objects.count(),
            "leaders": TopicLeader.objects.count(),
        }
    answer = {"incremental": incremental, "full": full, "before": before, "peak": _peak_megabytes(), **counts}
    sys.stdout.write(json.dumps(answer))


def _detect(workspace: Workspace) -> tuple[float, float]:
    """Return the seconds until everything new is read, and those that this process computed."""
    with workspace_scope(workspace.id):
        request_detection(workspace_id=workspace.id, after_ingest=False)
    began, computed = time.perf_counter(), time.process_time()
    while detect_due(workspace_id=workspace.id):
        pass
    return time.perf_counter() - began, time.process_time() - computed


def _forget(workspace: Workspace) -> None:
    with workspace_scope(workspace.id):
        for model in (PatternOccurrence, Pattern, PatternCheckpoint, TopicLeader):
            model.objects.all().delete()


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
