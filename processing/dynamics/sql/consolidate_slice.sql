-- Ages the next memories of a workspace to one moment and puts each into its layer. Parameters: workspace, after
-- (id), size, moment. Result: one row (id of the last memory, how many), none when no memory is left.
-- Two traces, t in days: the working trace w fades by e^(-0.15 t), a use restores it to 1; the core trace c gains
-- g w dt with g = 0.08 (0.2 + importance²) and fades by e^(-0.005 t). Solved, so that ten days at once are ten days
-- one by one: c(t) = c e^(-0.005 t) + g w (e^(-0.005 t) - e^(-0.15 t)) / 0.145. Times are capped where a trace is
-- nothing, since an exponential that underflows is an error. What is pinned stays as it is, in the core.
WITH slice AS MATERIALIZED (
    SELECT memory.id, memory.importance,
           coalesce(strength.working, 1) AS working, coalesce(strength.core, 0) AS core,
           coalesce(strength.layer, 'working') AS layer, coalesce(strength.pinned, false) AS pinned,
           strength.last_accessed_at, coalesce(strength.access_count, 0) AS access_count,
           strength.consolidated_at, coalesce(strength.consolidated_at, memory.occurred_at) AS since
    FROM processing_memory AS memory
    LEFT JOIN processing_memorystrength AS strength ON strength.memory_id = memory.id
    WHERE memory.workspace_id = %(workspace)s AND memory.id > %(after)s
    ORDER BY memory.id
    LIMIT %(size)s
), used AS (
    SELECT access.memory_id, count(*) AS number, max(access.accessed_at) AS last
    FROM slice
    JOIN processing_memoryaccess AS access ON access.memory_id = slice.id
    WHERE (slice.consolidated_at IS NULL OR access.accessed_at > slice.consolidated_at)
      AND access.accessed_at <= %(moment)s
    GROUP BY access.memory_id
), timed AS (
    SELECT slice.*, used.last, coalesce(used.number, 0) AS number,
           0.08 * (0.2 + importance * importance) / 0.145 AS gain,
           greatest(extract(epoch FROM coalesce(used.last, %(moment)s) - since) / 86400, 0)::float8 AS before,
           greatest(extract(epoch FROM %(moment)s - used.last) / 86400, 0)::float8 AS after
    FROM slice LEFT JOIN used ON used.memory_id = slice.id
), faded AS (
    SELECT timed.*,
           exp(-0.15 * least(before, 120)) AS quick_before, exp(-0.005 * least(before, 3650)) AS slow_before,
           exp(-0.15 * least(after, 120)) AS quick_after, exp(-0.005 * least(after, 3650)) AS slow_after
    FROM timed
), at_use AS (
    SELECT faded.*, core * slow_before + gain * working * greatest(slow_before - quick_before, 0) AS core_then
    FROM faded
), aged AS (
    SELECT at_use.*,
           CASE WHEN last IS NULL THEN working * quick_before ELSE quick_after END AS working_now,
           CASE WHEN last IS NULL THEN core_then
                ELSE core_then * slow_after + gain * greatest(slow_after - quick_after, 0) END AS core_now
    FROM at_use
), settled AS (
    SELECT id,
           CASE WHEN pinned THEN working WHEN working_now < 1e-6 THEN 0 ELSE working_now END AS working,
           CASE WHEN pinned THEN core WHEN core_now < 1e-6 THEN 0 ELSE core_now END AS core,
           CASE WHEN pinned THEN 'core'
                WHEN layer <> 'core' AND core_now >= 0.25 THEN 'core'
                WHEN layer = 'archive' AND last IS NOT NULL THEN 'working'
                WHEN layer = 'working' AND working_now < 0.15 AND core_now < 0.15 THEN 'archive'
                WHEN layer = 'core' AND working_now + core_now < 0.05 THEN 'archive'
                ELSE layer END AS layer,
           pinned, access_count + number AS access_count, coalesce(last, last_accessed_at) AS last_accessed_at
    FROM aged
), kept AS (
    INSERT INTO processing_memorystrength AS strength (
        memory_id, workspace_id, working, core, layer, pinned, access_count, last_accessed_at, consolidations,
        consolidated_at
    )
    SELECT id, %(workspace)s, working, core, layer, pinned, access_count, last_accessed_at, 1, %(moment)s
    FROM settled
    ON CONFLICT (memory_id) DO UPDATE
    SET working = excluded.working, core = excluded.core, layer = excluded.layer,
        access_count = excluded.access_count, last_accessed_at = excluded.last_accessed_at,
        consolidations = strength.consolidations + 1, consolidated_at = excluded.consolidated_at
)
SELECT id, (SELECT count(*) FROM slice) FROM slice ORDER BY id DESC LIMIT 1
