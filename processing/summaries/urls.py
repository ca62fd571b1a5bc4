"""Addresses of summaries, below `/api/`."""

from django.urls import path

from processing.summaries.views import (
    EntitySummaryView,
    ProjectSummaryView,
    RefreshView,
    SessionSummaryView,
    SummariesView,
)

urlpatterns = [
    path("sessions/<str:session>/summary", SessionSummaryView.as_view()),
    path("projects/<path:project>/summary", ProjectSummaryView.as_view()),
    path("graph/entities/<str:uid>/summary", EntitySummaryView.as_view()),
    path("summaries", SummariesView.as_view()),
    path("summaries/refresh", RefreshView.as_view()),
]
