-- name: last_problem
-- The number of the last problem of an import.
SELECT coalesce(max(number), 0)
FROM {schema}.import_problem
WHERE import_number = %(import_number)s;

-- name: copy_problems
-- Problems are kept.
COPY {schema}.import_problem (import_number, number, record, line, code, field, rejects, cause)
FROM STDIN;

-- name: load_problems
-- The next page of the problems of an import, of all codes or of some.
SELECT number, code, record, field, line, rejects, cause
FROM {schema}.import_problem
WHERE import_number = %(import_number)s
    AND number > %(after)s
    AND (
        %(codes)s::text[] IS NULL
        OR (NOT rejects AND code = ANY(%(codes)s::text[]))
        OR (rejects AND code = ANY(%(rejecting)s::text[]))
    )
ORDER BY number
LIMIT %(limit)s;

-- name: copy_rejected_records
-- Rejected records are kept.
COPY {schema}.rejected_record (import_number, record, original, problems)
FROM STDIN;

-- name: copy_rejected_identifiers
-- Rejected records name identifiers.
COPY {schema}.rejected_identifier (key, import_number, record)
FROM STDIN;

-- name: save_rejected_header
-- Keep the header of the body that rejected records came in.
INSERT INTO {schema}.rejected_header (import_number, header)
VALUES (%(import_number)s, %(header)s)
ON CONFLICT (import_number) DO NOTHING;

-- name: load_rejected_header
-- The header of the body that rejected records came in.
SELECT header
FROM {schema}.rejected_header
WHERE import_number = %(import_number)s;

-- name: load_rejected_records
-- The next page of the rejected records of an import.
SELECT record, original, problems
FROM {schema}.rejected_record
WHERE import_number = %(import_number)s AND record > %(after_record)s
ORDER BY record
LIMIT %(limit)s;

-- name: delete_named_records
-- Let go of the rejected records that name any of some identifiers.
DELETE FROM {schema}.rejected_record AS rejected
USING {schema}.rejected_identifier AS named
WHERE named.key = ANY(%(keys)s::bigint[])
    AND rejected.import_number = named.import_number
    AND rejected.record = named.record;

-- name: delete_named_identifiers
-- Let go of all identifiers of those records.
DELETE FROM {schema}.rejected_identifier AS own
USING {schema}.rejected_identifier AS named
WHERE named.key = ANY(%(keys)s::bigint[])
    AND own.import_number = named.import_number
    AND own.record = named.record;

-- name: delete_problems
-- Let go of the problems of an import.
DELETE FROM {schema}.import_problem
WHERE import_number = %(import_number)s;

-- name: find_with_rejected
-- Those of some imports that have rejected records.
SELECT sought.number
FROM unnest(%(import_numbers)s::bigint[]) AS sought (number)
WHERE EXISTS (
    SELECT 1
    FROM {schema}.rejected_record
    WHERE rejected_record.import_number = sought.number
);

-- name: find_old_rejected
-- Imports that ended, or were planned or held, before some instant and still have rejected records;
-- looks at one row an import.
WITH RECURSIVE kept (number) AS (
    SELECT min(import_number)
    FROM {schema}.rejected_record
    UNION ALL
    SELECT (
        SELECT min(rejected.import_number)
        FROM {schema}.rejected_record AS rejected
        WHERE rejected.import_number > kept.number
    )
    FROM kept
    WHERE kept.number IS NOT NULL
)
SELECT kept.number
FROM kept
CROSS JOIN {schema}.import_run
WHERE import_run.number = kept.number
    AND coalesce(
        import_run.ended_at,
        CASE WHEN import_run.status IN ('planned', 'held') THEN import_run.started_at END
    ) < %(before)s;

-- name: delete_rejected_records
-- Let go of all rejected records of some imports.
DELETE FROM {schema}.rejected_record
WHERE import_number = ANY(%(import_numbers)s::bigint[]);

-- name: delete_rejected_headers
-- Let go of their headers.
DELETE FROM {schema}.rejected_header
WHERE import_number = ANY(%(import_numbers)s::bigint[]);

-- name: delete_rejected_identifiers
-- Let go of the identifiers that they named.
DELETE FROM {schema}.rejected_identifier
WHERE import_number = ANY(%(import_numbers)s::bigint[]);
