"""Django application of Studio."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "supastate.studio"
    verbose_name = "Studio"
