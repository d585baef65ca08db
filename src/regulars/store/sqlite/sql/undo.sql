-- name: load_changes_of_import
-- The next changes of an import. Those of one import lie close together, so that the range of
-- versions does without an index of imports.
SELECT version, customer_id
FROM change
WHERE version > :after_version AND version <= :last_version AND import_number = :import_number
ORDER BY version
LIMIT :limit;

-- name: load_history
-- The history of some customers behind a version, with the import that caused each change.
SELECT change.version, change.customer_id, change.import_number, change.record, change.before,
    change.after
FROM json_each(:customer_ids) AS sought
CROSS JOIN change ON change.customer_id = sought.value
WHERE change.version > :after_version
ORDER BY change.version;

-- name: remove_customer
-- A customer goes as if it had never been.
DELETE FROM customer
WHERE id = ?;

-- name: find_undo_progress
-- How far an undo has come.
SELECT last_version
FROM undo_progress
WHERE import_number = :import_number;

-- name: save_undo_progress
-- An undo moves on.
INSERT INTO undo_progress (import_number, last_version)
VALUES (:import_number, :last_version)
ON CONFLICT (import_number) DO UPDATE
SET last_version = excluded.last_version;

-- name: delete_undo_progress
-- An undo has ended.
DELETE FROM undo_progress
WHERE import_number = :import_number;
