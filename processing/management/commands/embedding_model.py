"""Change the embedding model while searches go on: add one, fill it, index it, activate it, retire the old one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from processing import embedding_models
from processing.embedding.local import LocalProvider
from processing.filling import describe_cost, fill_model, write_over
from processing.models import EmbeddingModel
from processing.providers import LOCAL, OPENAI, ModelSpec
from processing.vector_indexes import keep_indexes
from supastate.errors import SupastateError
from supastate.workspaces.selecting import list_embedding_workspaces


class Command(BaseCommand):
    """`manage.py embedding_model list | add PROVIDER … | fill NAME | index | activate NAME | retire NAME`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """One action."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("list", help="every model with its state and how much it covers")
        add = actions.add_parser(
            "add", help="register a model beside the active one; prints its name and its cost"
        )
        add.add_argument("provider", choices=[LOCAL, OPENAI])
        add.add_argument("--model", default=settings.EMBEDDING_MODEL, help="of the provider openai")
        add.add_argument("--dimensions", type=int, default=settings.EMBEDDING_DIMENSIONS)
        actions.add_parser(
            "index", help="as the tables' owner: index every model in use, drop the others' indexes"
        )
        for name, text in (
            ("fill", "embed every text that it lacks; may be stopped and run again"),
            ("activate", "search it; the one before stays complete, so that activating that one is the way back"),
            ("retire", "keep it no longer and delete its vectors"),
        ):
            actions.add_parser(name, help=text).add_argument("name", metavar="NAME")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do the action; what cannot be done is a sentence and the status 1."""
        try:
            getattr(self, f"_{options['action']}")(**options)
        except SupastateError as exc:
            raise CommandError(exc.detail) from exc

    def _list(self, **_options: Any) -> None:
        embedding_models.active_model()
        for model in EmbeddingModel.objects.all():
            coverage = embedding_models.measure_coverage(model.name, list_embedding_workspaces())
            share = f"{coverage.covered:,} of {coverage.texts:,} texts"
            self.stdout.write(f"{model.name}  {model.state}  {model.dimensions} dimensions  {share}")

    def _add(self, *, provider: str, model: str, dimensions: int, **_options: Any) -> None:
        is_local = provider == LOCAL
        spec = ModelSpec(provider, "" if is_local else model, LocalProvider.dimensions if is_local else dimensions)
        added = embedding_models.add_model(spec)
        coverage = embedding_models.measure_coverage(added.name, list_embedding_workspaces())
        self.stdout.write(f"{added.name}: {coverage.left:,} texts to embed, {describe_cost(added, coverage)}")
        self.stdout.write(f"Next: manage.py embedding_model fill {added.name}")

    def _fill(self, *, name: str, **_options: Any) -> None:
        fill_model(name, say=write_over(self.stdout))
        self.stdout.write(f"\n{name} is complete. Next, as the tables' owner: manage.py embedding_model index")
        self.stdout.write(f"Then: manage.py embedding_model activate {name}")

    def _index(self, **_options: Any) -> None:
        for sentence in keep_indexes():
            self.stdout.write(sentence)

    def _activate(self, *, name: str, **_options: Any) -> None:
        before = embedding_models.activate(name)
        self.stdout.write(f"{name} is searched. Back: manage.py embedding_model activate {before}")

    def _retire(self, *, name: str, **_options: Any) -> None:
        self.stdout.write(f"{name} is retired, {embedding_models.retire(name):,} vectors deleted.")
        self.stdout.write("Next, as the tables' owner: manage.py embedding_model index")
