-- name: find_purgeable
-- Customers that were deleted long ago. Their last change is the one that deleted them.
SELECT customer.id
FROM {schema}.customer
JOIN {schema}.change ON change.version = customer.version
WHERE customer.state = 1
    AND customer.version > (SELECT last_version FROM {schema}.purged)
    AND change.changed_at < %(deleted_before)s
ORDER BY customer.version
LIMIT %(limit)s;

-- name: save_purged
-- Customers up to a version were purged.
UPDATE {schema}.purged
SET last_version = %(version)s;

-- name: load_failed
-- Imports that failed.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM {schema}.import_run
WHERE status = 'failed'
ORDER BY number;
