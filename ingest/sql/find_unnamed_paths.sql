-- What a checkout holds though a full sync did not name it, but for what came since the sync began.
-- Parameters: checkout, sync, began_at. Result: path.
SELECT held.path
FROM ingest_checkoutpath AS held
WHERE held.checkout_id = %(checkout)s AND held.accepted_at < %(began_at)s
  AND NOT EXISTS (
      SELECT FROM ingest_fullsyncpath AS named
      WHERE named.full_sync_id = %(sync)s AND named.path = held.path
  )
ORDER BY held.path COLLATE "C"
