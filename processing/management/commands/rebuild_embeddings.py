"""Make every vector anew beside the live ones, then search the new ones: searches go on meanwhile."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from processing import embedding_models
from processing.filling import fill_model, write_over
from processing.models import EmbeddingModel
from supastate.errors import SupastateError


class Command(BaseCommand):
    """`manage.py rebuild_embeddings`; stopped, it goes on where it was."""

    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Fill a new generation of the active model, flip, and delete the vectors of the old one."""
        active = embedding_models.active_model()
        try:
            model = _find_begun(active) or embedding_models.add_model(active.spec)
            fill_model(model.name, say=write_over(self.stdout))
            before = embedding_models.activate(model.name)
            deleted = embedding_models.retire(before)
        except SupastateError as exc:
            raise CommandError(exc.detail) from exc
        self.stdout.write(f"\n{model.name} is searched; {deleted:,} vectors of {before} are deleted.")


def _find_begun(active: embedding_models.LiveModel) -> EmbeddingModel | None:
    """Return the generation that an earlier run began."""
    spec = active.spec
    return (
        EmbeddingModel.objects.filter(
            provider=spec.provider,
            remote_model=spec.remote_model,
            dimensions=spec.dimensions,
            state=embedding_models.State.FILLING,
        )
        .order_by("-created_at")
        .first()
    )
