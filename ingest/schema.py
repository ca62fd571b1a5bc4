"""The shapes of what the intake is sent and answers, for OpenAPI. They describe; nothing is parsed by them."""

# ruff: noqa: N815  (the fields are the wire's names)

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ingest.chunks import MESSAGE_TYPES
from ingest.memory_types import MemoryType
from ingest.models import Batch
from ingest.source_files import MOST_PARTS
from supastate.queueing.models import Status
from supastate.workspaces.models import Visibility


class ProjectSchema(serializers.Serializer[Any]):
    """A project, known by its git remote, else by its path."""

    remote = serializers.CharField(required=False)
    path = serializers.CharField(required=False, help_text="The checkout's folder on the client.")
    branch = serializers.CharField(required=False)


class RequestSchema(serializers.Serializer[Any]):
    """What every request body may carry."""

    workspace = serializers.CharField(required=False, help_text="Must be the key's own: id or slug.")
    project = ProjectSchema(required=False)
    projectPath = serializers.CharField(required=False)
    visibility = serializers.ChoiceField(Visibility.values, required=False)


class MetadataSchema(serializers.Serializer[Any]):
    """Metadata of a chunk; unknown keys are kept as they are."""

    timestamp = serializers.DateTimeField(help_text="With a zone.")
    messageType = serializers.ChoiceField(MESSAGE_TYPES)
    filePaths = serializers.ListField(child=serializers.CharField(), required=False)
    memoryType = serializers.ChoiceField(MemoryType.values, required=False, help_text="Else rules decide.")
    importance = serializers.FloatField(required=False, min_value=0, max_value=1, help_text="Else rules decide.")


class ChunkSchema(serializers.Serializer[Any]):
    """One memory."""

    chunkId = serializers.CharField(required=False, help_text="With it, a resend is recognised by it alone.")
    content = serializers.CharField()
    metadata = MetadataSchema()


class MemoryRequestSchema(RequestSchema):
    """Memory chunks of one session."""

    sessionId = serializers.CharField(max_length=255)
    chunks = ChunkSchema(many=True)


class FileSchema(serializers.Serializer[Any]):
    """One source file."""

    path = serializers.CharField()
    content = serializers.CharField(allow_blank=True)
    language = serializers.CharField(required=False)
    lastModified = serializers.DateTimeField(required=False)


class FullSyncSchema(serializers.Serializer[Any]):
    """Which part of a full sync this request is; once all are in, what none of them named is removed."""

    id = serializers.CharField(max_length=255)
    part = serializers.IntegerField(min_value=0, max_value=MOST_PARTS)
    parts = serializers.IntegerField(min_value=1, max_value=MOST_PARTS)


class CodeRequestSchema(RequestSchema):
    """What a checkout holds."""

    checkoutId = serializers.CharField(required=False, help_text="Default: the key and the project's path.")
    files = FileSchema(many=True, required=False)
    deleted = serializers.ListField(child=serializers.CharField(), required=False)
    fullSync = FullSyncSchema(required=False)


class ItemSchema(serializers.Serializer[Any]):
    """What became of one item."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(("new", "duplicate", "rejected"))
    id = serializers.UUIDField(required=False)
    line = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    marks = serializers.ListField(child=serializers.CharField(), required=False)


class LedgerSchema(serializers.Serializer[Any]):
    """received = new + duplicate + rejected; `conflict` are those of the duplicates whose body differs."""

    received = serializers.IntegerField()
    new = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    conflict = serializers.IntegerField()
    rejected = serializers.IntegerField()


class FullSyncAnswerSchema(FullSyncSchema):
    """Where a full sync stands."""

    complete = serializers.BooleanField()
    removed = serializers.IntegerField()
    removalBatchId = serializers.UUIDField(required=False)


class ReceiptSchema(LedgerSchema):
    """The answer to an accepted request."""

    batchId = serializers.UUIDField()
    maskedSecrets = serializers.IntegerField()
    items = ItemSchema(many=True)
    statusUrl = serializers.CharField()
    eventsUrl = serializers.CharField(help_text="Server-sent events; absolute where another address streams them.")
    fullSync = FullSyncAnswerSchema(required=False)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)


class CountsSchema(serializers.Serializer[Any]):
    """Rows by status."""

    pending = serializers.IntegerField()
    processing = serializers.IntegerField()
    completed = serializers.IntegerField()
    dead = serializers.IntegerField()


class BatchSchema(LedgerSchema, CountsSchema):
    """new = pending + processing + completed + dead."""

    batchId = serializers.UUIDField()
    kind = serializers.ChoiceField(Batch.Kind.values)
    createdAt = serializers.DateTimeField()
    requestId = serializers.CharField(help_text="X-Request-Id of the request that was accepted.")
    done = serializers.BooleanField()
    stages = serializers.DictField(child=CountsSchema())
    rejections = ItemSchema(many=True)
    maskedSecrets = serializers.IntegerField()
    eventsUrl = serializers.CharField()


class LatencySchema(serializers.Serializer[Any]):
    """Seconds from the 202 to the end of this stage, of the rows that ended in the last five minutes."""

    samples = serializers.IntegerField()
    p50Seconds = serializers.FloatField(allow_null=True)
    p95Seconds = serializers.FloatField(allow_null=True)


class StageSchema(CountsSchema):
    """A stage's rows, how long the oldest due one has waited, and how fast they end."""

    oldestDueSeconds = serializers.FloatField(allow_null=True)
    completedLastMinute = serializers.IntegerField()
    latency = LatencySchema()
    retries = serializers.DictField(
        child=serializers.IntegerField(), help_text="Pending rows by the code of their last failure."
    )
    deadLetters = serializers.DictField(
        child=serializers.IntegerField(), help_text="Dead rows that wait for a decision, by code."
    )


class ProviderSchema(serializers.Serializer[Any]):
    """Whether the embedding provider is used now: `held` as it asked, or `open` since it failed repeatedly."""

    state = serializers.ChoiceField(("ok", "held", "open"))
    budgets = serializers.DictField(
        child=serializers.FloatField(),
        help_text="By bucket the share of its burst that is left; negative in debt.",
    )
    until = serializers.DateTimeField(required=False)
    code = serializers.CharField(required=False)


class TotalsSchema(LedgerSchema, CountsSchema):
    """The ledger of the whole workspace."""


class StatusSchema(serializers.Serializer[Any]):
    """The workspace's queues."""

    stages = serializers.DictField(child=StageSchema())
    totals = TotalsSchema()
    provider = ProviderSchema()


class DeadLetterSchema(serializers.Serializer[Any]):
    """A dead row, without its content."""

    id = serializers.UUIDField()
    stage = serializers.CharField()
    status = serializers.ChoiceField(Status.values)
    batchId = serializers.UUIDField(allow_null=True)
    attempts = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    createdAt = serializers.DateTimeField()
    diedAt = serializers.DateTimeField(allow_null=True)
    discardedAt = serializers.DateTimeField(allow_null=True)


class DeadLetterPageSchema(serializers.Serializer[Any]):
    """A page of dead rows."""

    results = DeadLetterSchema(many=True)
    nextCursor = serializers.CharField(allow_null=True)


class AttemptSchema(serializers.Serializer[Any]):
    """How one attempt failed."""

    attempt = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    at = serializers.DateTimeField()


class ShownDeadLetterSchema(DeadLetterSchema):
    """A dead row with its stage's own fields; null when they are another author's private work."""

    history = AttemptSchema(many=True, help_text="Its failed attempts, the oldest first.")
    item = serializers.DictField(allow_null=True)
    private = serializers.BooleanField()


class ActedDeadLetterSchema(DeadLetterSchema):
    """A row after a replay or discard; `changed` is false when there was nothing left to do."""

    changed = serializers.BooleanField()


class DeadFilterSchema(serializers.Serializer[Any]):
    """Which dead rows are meant: all that wait for a decision, narrowed by what is given."""

    workspace = serializers.CharField(required=False, help_text="Must be the key's own: id or slug.")
    stage = serializers.CharField(required=False)
    code = serializers.CharField(required=False, help_text="The reason that they died of.")
    before = serializers.DateTimeField(required=False, help_text="They died before this time.")
    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=1_000)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=1_000, default=1_000)


class FilteredSchema(serializers.Serializer[Any]):
    """How many rows matched, and how many of them remain: send the same again."""

    matched = serializers.IntegerField()
    remaining = serializers.IntegerField()


class ReplayedSchema(FilteredSchema):
    """The answer to a replay by filter."""

    replayed = serializers.IntegerField()


class DiscardedSchema(FilteredSchema):
    """The answer to a discard by filter."""

    discarded = serializers.IntegerField()
