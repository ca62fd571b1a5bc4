"""The rows that a person may read in Studio: the code's own filters, in front of row-level security."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from processing.models import Pattern
from supastate.studio.selection import current_user, current_workspace
from supastate.workspaces.models import Visibility

# A row without a visibility of its own is as private as what it belongs to.
OWNERS = {
    "memory": "memory__",
    "first": "first__",
    "second": "second__",
    "code_object": "code_object__",
    "pattern": "pattern__",
    "project": "project__",
    "checkout": "checkout__project__",
    "full_sync": "full_sync__checkout__project__",
}


def list_readable(model: type[Model], request: HttpRequest) -> QuerySet[Any]:
    """Return the rows of a model in the selected workspace without what others keep private."""
    return restrict_to_readable(model._default_manager.all(), request)


def restrict_to_readable(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Narrow a queryset of a tenant's model to what the person may read."""
    condition = _readable_by(rows.model, current_user(request).pk)
    readable = rows.filter(condition, workspace=current_workspace(request))
    # A candidate that was not seen often enough is no pattern yet (processing.patterns.selecting).
    return readable.filter(confidence__gt=0) if rows.model is Pattern else readable


def may_view(request: HttpRequest, model: type[Model]) -> bool:
    """Return whether Django's permissions let the person look at a model's rows."""
    options = model._meta
    return current_user(request).has_perm(f"{options.app_label}.view_{options.model_name}")


def _readable_by(model: type[Model], reader: Any) -> Q:
    fields = {field.name: field for field in model._meta.get_fields() if field.concrete}
    if "visibility" in fields:
        return _open_to(reader, "")
    condition = Q()
    for name, prefix in OWNERS.items():
        if name not in fields:
            continue
        readable = _open_to(reader, prefix)
        condition &= readable | Q(**{f"{name}__isnull": True}) if fields[name].null else readable
    return condition


def _open_to(reader: Any, prefix: str) -> Q:
    return Q(**{f"{prefix}visibility": Visibility.WORKSPACE}) | Q(**{f"{prefix}author": reader})
