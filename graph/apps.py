"""Django application of the code graph; it registers the stage that brings files into the graph store."""

from django.apps import AppConfig


class GraphConfig(AppConfig):
    name = "graph"
    verbose_name = "Code graph"

    def ready(self) -> None:
        """Register the stage."""
        from graph.models import GraphQueue
        from supastate.queueing.stages import register_stage

        register_stage(
            "graph_files", GraphQueue, queue="graph_sync", task="processing.sync_graph", claim_size=2_000
        )
