"""Addresses of contradictions, below `/api/`."""

from django.urls import path

from processing.contradictions.views import ContradictionsView, ContradictionView

urlpatterns = [
    path("contradictions", ContradictionsView.as_view()),
    path("contradictions/<str:contradiction_id>", ContradictionView.as_view()),
]
