"""Django application of the intake; it registers the two stages whose rows clients send."""

from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "ingest"
    verbose_name = "Ingest"

    def ready(self) -> None:
        """Register the stages."""
        from ingest.batches import find_request_ids
        from ingest.models import CodeQueue, MemoryQueue
        from supastate.queueing.stages import register_stage
        from supastate.queueing.tracing import register_request_ids

        register_request_ids(find_request_ids)
        register_stage(
            "store_memory",
            MemoryQueue,
            queue="memory_ingestion",
            task="processing.store_memories",
            claim_size=256,
            accepts=True,
            urgent_task="processing.store_urgent_memories",
        )
        register_stage("store_code", CodeQueue, queue="code_ingestion", task="processing.store_code", accepts=True)
