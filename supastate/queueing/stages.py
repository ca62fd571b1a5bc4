"""The stages of the pipeline, registered by the application that owns each queue table."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from supastate.queueing.models import QueueItem


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: a queue table, the Celery queue and task that work on it, and how many rows a claim takes."""

    name: str
    model: type[QueueItem]
    queue: str
    task: str
    claim_size: int
    accepts: bool = False  # its rows are what clients sent: they make up the ledger

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
) -> None:
    """Add a stage (called once, by AppConfig.ready)."""
    size = claim_size or settings.QUEUE_CLAIM_SIZE
    _stages[name] = Stage(name=name, model=model, queue=queue, task=task, claim_size=size, accepts=accepts)


def all_stages() -> tuple[Stage, ...]:
    """Return the stages in the order of the data's way."""
    return tuple(_stages.values())


def get_stage(name: str) -> Stage | None:
    """Return the stage of that name."""
    return _stages.get(name)


def stage_of(model: type[QueueItem]) -> Stage:
    """Return the stage whose rows `model` are."""
    return next(stage for stage in _stages.values() if stage.model is model)
