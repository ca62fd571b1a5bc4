"""Memories one by one: list, remember, get, change and delete (`/api/memories`)."""
