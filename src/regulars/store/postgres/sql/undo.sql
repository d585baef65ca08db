-- name: load_changes_of_import
-- The next changes of an import. Those of one import lie close together, so that the range of
-- versions does without an index of imports.
SELECT version, customer_id
FROM {schema}.change
WHERE version > %(after_version)s
    AND version <= %(last_version)s
    AND import_number = %(import_number)s
ORDER BY version
LIMIT %(limit)s;

-- name: load_history
-- The history of some customers behind a version, with the import that caused each change. OFFSET 0
-- keeps the planner from joining with the whole table, and from looking up by version.
SELECT change.version, change.customer_id, change.import_number, change.record, change.before,
    change.after
FROM unnest(%(customer_ids)s::bigint[]) AS sought (customer_id)
CROSS JOIN LATERAL (
    SELECT stored.version, stored.customer_id, stored.import_number, stored.record, stored.before,
        stored.after
    FROM {schema}.change AS stored
    WHERE stored.customer_id = sought.customer_id
    OFFSET 0
) AS change
WHERE change.version > %(after_version)s
ORDER BY change.version;

-- name: remove_customers
-- Customers go as if they had never been.
DELETE FROM {schema}.customer
USING unnest(%(ids)s::bigint[]) AS gone (id)
WHERE customer.id = gone.id;

-- name: find_undo_progress
-- How far an undo has come.
SELECT last_version
FROM {schema}.undo_progress
WHERE import_number = %(import_number)s;

-- name: save_undo_progress
-- An undo moves on.
INSERT INTO {schema}.undo_progress (import_number, last_version)
VALUES (%(import_number)s, %(last_version)s)
ON CONFLICT (import_number) DO UPDATE
SET last_version = excluded.last_version;

-- name: delete_undo_progress
-- An undo has ended.
DELETE FROM {schema}.undo_progress
WHERE import_number = %(import_number)s;
