"""The Celery application: workers do what hints tell them, and rows in Postgres are the truth."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supastate.settings")

app = Celery("supastate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _leave_logging(**_event: Any) -> None:
    """Being connected is enough: Celery then keeps the settings' formatter and level instead of its own."""


@worker_init.connect
def _check_configuration(**_event: Any) -> None:
    from django.db import connection  # the applications are loaded by now

    from supastate.startup import refuse_bad_configuration

    refuse_bad_configuration()
    connection.close()  # a child must not inherit it
