"""Addresses of forgetting, below `/api/`."""

from django.urls import path

from processing.forgetting.views import ForgettingView, ForgetView, PolicyView, PreviewView, RestoreView

urlpatterns = [
    path("forgetting", ForgettingView.as_view()),
    path("forgetting/policy", PolicyView.as_view()),
    path("forgetting/preview", PreviewView.as_view()),
    path("memories/<str:memory_id>/forget", ForgetView.as_view()),
    path("memories/<str:memory_id>/restore", RestoreView.as_view()),
]
