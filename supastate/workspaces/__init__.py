"""Tenancy: workspaces, people, keys, projects, and the row-level security that keeps workspaces apart."""
