-- A checkout does not hold these paths any more. Parameters: checkout, paths. Result: row count.
DELETE FROM ingest_checkoutpath WHERE checkout_id = %(checkout)s AND path = ANY(%(paths)s::text[])
