"""The durable queue: rows in Postgres are the truth, a Celery message is only a hint to look at them."""
