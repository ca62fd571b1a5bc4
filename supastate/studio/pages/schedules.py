"""Pages of what beat runs and when. Schedules hold for all workspaces: superusers only."""

from __future__ import annotations

import json

from django import forms
from django.contrib import messages
from django.contrib.admin import action, register
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
    SolarSchedule,
)

from supastate.studio.model_admins import SuperuserAdmin
from supastate.studio.site import site
from supastate.studio.unfolding import display


class PeriodicTaskForm(forms.ModelForm[PeriodicTask]):
    """Refuses arguments that are not JSON of the right kind."""

    def clean_args(self) -> str:
        """Return a JSON array."""
        return self._check_json("args", list, "array")

    def clean_kwargs(self) -> str:
        """Return a JSON object."""
        return self._check_json("kwargs", dict, "object")

    def _check_json(self, field: str, kind: type, name: str) -> str:
        text: str = self.cleaned_data[field]
        try:
            value = json.loads(text)
        except ValueError as exc:
            raise ValidationError("This is not JSON.", code="invalid") from exc
        if not isinstance(value, kind):
            raise ValidationError(f"This must be a JSON {name}.", code="invalid_type")
        return text


@register(PeriodicTask, site=site)
class PeriodicTaskAdmin(SuperuserAdmin):
    """What beat runs. The web process never publishes, so nothing is run from here: beat does."""

    form = PeriodicTaskForm
    list_display = ("name", "enabled", "show_schedule", "task", "queue", "last_run_at")
    list_filter = ("enabled", "one_off")
    list_select_related = ("interval", "crontab", "solar", "clocked")
    search_fields = ("name__icontains", "task__icontains")
    actions = ("enable_tasks", "disable_tasks")
    readonly_fields = ("last_run_at",)
    fieldsets = (
        (None, {"fields": (("name", "enabled"), "task", "description")}),
        (
            "Schedule",
            {"fields": (("crontab", "interval"), ("clocked", "solar"), ("start_time", "one_off"), "last_run_at")},
        ),
        ("Arguments", {"classes": ("tab",), "fields": ("args", "kwargs")}),
        (
            "Execution",
            {
                "classes": ("tab",),
                "fields": (
                    ("expires", "expire_seconds"),
                    ("queue", "priority"),
                    ("exchange", "routing_key"),
                    "headers",
                ),
            },
        ),
    )

    @display(description="Schedule")
    def show_schedule(self, obj: PeriodicTask) -> str:
        """When it runs."""
        return str(obj.schedule)

    @action(description="Enable")
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Let beat run them."""
        self._switch(request, queryset, on=True)

    @action(description="Disable")
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Let beat pass them over."""
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[PeriodicTask], *, on: bool) -> None:
        changed = queryset.update(enabled=on)
        PeriodicTasks.update_changed()  # beat reads the table again
        messages.success(request, f"{changed} task(s) {'enabled' if on else 'disabled'}.")


@register(CrontabSchedule, site=site)
class CrontabScheduleAdmin(SuperuserAdmin):
    """Times as cron writes them."""

    list_display = ("__str__", "human_readable")
    search_fields = ("hour", "timezone")


@register(ClockedSchedule, site=site)
class ClockedScheduleAdmin(SuperuserAdmin):
    """Single moments."""

    list_display = ("clocked_time",)


@register(IntervalSchedule, site=site)
class IntervalScheduleAdmin(SuperuserAdmin):
    """Every so often."""

    list_display = ("__str__", "every", "period")


@register(SolarSchedule, site=site)
class SolarScheduleAdmin(SuperuserAdmin):
    """Sunrise, sunset and the like at a place."""

    list_display = ("__str__", "event", "latitude", "longitude")
