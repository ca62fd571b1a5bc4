"""The addresses of the live process."""

from django.urls import path

from supastate.live.views import watch_batch
from supastate.queueing.health import LiveView

handler404 = "supastate.api.middleware.answer_not_found"
handler500 = "supastate.api.middleware.answer_error"

urlpatterns = [
    path("api/health/live", LiveView.as_view()),
    path("api/ingest/batches/<str:batch_id>/events", watch_batch, name="ingest-batch-events"),
]
