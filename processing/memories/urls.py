"""Addresses of single memories."""

from django.urls import path

from processing.memories.views import MemoriesView, MemoryView

urlpatterns = [
    path("memories", MemoriesView.as_view()),
    path("memories/<str:memory_id>", MemoryView.as_view()),
]
