-- What a checkout holds at some paths. Parameters: checkout, paths. Result: path, content_hash.
SELECT path, content_hash FROM ingest_checkoutpath
WHERE checkout_id = %(checkout)s AND path = ANY(%(paths)s::text[])
