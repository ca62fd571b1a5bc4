"""The stages of the pipeline, registered by the application that owns each queue table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from supastate.queueing.models import QueueItem

EXPRESS_QUEUE = "interactive"
EXPRESS_CLAIM_SIZE = 16  # a claim is soon done, and the next one is another workspace's


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: a queue table, the Celery queue and task that work on it, and how many rows a claim takes."""

    name: str
    model: type[QueueItem]
    queue: str
    task: str
    claim_size: int
    accepts: bool = False  # its rows are what clients sent: they make up the ledger
    express: Stage | None = None  # the same work on interactive rows alone, by a queue that no backfill fills

    @property
    def table(self) -> str:
        """The queue table's name."""
        return self.model._meta.db_table


_stages: dict[str, Stage] = {}


def register_stage(
    name: str,
    model: type[QueueItem],
    *,
    queue: str,
    task: str,
    claim_size: int | None = None,
    accepts: bool = False,
    urgent_task: str = "",
) -> None:
    """Add a stage (called once, by AppConfig.ready). `urgent_task` claims its interactive rows alone."""
    size = claim_size or settings.QUEUE_CLAIM_SIZE
    stage = Stage(name=name, model=model, queue=queue, task=task, claim_size=size, accepts=accepts)
    if urgent_task:
        express = replace(stage, queue=EXPRESS_QUEUE, task=urgent_task, claim_size=min(size, EXPRESS_CLAIM_SIZE))
        stage = replace(stage, express=express)
    _stages[name] = stage


def all_stages() -> tuple[Stage, ...]:
    """Return the stages in the order of the data's way."""
    return tuple(_stages.values())


def get_stage(name: str) -> Stage | None:
    """Return the stage of that name."""
    return _stages.get(name)


def stage_of(model: type[QueueItem]) -> Stage:
    """Return the stage whose rows `model` are."""
    return next(stage for stage in _stages.values() if stage.model is model)
