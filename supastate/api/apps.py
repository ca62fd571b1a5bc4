"""Django application of the REST foundations."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "supastate.api"
    verbose_name = "REST API"

    def ready(self) -> None:
        """Register the OpenAPI description of API keys."""
        from supastate.api import schema  # noqa: F401  (registers itself when imported)
