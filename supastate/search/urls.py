"""Addresses of the read side."""

from django.urls import path

from supastate.search.context.views import ContextView
from supastate.search.joins import EntityMemoriesView, MemoryCodeView, RelatedMemoriesView
from supastate.search.views import CodeSearchView, MemorySearchView, SuggestionsView, UnifiedSearchView

urlpatterns = [
    path("context", ContextView.as_view()),
    path("search", UnifiedSearchView.as_view()),
    path("search/memories", MemorySearchView.as_view()),
    path("search/code", CodeSearchView.as_view()),
    path("search/suggest", SuggestionsView.as_view()),
    path("graph/entities/<str:uid>/memories", EntityMemoriesView.as_view()),
    path("memories/<str:memory_id>/code", MemoryCodeView.as_view()),
    path("memories/<str:memory_id>/related", RelatedMemoriesView.as_view()),
]
