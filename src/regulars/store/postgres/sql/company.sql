-- name: read_position
-- Where the register stands.
SELECT last_customer_id, last_version, living
FROM {schema}.position;

-- name: save_position
-- Move the register on.
UPDATE {schema}.position
SET last_customer_id = %(last_customer_id)s,
    last_version = %(last_version)s,
    living = %(living)s;

-- name: find_holders
-- The oldest customers under each of some keys. Lateral with a limit, so that every key is looked
-- up in the index, whatever the planner thinks of the size of the table.
SELECT sought.key, holder.customer_id
FROM unnest(%(keys)s::bigint[]) AS sought (key)
CROSS JOIN LATERAL (
    SELECT identifier.customer_id
    FROM {schema}.identifier
    WHERE identifier.key = sought.key
    ORDER BY identifier.customer_id
    LIMIT %(most)s
) AS holder
ORDER BY sought.key, holder.customer_id;

-- name: find_kinds
-- Those of some kinds of keys of which there is any: one look into the index for each kind.
SELECT sought.kind
FROM unnest(%(kinds)s::bigint[]) AS sought (kind)
CROSS JOIN LATERAL (
    SELECT 1
    FROM {schema}.identifier
    WHERE identifier.key >= sought.kind << %(hash_bits)s::integer
        AND identifier.key < (sought.kind + 1) << %(hash_bits)s::integer
    ORDER BY identifier.key
    LIMIT 1
) AS any_key;

-- name: find_record_hashes
-- The living customers under each of some keys, with the hash of the record that made them so.
SELECT sought.key, holder.id, holder.record_hash
FROM unnest(%(keys)s::bigint[]) AS sought (key)
CROSS JOIN LATERAL (
    SELECT customer.id, customer.record_hash
    FROM {schema}.identifier
    CROSS JOIN LATERAL (
        SELECT found.id, found.record_hash
        FROM {schema}.customer AS found
        WHERE found.id = identifier.customer_id
            AND found.state = 0 AND found.record_hash IS NOT NULL
        OFFSET 0
    ) AS customer
    WHERE identifier.key = sought.key
    OFFSET 0
) AS holder;

-- name: load_customers
-- Customers by id. OFFSET 0 keeps the planner from joining with the whole table.
SELECT customer.id, customer.version, customer.document
FROM unnest(%(ids)s::bigint[]) AS sought (id)
CROSS JOIN LATERAL (
    SELECT stored.id, stored.version, stored.document
    FROM {schema}.customer AS stored
    WHERE stored.id = sought.id
    OFFSET 0
) AS customer
ORDER BY sought.id;

-- name: load_living_customers
-- The next page of living customers.
SELECT id, version, document
FROM {schema}.customer
WHERE id > %(after_id)s AND state = 0
ORDER BY id
LIMIT %(limit)s;

-- name: load_changes
-- The history of some customers.
SELECT change.version, change.customer_id, change.record, change.before, change.after, change.proofs
FROM unnest(%(customer_ids)s::bigint[]) AS sought (customer_id)
CROSS JOIN LATERAL (
    SELECT stored.version, stored.customer_id, stored.record, stored.before, stored.after,
        stored.proofs
    FROM {schema}.change AS stored
    WHERE stored.customer_id = sought.customer_id
    OFFSET 0
) AS change
ORDER BY change.version;

-- name: load_changed
-- A range of the history, with the customers as they are now where no later change in
-- the range that is being read tells of them. OFFSET 0 as above.
SELECT change.version, change.customer_id, change.changed_at, change.before,
    CASE WHEN change.before IS NOT NULL THEN change.after END,
    CASE WHEN customer.is_told THEN customer.state WHEN customer.is_told IS NULL THEN -1 END,
    CASE WHEN customer.is_told THEN customer.document END
FROM {schema}.change
LEFT JOIN LATERAL (
    SELECT stored.state, stored.document,
        stored.version = change.version OR stored.version > %(until_version)s AS is_told
    FROM {schema}.customer AS stored
    WHERE stored.id = change.customer_id
    OFFSET 0
) AS customer ON true
WHERE change.version > %(after_version)s AND change.version <= %(last_version)s
ORDER BY change.version;

-- name: copy_customers
-- New customers.
COPY {schema}.customer (id, version, state, document, record_hash) FROM STDIN;

-- name: update_customers
-- The newest states of customers.
UPDATE {schema}.customer
SET version = new.version, state = new.state, document = new.document,
    record_hash = new.record_hash
FROM unnest(
    %(ids)s::bigint[],
    %(versions)s::bigint[],
    %(states)s::smallint[],
    string_to_array(%(documents)s, E'\x01'),
    %(record_hashes)s::bigint[]
) AS new (id, version, state, document, record_hash)
WHERE customer.id = new.id;

-- name: copy_identifiers
-- Customers can be found under keys from now on.
COPY {schema}.identifier (key, customer_id) FROM STDIN;

-- name: delete_identifiers
-- Customers are no longer found under keys.
DELETE FROM {schema}.identifier
USING unnest(%(keys)s::bigint[], %(customer_ids)s::bigint[]) AS gone (key, customer_id)
WHERE identifier.key = gone.key AND identifier.customer_id = gone.customer_id;

-- name: copy_changes
-- Changes enter the history.
COPY {schema}.change (
    version, customer_id, import_number, record, changed_at, before, after, proofs
) FROM STDIN;

-- name: blank_changes
-- What is left of changes once their customer is forgotten.
UPDATE {schema}.change
SET before = blank.before, after = blank.after, proofs = blank.proofs
FROM unnest(
    %(versions)s::bigint[],
    string_to_array(%(befores)s, E'\x01', ''),
    string_to_array(%(afters)s, E'\x01'),
    string_to_array(%(proofs)s, E'\x01', '')
) AS blank (version, before, after, proofs)
WHERE change.version = blank.version;

-- name: insert_suppressions
-- Addresses are suppressed; nothing happens where one is already.
INSERT INTO {schema}.suppression (kind, hash, created_at, import_number)
SELECT new.kind, new.hash, %(created_at)s, %(import_number)s
FROM unnest(
    string_to_array(%(kinds)s, E'\x01'), string_to_array(%(hashes)s, E'\x01')
) WITH ORDINALITY AS new (kind, hash, number)
ORDER BY new.number
ON CONFLICT (hash) WHERE lifted_at IS NULL DO NOTHING;

-- name: has_suppressions
-- Whether anything is suppressed.
SELECT EXISTS (SELECT 1 FROM {schema}.suppression WHERE lifted_at IS NULL);

-- name: find_suppressed
-- Those of some hashes that are suppressed.
SELECT sought.hash
FROM unnest(string_to_array(%(hashes)s, E'\x01')) AS sought (hash)
CROSS JOIN LATERAL (
    SELECT 1
    FROM {schema}.suppression
    WHERE suppression.hash = sought.hash AND suppression.lifted_at IS NULL
    LIMIT 1
) AS suppressed;

-- name: load_suppressions
-- The suppression list.
SELECT id, kind, created_at, import_number, lifted_at, lifted_by, lift_reason
FROM {schema}.suppression
ORDER BY id;

-- name: lift_suppression
-- Lift a suppression that is in force.
UPDATE {schema}.suppression
SET lifted_at = %(lifted_at)s, lifted_by = %(lifted_by)s, lift_reason = %(lift_reason)s
WHERE id = %(id)s AND lifted_at IS NULL;

-- name: load_fields
-- The company's own fields, as they came.
SELECT name, type, origin, as_given
FROM {schema}.field
ORDER BY number;

-- name: save_field
-- Add or replace a field.
INSERT INTO {schema}.field (key, name, type, origin, as_given)
VALUES (%(key)s, %(name)s, %(type)s, %(origin)s, %(as_given)s)
ON CONFLICT (key) DO UPDATE
SET type = excluded.type, origin = excluded.origin, as_given = excluded.as_given;

-- name: insert_import
-- An import starts.
INSERT INTO {schema}.import_run (
    id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
)
VALUES (
    %(id)s, %(status)s, %(actor)s, %(options)s, %(size_bytes)s, %(records)s,
    %(accepted_at)s, %(started_at)s, %(ended_at)s, %(began_at_version)s, %(report)s
)
RETURNING number;

-- name: update_import
-- Progress of an import.
UPDATE {schema}.import_run
SET status = %(status)s, ended_at = %(ended_at)s, report = %(report)s
WHERE number = %(number)s;

-- name: find_import
-- One started import.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM {schema}.import_run
WHERE id = %(id)s;

-- name: load_imports
-- Started imports, newest first.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM {schema}.import_run
WHERE number < %(before_number)s
ORDER BY number DESC
LIMIT %(limit)s;

-- name: insert_audit_entry
-- Append to the audit log.
INSERT INTO {schema}.audit_entry (at, actor, action, subject, details)
VALUES (%(at)s, %(actor)s, %(action)s, %(subject)s, %(details)s);

-- name: carry_over_audit_entry
-- Append to the audit log, where it was not done before.
INSERT INTO {schema}.audit_entry (at, actor, action, subject, details, due_id)
VALUES (%(at)s, %(actor)s, %(action)s, %(subject)s, %(details)s, %(due_id)s)
ON CONFLICT DO NOTHING;

-- name: load_audit_log
-- The audit log.
SELECT at, actor, action, subject, details
FROM {schema}.audit_entry
ORDER BY id;

-- name: insert_spool_part
-- The next part of a body.
INSERT INTO {schema}.spool_part (import_id, number, bytes)
VALUES (%(import_id)s, %(number)s, %(bytes)s);

-- name: last_spool_part
-- The number of a body's last part.
SELECT max(number)
FROM {schema}.spool_part
WHERE import_id = %(import_id)s;

-- name: read_spool_part
-- One part of a body.
SELECT bytes
FROM {schema}.spool_part
WHERE import_id = %(import_id)s AND number = %(number)s;

-- name: delete_spool
-- A body is no longer needed.
DELETE FROM {schema}.spool_part
WHERE import_id = %(import_id)s;

-- name: sweep_spool
-- Bodies whose last part is old, and which belong to no import that waits.
DELETE FROM {schema}.spool_part
WHERE import_id IN (
    SELECT import_id
    FROM {schema}.spool_part
    WHERE import_id <> ALL (%(import_ids)s::text[])
    GROUP BY import_id
    HAVING max(kept_at) < now() - make_interval(
        secs => CASE
            WHEN starts_with(import_id, %(draft)s) THEN %(draft_age_seconds)s
            ELSE %(age_seconds)s
        END
    )
);
