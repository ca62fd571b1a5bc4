"""The Celery application: workers do what hints tell them, and rows in Postgres are the truth."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supastate.settings")

app = Celery("supastate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
