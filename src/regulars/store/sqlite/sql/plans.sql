-- name: save_plan
-- A plan, or a hold.
INSERT INTO plan (
    import_number, counted_at_version, last_customer_id, expires_at, hold_reasons, began_after_id
)
VALUES (
    :import_number, :counted_at_version, :last_customer_id,
    :expires_at, :hold_reasons, :began_after_id
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
FROM plan
WHERE import_number = :import_number;

-- name: insert_part
-- What is planned for some records.
INSERT INTO plan_part (import_number, last, first, part)
VALUES (:import_number, :last, :first, :part);

-- name: load_parts
-- What is planned for some records, and for those in the same parts.
SELECT part
FROM plan_part
WHERE import_number = :import_number AND last >= :first AND first <= :last
ORDER BY last;

-- name: delete_parts
-- A plan can no longer be applied.
DELETE FROM plan_part
WHERE import_number = :import_number;

-- name: insert_sample
-- An example of what a plan changes.
INSERT INTO plan_sample (import_number, number, sample)
VALUES (:import_number, :number, :sample);

-- name: load_samples
-- The examples of a plan.
SELECT sample
FROM plan_sample
WHERE import_number = :import_number
ORDER BY number;

-- name: delete_samples
-- The examples of one plan go.
DELETE FROM plan_sample
WHERE import_number = :import_number;

-- name: delete_all_samples
-- Somebody is forgotten who may stand in any of them.
DELETE FROM plan_sample;

-- name: begin_again
-- A planned or held import begins after all.
UPDATE import_run
SET status = :status,
    started_at = :started_at,
    ended_at = :ended_at,
    began_at_version = :began_at_version,
    report = :report
WHERE number = :number;

-- name: load_kept
-- Imports that were counted and not applied.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM import_run
WHERE status IN ('planned', 'held')
ORDER BY number;

-- name: count_permitted
-- How many living customers have a permission.
SELECT count(*)
FROM customer
WHERE state = 0 AND json_extract(CAST(document AS TEXT), '$.' || :permission) = 1;
