"""Who and where: people, workspaces, memberships, API keys, projects and checkouts.

Workspace, Membership, ApiKey and User have no tenant policy: they are read to find the workspace.
Project and Checkout have one, from the first migration.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from supastate.workspaces.ids import new_id


class Visibility(models.TextChoices):
    """Who may read a row: everybody in the workspace, or its author alone."""

    WORKSPACE = "workspace"
    PRIVATE = "private"


class User(AbstractUser):
    """A person, or the service account of a shared machine; the author of what their keys send."""

    class Kind(models.TextChoices):
        PERSON = "person"
        SERVICE = "service"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PERSON)


class Workspace(models.Model):
    """One tenant. Every row of every other table belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    embeddings_enabled = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Off: texts are found by their words alone, and none is sent to a provider.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a workspace."""

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("workspace", "user"), name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}"


class Scope(models.TextChoices):
    """What a key may do."""

    INGEST = "ingest"
    SEARCH = "search"
    GRAPH = "graph"
    ADMIN = "admin"


class ApiKey(models.Model):
    """A key of one workspace and one author. Only the SHA-256 of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=32, unique=True, editable=False)
    secret_sha256 = models.BinaryField(max_length=32, editable=False)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("workspace", "name")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Project(models.Model):
    """One body of code: the same for every checkout of the same git remote.

    A private project holds what one author sent as private; nobody else sees it or what is in it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="projects")
    identity = models.CharField(max_length=1024, help_text="Normalised git remote, else the path.")
    name = models.CharField(max_length=255)
    remote = models.CharField(max_length=1024, blank=True)
    path = models.CharField(max_length=1024, blank=True)
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.WORKSPACE)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=("workspace", "identity"),
                condition=Q(visibility="workspace"),
                name="project_identity_once",
            ),
            models.UniqueConstraint(
                fields=("workspace", "identity", "author"),
                condition=Q(visibility="private"),
                name="private_project_identity_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Checkout(models.Model):
    """What one machine holds of a project."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="checkouts")
    key = models.CharField(max_length=1200, help_text="The client's checkoutId, else key and path.")
    path = models.CharField(max_length=1024, blank=True)
    branch = models.CharField(max_length=255, blank=True)
    last_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("project", "key"), name="checkout_once")]

    def __str__(self) -> str:
        return self.path or self.key
