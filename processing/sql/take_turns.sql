-- Waits until every other transaction of the workspace that asks for links by vectors has ended. Parameters: workspace.
-- Of a memory and code that are embedded at once, the later transaction then sees the vectors of the earlier one.
SELECT pg_advisory_xact_lock(hashtextextended('links by vectors ' || %(workspace)s::uuid, 0))
