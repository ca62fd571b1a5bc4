"""Addresses of the code graph."""

from django.urls import path

from graph.project_views import CyclesView, HotspotsView, OverviewView, PositionView, UnreferencedView
from graph.query.views import QueryView
from graph.views import (
    CalleesView,
    CallersView,
    EntitiesView,
    EntityView,
    ImpactView,
    ImportsView,
)
from graph.way_views import InheritanceView, PathView

urlpatterns = [
    path("entities", EntitiesView.as_view()),
    path("entities/<str:uid>", EntityView.as_view()),
    path("entities/<str:uid>/callers", CallersView.as_view()),
    path("entities/<str:uid>/callees", CalleesView.as_view()),
    path("entities/<str:uid>/imports", ImportsView.as_view()),
    path("entities/<str:uid>/impact", ImpactView.as_view()),
    path("entities/<str:uid>/inheritance", InheritanceView.as_view()),
    path("position", PositionView.as_view()),
    path("path", PathView.as_view()),
    path("overview", OverviewView.as_view()),
    path("hotspots", HotspotsView.as_view()),
    path("cycles", CyclesView.as_view()),
    path("unreferenced", UnreferencedView.as_view()),
    path("query", QueryView.as_view()),
]
