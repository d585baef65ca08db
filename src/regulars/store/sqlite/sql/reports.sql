-- name: last_problem
-- The number of the last problem of an import.
SELECT coalesce(max(number), 0)
FROM import_problem
WHERE import_number = :import_number;

-- name: insert_problem
-- A problem is kept.
INSERT INTO import_problem (import_number, number, record, line, code, field, rejects, cause)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: load_problems
-- The next page of the problems of an import, of all codes or of some.
SELECT number, code, record, field, line, rejects, cause
FROM import_problem
WHERE import_number = :import_number
    AND number > :after
    AND (
        :codes IS NULL
        OR (NOT rejects AND code IN (SELECT value FROM json_each(:codes)))
        OR (rejects AND code IN (SELECT value FROM json_each(:rejecting)))
    )
ORDER BY number
LIMIT :limit;

-- name: insert_rejected_record
-- A rejected record is kept.
INSERT INTO rejected_record (import_number, record, original, problems)
VALUES (?, ?, ?, ?);

-- name: insert_rejected_identifier
-- A rejected record names an identifier.
INSERT OR IGNORE INTO rejected_identifier (key, import_number, record)
VALUES (?, ?, ?);

-- name: save_rejected_header
-- Keep the header of the body that rejected records came in.
INSERT OR IGNORE INTO rejected_header (import_number, header)
VALUES (:import_number, :header);

-- name: load_rejected_header
-- The header of the body that rejected records came in.
SELECT header
FROM rejected_header
WHERE import_number = :import_number;

-- name: load_rejected_records
-- The next page of the rejected records of an import.
SELECT record, original, problems
FROM rejected_record
WHERE import_number = :import_number AND record > :after_record
ORDER BY record
LIMIT :limit;

-- name: delete_named_records
-- Let go of the rejected records that name any of some identifiers.
DELETE FROM rejected_record
WHERE rowid IN (
    SELECT rejected.rowid
    FROM json_each(:keys) AS sought
    CROSS JOIN rejected_identifier AS named ON named.key = sought.value
    CROSS JOIN rejected_record AS rejected
        ON rejected.import_number = named.import_number AND rejected.record = named.record
);

-- name: delete_named_identifiers
-- Let go of all identifiers of those records.
DELETE FROM rejected_identifier
WHERE (import_number, record) IN (
    SELECT named.import_number, named.record
    FROM json_each(:keys) AS sought
    CROSS JOIN rejected_identifier AS named ON named.key = sought.value
);

-- name: delete_problems
-- Let go of the problems of an import.
DELETE FROM import_problem
WHERE import_number = :import_number;

-- name: find_with_rejected
-- Those of some imports that have rejected records.
SELECT sought.value
FROM json_each(:import_numbers) AS sought
WHERE EXISTS (SELECT 1 FROM rejected_record WHERE import_number = sought.value);

-- name: find_old_rejected
-- Imports that ended, or were planned or held, before some instant and still have rejected records;
-- looks at one row an import.
WITH RECURSIVE kept (number) AS (
    SELECT min(import_number)
    FROM rejected_record
    UNION ALL
    SELECT (
        SELECT min(rejected.import_number)
        FROM rejected_record AS rejected
        WHERE rejected.import_number > kept.number
    )
    FROM kept
    WHERE kept.number IS NOT NULL
)
SELECT kept.number
FROM kept
CROSS JOIN import_run ON import_run.number = kept.number
WHERE coalesce(
    import_run.ended_at,
    CASE WHEN import_run.status IN ('planned', 'held') THEN import_run.started_at END
) < :before;

-- name: delete_rejected_records
-- Let go of all rejected records of some imports.
DELETE FROM rejected_record
WHERE import_number IN (SELECT value FROM json_each(:import_numbers));

-- name: delete_rejected_headers
-- Let go of their headers.
DELETE FROM rejected_header
WHERE import_number IN (SELECT value FROM json_each(:import_numbers));

-- name: delete_rejected_identifiers
-- Let go of the identifiers that they named.
DELETE FROM rejected_identifier
WHERE import_number IN (SELECT value FROM json_each(:import_numbers));
