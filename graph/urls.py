"""Addresses of the code graph."""

from django.urls import path

from graph.views import (
    CalleesView,
    CallersView,
    EntitiesView,
    EntityView,
    ImpactView,
    ImportsView,
    QueryView,
)

urlpatterns = [
    path("entities", EntitiesView.as_view()),
    path("entities/<str:uid>", EntityView.as_view()),
    path("entities/<str:uid>/callers", CallersView.as_view()),
    path("entities/<str:uid>/callees", CalleesView.as_view()),
    path("entities/<str:uid>/imports", ImportsView.as_view()),
    path("entities/<str:uid>/impact", ImpactView.as_view()),
    path("query", QueryView.as_view()),
]
