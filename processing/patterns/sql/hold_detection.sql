-- Let one run at a time count the patterns of a workspace and type, until its transaction ends. Parameters: lock.
SELECT pg_advisory_xact_lock(hashtextextended(%(lock)s, 0))
