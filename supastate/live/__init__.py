"""What stays open: the ASGI process that streams events. It answers for no other address."""
