"""Projects and checkouts: which body of code a request speaks of, and which machine holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from django.utils import timezone

from supastate.workspaces.models import Checkout, Project, Visibility

SCP_LIKE = re.compile(r"^(?:[\w.+-]+@)?([\w.-]+):(?!//)(.+)$")
URL_LIKE = re.compile(r"^\w[\w+.-]*://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.+)$")


@dataclass(frozen=True, slots=True)
class ProjectRef:
    """A project as a client names it: by git remote, by path, or both."""

    remote: str = ""
    path: str = ""
    branch: str = ""

    @property
    def identity(self) -> str:
        """The normalised remote, else the path without a trailing slash ('' when nothing was named)."""
        return normalise_remote(self.remote) if self.remote else normalise_project_path(self.path)


def normalise_remote(remote: str) -> str:
    """Return `host/owner/name` for any spelling of a git remote, without user, port, `.git` or case of host."""
    text = remote.strip()
    match = URL_LIKE.match(text) or SCP_LIKE.match(text)
    if match is None:
        return text
    path = match[2].strip("/").removesuffix(".git").rstrip("/")
    return f"{match[1].lower()}/{path}"


def normalise_project_path(path: str) -> str:
    """Return a project's path with forward slashes and no trailing one."""
    text = path.strip().replace("\\", "/")
    return text.rstrip("/") or text


def ensure_project(
    *, workspace_id: UUID, author_id: UUID, ref: ProjectRef, visibility: str = Visibility.WORKSPACE
) -> Project:
    """Return the project of `ref`, made on first sight. Private content lives in its author's own project."""
    named = {"workspace_id": workspace_id, "identity": ref.identity, "visibility": visibility}
    if visibility == Visibility.PRIVATE:
        named["author_id"] = author_id
    known = Project.objects.filter(**named).first()
    if known is not None:
        return known
    Project.objects.bulk_create(
        [
            Project(
                workspace_id=workspace_id,
                identity=ref.identity,
                name=PurePosixPath(ref.identity).name or ref.identity,
                remote=ref.remote,
                path=ref.path,
                visibility=visibility,
                author_id=author_id,
            )
        ],
        ignore_conflicts=True,
    )
    return Project.objects.get(**named)


def find_projects(text: str) -> list[UUID]:
    """Return the ids of the visible projects that `text` names: id, identity, remote, path or name."""
    try:
        return list(Project.objects.filter(pk=UUID(text)).values_list("pk", flat=True))
    except ValueError:
        pass
    identities = {normalise_remote(text), normalise_project_path(text)}
    found = Project.objects.filter(identity__in=identities).values_list("pk", flat=True)
    if found:
        return list(found)
    by_path = Project.objects.filter(path=normalise_project_path(text)) | Project.objects.filter(name=text)
    return list(by_path.values_list("pk", flat=True))


def ensure_checkout(*, project: Project, key: str, ref: ProjectRef) -> Checkout:
    """Return the checkout `key` of `project`, made on first sight; its branch and time are brought up to date."""
    Checkout.objects.bulk_create(
        [
            Checkout(
                workspace_id=project.workspace_id,
                project=project,
                key=key,
                path=ref.path,
                branch=ref.branch,
                last_seen_at=timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["project", "key"],
        update_fields=["branch", "last_seen_at"],
    )
    return Checkout.objects.get(project=project, key=key)
