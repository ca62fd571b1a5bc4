"""The intake's addresses, below `/api/ingest/`."""

from django.urls import path

from ingest.views.dead_letters import (
    DeadLettersView,
    DiscardManyView,
    DiscardView,
    OneDeadLetterView,
    ReplayManyView,
    ReplayView,
)
from ingest.views.intake import CodeView, MemoryView, TranscriptView
from ingest.views.status import BatchEventsView, BatchView, StatusView

urlpatterns = [
    path("memory", MemoryView.as_view(), name="ingest-memory"),
    path("code", CodeView.as_view(), name="ingest-code"),
    path("transcript", TranscriptView.as_view(), name="ingest-transcript"),
    path("batches/<str:batch_id>", BatchView.as_view(), name="ingest-batch"),
    path("batches/<str:batch_id>/events", BatchEventsView.as_view(), name="ingest-batch-events"),
    path("status", StatusView.as_view(), name="ingest-status"),
    path("dead-letters", DeadLettersView.as_view(), name="ingest-dead-letters"),
    path("dead-letters/replay", ReplayManyView.as_view(), name="ingest-dead-letters-replay"),
    path("dead-letters/discard", DiscardManyView.as_view(), name="ingest-dead-letters-discard"),
    path("dead-letters/<str:row_id>", OneDeadLetterView.as_view(), name="ingest-dead-letter"),
    path("dead-letters/<str:row_id>/replay", ReplayView.as_view(), name="ingest-dead-letter-replay"),
    path("dead-letters/<str:row_id>/discard", DiscardView.as_view(), name="ingest-dead-letter-discard"),
]
