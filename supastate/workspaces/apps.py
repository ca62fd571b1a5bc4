"""Django application of the tenancy room."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "supastate.workspaces"
    verbose_name = "Workspaces"
