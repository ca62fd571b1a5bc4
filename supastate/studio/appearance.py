"""What Unfold asks for to dress every page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from supastate.studio.selection import current_workspace

ENVIRONMENT_COLOURS = {"production": "danger", "local": "success", "test": "warning"}
EMERALD = {
    "50": "oklch(97.9% .021 166.113)",
    "100": "oklch(95% .052 163.051)",
    "200": "oklch(90.5% .093 164.15)",
    "300": "oklch(84.5% .143 164.978)",
    "400": "oklch(76.5% .177 163.223)",
    "500": "oklch(69.6% .17 162.48)",
    "600": "oklch(59.6% .145 163.225)",
    "700": "oklch(50.8% .118 165.612)",
    "800": "oklch(43.2% .095 166.913)",
    "900": "oklch(37.8% .077 168.94)",
    "950": "oklch(26.2% .051 172.552)",
}


def name_environment(_request: HttpRequest) -> list[str]:
    """Return the label in every page's header, and its colour."""
    return [settings.ENVIRONMENT, ENVIRONMENT_COLOURS[settings.ENVIRONMENT]]


def name_workspace(request: HttpRequest) -> str:
    """Return the line under the site's name."""
    workspace = current_workspace(request)
    return workspace.name if workspace else "No workspace"


def find_style(_request: HttpRequest) -> str:
    """Return the address of Studio's own styles."""
    return static("studio/studio.css")


def find_icon(_request: HttpRequest) -> str:
    """Return the address of the icon that browsers show."""
    return static("studio/icon.svg")


def choose_colours(_request: HttpRequest) -> dict[str, str]:
    """Return the primary colour from light to dark: emerald."""
    return dict(EMERALD)
