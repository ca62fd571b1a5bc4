-- One cycle's fading of the links of a workspace. Parameters: workspace. Gone: a link under 0.1, and a pair that did
-- not become a link within 30 days.
WITH gone AS (
    DELETE FROM processing_memoryassociation
    WHERE workspace_id = %(workspace)s
      AND ((count >= 3 AND strength * 0.95 < 0.1)
           OR (count < 3 AND last_together_at < clock_timestamp() - interval '30 days'))
)
UPDATE processing_memoryassociation SET strength = strength * 0.95
WHERE workspace_id = %(workspace)s AND count >= 3 AND strength * 0.95 >= 0.1
