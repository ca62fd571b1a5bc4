"""Every address of the REST API and of Studio."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from supastate.queueing.health import LiveView, ReadyView
from supastate.queueing.metrics_view import MetricsView
from supastate.studio.site import site as studio

handler404 = "supastate.api.middleware.answer_not_found"
handler500 = "supastate.api.middleware.answer_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/health/live", LiveView.as_view()),
    path("api/health/ready", ReadyView.as_view()),
    path("api/metrics", MetricsView.as_view(), name="metrics"),
    path("api/ingest/", include("ingest.urls")),
    path("api/", include("supastate.search.urls")),
    path("api/", include("processing.patterns.urls")),
    path("api/", include("processing.memories.urls")),
    path("api/", include("processing.contradictions.urls")),
    path("api/", include("processing.forgetting.urls")),
    path("api/", include("processing.summaries.urls")),
    path("api/graph/", include("graph.urls")),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    path("api/redoc/", SpectacularRedocView.as_view(url_name="schema")),
    path("studio/", studio.urls),
]
