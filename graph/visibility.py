"""Which projects' entities a reader may see: those whose rows they see. Runs inside a workspace scope."""

from __future__ import annotations

from collections.abc import Mapping

from supastate.workspaces.models import Project
from supastate.workspaces.projects import find_projects

ProjectNames = Mapping[str, str]


def name_projects(named: str = "") -> ProjectNames:
    """Return {uid of the project's node: name} of the visible projects, of those that `named` means if given."""
    projects = Project.objects.all()
    if named:
        projects = projects.filter(pk__in=find_projects(named))
    return {str(pk): name for pk, name in projects.values_list("pk", "name")}
