"""Django application of the durable queue."""

from django.apps import AppConfig


class QueueingConfig(AppConfig):
    name = "supastate.queueing"
    verbose_name = "Queue"
