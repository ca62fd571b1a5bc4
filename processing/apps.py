"""Django application of processing; it registers the stages that follow the store."""

from django.apps import AppConfig
from django.conf import settings


class ProcessingConfig(AppConfig):
    name = "processing"
    verbose_name = "Processing"

    def ready(self) -> None:
        """Register the stages."""
        from processing.embedding_models import provider_state
        from processing.models import EmbedQueue, LinkQueue, PatternQueue, SummaryQueue
        from supastate.queueing.provider_state import register_provider_state
        from supastate.queueing.stages import register_stage

        register_provider_state(provider_state)
        register_stage(
            "embed",
            EmbedQueue,
            queue="memory_ingestion",
            task="processing.embed_texts",
            claim_size=settings.EMBEDDING_CLAIM_SIZE,
            urgent_task="processing.embed_urgent_texts",
        )
        register_stage(
            "link_memories", LinkQueue, queue="graph_sync", task="processing.link_memories", claim_size=256
        )
        register_stage(
            "detect_patterns",
            PatternQueue,
            queue="pattern_detection",
            task="processing.detect_patterns",
            claim_size=1,
        )
        register_stage(
            "summarise",
            SummaryQueue,
            queue="summary_generation",
            task="processing.summarise",
            claim_size=16,
        )
