-- Let one transaction at a time ask for a subject's summary, so that it is asked for once. Parameters: subject.
SELECT pg_advisory_xact_lock(hashtextextended('summary of ' || %(subject)s::text, 0))
