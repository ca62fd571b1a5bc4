"""Forgetting hides a memory and keeps it: by hand or by the workspace's policy, undone until it is erased."""
