-- Placeholder: index (name). By the owner's role, outside a transaction.
DROP INDEX CONCURRENTLY IF EXISTS {index}
