"""The first memories of topics, found by the signature of their vectors."""

import django.db.models.deletion
import pgvector.django.bit
import pgvector.django.indexes
from django.conf import settings
from django.db import migrations, models

import supastate.workspaces.ids
from supastate.workspaces.row_security import IsolateAuthors


class Migration(migrations.Migration):
    dependencies = [
        ("processing", "0023_pattern_evidence"),
        ("workspaces", "0002_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TopicLeader",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=supastate.workspaces.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[("workspace", "Workspace"), ("private", "Private")],
                        default="workspace",
                        max_length=16,
                    ),
                ),
                ("model", models.CharField(max_length=128)),
                ("signature", pgvector.django.bit.BitField(length=1024)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "memory",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="processing.memory"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.project",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace", "model"], name="topic_leader_models"),
                    pgvector.django.indexes.HnswIndex(
                        fields=["signature"], name="topic_leader_nearest", opclasses=("bit_hamming_ops",)
                    ),
                ],
            },
        ),
        IsolateAuthors("processing_topicleader"),
    ]
