"""Django application of the read side."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "supastate.search"
    verbose_name = "Search"
