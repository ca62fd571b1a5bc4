"""Supastate: shared, durable memory and an understanding of the code for AI coding assistants."""
