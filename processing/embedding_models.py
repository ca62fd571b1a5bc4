"""The registry of embedding models: which one is searched, and which are kept complete beside it.

A change of model costs no search anything: the new one is filled from the texts that are stored while the old
one answers, then the two change places, which a second flip undoes; retiring the old one frees its vectors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from processing.embedding.provider import EmbeddingProvider
from processing.linking.asking import ask_for_memories
from processing.linking.calibration import calibration_of
from processing.models import EmbeddingModel
from processing.providers import ModelSpec, embedding_provider, look_at_provider, spec_of_settings
from processing.statements import run_statement
from supastate.errors import InvalidInputError, NotFoundError
from supastate.queueing.notices import announce_work
from supastate.queueing.provider_state import ProviderState
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope
from supastate.workspaces.selecting import list_embedding_workspaces

State = EmbeddingModel.State
SLICE_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class LiveModel:
    """A model in use: the name that its vectors carry, and what its provider is built from."""

    name: str
    spec: ModelSpec
    is_active: bool

    def provider(self, workspace_id: UUID) -> EmbeddingProvider:
        """Return its provider, charged to a workspace. Refused inside a workspace's transaction."""
        return embedding_provider(self.spec, workspace_id)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many different texts there are, have vectors of a model, or were refused by it; how long the rest is."""

    texts: int = 0
    covered: int = 0
    refused: int = 0
    bytes_left: int = 0

    @property
    def left(self) -> int:
        """Texts that still need vectors."""
        return self.texts - self.covered - self.refused

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.texts + other.texts,
            self.covered + other.covered,
            self.refused + other.refused,
            self.bytes_left + other.bytes_left,
        )


def live_models() -> list[LiveModel]:
    """Return the active model, then those that are kept complete beside it."""
    found = list(EmbeddingModel.objects.exclude(state=State.RETIRED))
    if not any(model.state == State.ACTIVE for model in found):
        _register_first()
        found = list(EmbeddingModel.objects.exclude(state=State.RETIRED))
    return sorted(map(_describe, found), key=lambda model: (not model.is_active, model.name))


def active_model() -> LiveModel:
    """Return the model whose vectors are searched; the settings name the first."""
    return live_models()[0]


def provider_state() -> ProviderState:
    """Return the state of the first provider in use that is held or open, else that of the active model."""
    states = [look_at_provider(model.spec) for model in live_models()]
    return next((state for state in states if state.state != "ok"), states[0])


def add_model(spec: ModelSpec) -> EmbeddingModel:
    """Register a model beside the active one; known already, it is a new generation of it, made from nothing."""
    active_model()
    same = EmbeddingModel.objects.filter(
        provider=spec.provider, remote_model=spec.remote_model, dimensions=spec.dimensions
    )
    generation = same.count() + 1
    return EmbeddingModel.objects.create(
        name=spec.name if generation == 1 else f"{spec.name}#{generation}",
        provider=spec.provider,
        remote_model=spec.remote_model,
        dimensions=spec.dimensions,
    )


def find_model(name: str) -> EmbeddingModel:
    """Return a model that is not retired; raise NotFoundError otherwise."""
    active_model()
    found = EmbeddingModel.objects.filter(name=name).exclude(state=State.RETIRED).first()
    if found is None:
        raise NotFoundError(f"There is no embedding model {name} in use.")
    return found


def measure_coverage(name: str, workspaces: Iterable[Workspace]) -> Coverage:
    """Count the texts of workspaces that a model has vectors of."""
    asked = [name, ""] if active_model().name == name else [name]
    total = Coverage()
    for workspace in workspaces:
        parameters = {"workspace": workspace.pk, "model": name, "asked": asked}
        with workspace_scope(workspace.pk), run_statement("measure_coverage", parameters) as cursor:
            total += Coverage(*map(int, cursor.fetchone() or (0, 0, 0, 0)))
    return total


def queue_missing(name: str, *, workspace_id: UUID, asked: str, most: int = SLICE_ROWS) -> int:
    """Queue texts without vectors of the model `name`, at most so many; return how many rows wait for it then.

    `asked` is the name as the rows carry it: empty stands for whichever model is active.
    """
    parameters = {"workspace": workspace_id, "model": name, "asked": asked, "most": most}
    with workspace_scope(workspace_id):
        with run_statement("count_embedding_rows", parameters) as cursor:
            waiting = int((cursor.fetchone() or (0,))[0])
        if waiting >= most:
            return waiting
        with run_statement("queue_unembedded", {**parameters, "most": most - waiting}) as cursor:
            announce_work()
            return waiting + int(cursor.rowcount)


def activate(name: str) -> str:
    """Make a complete model the one that is searched; return the name of the one before, which stays complete.

    Links by vectors are looked for again by the workers. Raises InvalidInputError `model_incomplete` while texts
    lack their vectors.
    """
    before, after = active_model(), find_model(name)
    left = measure_coverage(name, list_embedding_workspaces()).left
    if left:
        raise InvalidInputError(
            f"{left} texts have no vectors of {name} yet: `embedding_model fill {name}`.", code="model_incomplete"
        )
    with transaction.atomic():
        EmbeddingModel.objects.filter(name=before.name).update(state=State.FILLING)
        EmbeddingModel.objects.filter(pk=after.pk).update(state=State.ACTIVE, activated_at=timezone.now())
    if calibration_of(before.spec) or calibration_of(_describe(after).spec):
        _ask_for_links()
    return before.name


def _ask_for_links() -> None:
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with workspace_scope(workspace_id):
            ask_for_memories(None, workspace_id=workspace_id)


def retire(name: str) -> int:
    """Stop keeping a model and delete its vectors, a slice at a time; return how many there were."""
    model = find_model(name)
    if model.state == State.ACTIVE:
        raise InvalidInputError(f"{name} is searched: activate another model first.", code="model_active")
    EmbeddingModel.objects.filter(pk=model.pk).update(state=State.RETIRED)
    deleted = 0
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        deleted += delete_vectors(name, workspace_id)
    return deleted


def delete_vectors(name: str, workspace_id: UUID) -> int:
    """Delete a model's vectors of a workspace, a slice at a time; return how many there were."""
    deleted = 0
    while True:
        parameters = {"workspace": workspace_id, "model": name, "most": SLICE_ROWS}
        with workspace_scope(workspace_id), run_statement("delete_vectors", parameters) as cursor:
            count = cursor.rowcount
        if not count:
            return deleted
        deleted += count


def _register_first() -> None:
    """The first model is the one that the settings name; of two processes that see none, one registers it."""
    spec = spec_of_settings()
    EmbeddingModel.objects.bulk_create(
        [
            EmbeddingModel(
                name=spec.name,
                provider=spec.provider,
                remote_model=spec.remote_model,
                dimensions=spec.dimensions,
                state=State.ACTIVE,
                activated_at=timezone.now(),
            )
        ],
        ignore_conflicts=True,
    )


def _describe(model: EmbeddingModel) -> LiveModel:
    spec = ModelSpec(model.provider, model.remote_model, model.dimensions)
    return LiveModel(model.name, spec, is_active=model.state == State.ACTIVE)
