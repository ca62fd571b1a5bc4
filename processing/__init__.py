"""What becomes of accepted rows: memories and code objects, vectors, links and patterns; all Celery tasks."""
