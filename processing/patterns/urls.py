"""Addresses of patterns, below `/api/`."""

from django.urls import path

from processing.patterns.insight_views import InsightsView, SolutionsView
from processing.patterns.views import DetectView, PatternJobView, PatternsView, PatternView

urlpatterns = [
    path("patterns", PatternsView.as_view(), name="patterns"),
    path("patterns/solutions", SolutionsView.as_view(), name="pattern-solutions"),
    path("patterns/insights", InsightsView.as_view(), name="pattern-insights"),
    path("patterns/detect", DetectView.as_view(), name="patterns-detect"),
    path("patterns/jobs/<str:job_id>", PatternJobView.as_view(), name="pattern-job"),
    path("patterns/<str:pattern_id>", PatternView.as_view(), name="pattern"),
]
