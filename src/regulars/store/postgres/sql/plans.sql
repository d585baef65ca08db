-- name: save_plan
-- A plan, or a hold.
INSERT INTO {schema}.plan (
    import_number, counted_at_version, last_customer_id, expires_at, hold_reasons, began_after_id
)
VALUES (
    %(import_number)s, %(counted_at_version)s, %(last_customer_id)s,
    %(expires_at)s, %(hold_reasons)s, %(began_after_id)s
)
ON CONFLICT (import_number) DO UPDATE
SET counted_at_version = excluded.counted_at_version,
    last_customer_id = excluded.last_customer_id,
    expires_at = excluded.expires_at,
    hold_reasons = excluded.hold_reasons,
    began_after_id = excluded.began_after_id;

-- name: find_plan
-- The plan of an import.
SELECT import_number, counted_at_version, last_customer_id, expires_at, hold_reasons, began_after_id
FROM {schema}.plan
WHERE import_number = %(import_number)s;

-- name: insert_part
-- What is planned for some records.
INSERT INTO {schema}.plan_part (import_number, last, first, part)
VALUES (%(import_number)s, %(last)s, %(first)s, %(part)s);

-- name: load_parts
-- What is planned for some records, and for those in the same parts.
SELECT part
FROM {schema}.plan_part
WHERE import_number = %(import_number)s AND last >= %(first)s AND first <= %(last)s
ORDER BY last;

-- name: delete_parts
-- A plan can no longer be applied.
DELETE FROM {schema}.plan_part
WHERE import_number = %(import_number)s;

-- name: insert_sample
-- An example of what a plan changes.
INSERT INTO {schema}.plan_sample (import_number, number, sample)
VALUES (%(import_number)s, %(number)s, %(sample)s);

-- name: load_samples
-- The examples of a plan.
SELECT sample
FROM {schema}.plan_sample
WHERE import_number = %(import_number)s
ORDER BY number;

-- name: delete_samples
-- The examples of one plan go.
DELETE FROM {schema}.plan_sample
WHERE import_number = %(import_number)s;

-- name: delete_all_samples
-- Somebody is forgotten who may stand in any of them.
DELETE FROM {schema}.plan_sample;

-- name: begin_again
-- A planned or held import begins after all.
UPDATE {schema}.import_run
SET status = %(status)s,
    started_at = %(started_at)s,
    ended_at = %(ended_at)s,
    began_at_version = %(began_at_version)s,
    report = %(report)s
WHERE number = %(number)s;

-- name: load_kept
-- Imports that were counted and not applied.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM {schema}.import_run
WHERE status IN ('planned', 'held')
ORDER BY number;

-- name: count_permitted
-- How many living customers have a permission.
SELECT count(*)
FROM {schema}.customer
WHERE state = 0 AND (customer.document::json ->> %(permission)s) = 'true';
