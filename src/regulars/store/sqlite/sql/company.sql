-- name: read_position
-- Where the register stands.
SELECT last_customer_id, last_version, living
FROM position;

-- name: save_position
-- Move the register on.
UPDATE position
SET last_customer_id = :last_customer_id,
    last_version = :last_version,
    living = :living,
    recent_identifiers = recent_identifiers + :recent_identifiers;

-- name: find_holders
-- The customers under each of some keys.
SELECT identifier.key, identifier.customer_id
FROM json_each(:keys) AS sought
CROSS JOIN identifier ON identifier.key = sought.value
UNION ALL
SELECT recent.key, recent.customer_id
FROM json_each(:keys) AS sought
CROSS JOIN recent_identifier AS recent ON recent.key = sought.value;

-- name: find_kinds
-- Those of some kinds of keys of which there is any: one look into each table for each kind.
SELECT kind.value
FROM json_each(:kinds) AS kind
WHERE EXISTS (
        SELECT 1
        FROM identifier
        WHERE key >= kind.value << :hash_bits AND key < (kind.value + 1) << :hash_bits
    )
    OR EXISTS (
        SELECT 1
        FROM recent_identifier
        WHERE key >= kind.value << :hash_bits AND key < (kind.value + 1) << :hash_bits
    );

-- name: find_oldest_holders
-- The same, at most so many for each key and table: for keys that very many customers share.
SELECT identifier.key, identifier.customer_id
FROM json_each(:keys) AS sought
CROSS JOIN identifier ON identifier.key = sought.value
WHERE identifier.customer_id <= coalesce(
    (
        SELECT other.customer_id
        FROM identifier AS other
        WHERE other.key = sought.value
        ORDER BY other.customer_id
        LIMIT 1 OFFSET :most
    ),
    9223372036854775807
)
UNION ALL
SELECT recent.key, recent.customer_id
FROM json_each(:keys) AS sought
CROSS JOIN recent_identifier AS recent ON recent.key = sought.value
WHERE recent.customer_id <= coalesce(
    (
        SELECT other.customer_id
        FROM recent_identifier AS other
        WHERE other.key = sought.value
        ORDER BY other.customer_id
        LIMIT 1 OFFSET :most
    ),
    9223372036854775807
);

-- name: find_record_hashes
-- The living customers under each of some keys, with the hash of the record that made them so.
SELECT identifier.key, customer.id, customer.record_hash
FROM json_each(:keys) AS sought
CROSS JOIN identifier ON identifier.key = sought.value
CROSS JOIN customer ON customer.id = identifier.customer_id
WHERE customer.state = 0 AND customer.record_hash IS NOT NULL
UNION ALL
SELECT recent.key, customer.id, customer.record_hash
FROM json_each(:keys) AS sought
CROSS JOIN recent_identifier AS recent ON recent.key = sought.value
CROSS JOIN customer ON customer.id = recent.customer_id
WHERE customer.state = 0 AND customer.record_hash IS NOT NULL;

-- name: load_customers
-- Customers by id.
SELECT customer.id, customer.version, customer.document
FROM json_each(:ids) AS sought
CROSS JOIN customer ON customer.id = sought.value
ORDER BY customer.id;

-- name: load_living_customers
-- The next page of living customers.
SELECT id, version, document
FROM customer
WHERE id > :after_id AND state = 0
ORDER BY id
LIMIT :limit;

-- name: load_changes
-- The history of some customers.
SELECT change.version, change.customer_id, change.record, change.before, change.after, change.proofs
FROM json_each(:customer_ids) AS sought
CROSS JOIN change ON change.customer_id = sought.value
ORDER BY change.version;

-- name: load_changed
-- A range of the history, with the customers as they are now where no later change in
-- the range that is being read tells of them.
SELECT change.version, change.customer_id, change.changed_at, change.before,
    CASE WHEN change.before IS NOT NULL THEN change.after END,
    CASE
        WHEN customer.id IS NULL THEN -1
        WHEN customer.version = change.version OR customer.version > :until_version
            THEN customer.state
    END,
    CASE
        WHEN customer.version = change.version OR customer.version > :until_version
            THEN customer.document
    END
FROM change
LEFT JOIN customer ON customer.id = change.customer_id
WHERE change.version > :after_version AND change.version <= :last_version
ORDER BY change.version;

-- name: insert_customer
-- A new customer.
INSERT INTO customer (id, version, state, document, record_hash)
VALUES (?, ?, ?, ?, ?);

-- name: insert_8_customers
-- Eight of them at once, which takes a third less time.
INSERT INTO customer (id, version, state, document, record_hash)
VALUES
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?);

-- name: update_customer
-- The newest state of a customer.
UPDATE customer
SET version = ?2, state = ?3, document = ?4, record_hash = ?5
WHERE id = ?1;

-- name: insert_identifier
-- A customer can be found under a key from now on.
INSERT OR IGNORE INTO recent_identifier (key, customer_id)
VALUES (?, ?);

-- name: insert_8_identifiers
-- The same, eight at once.
INSERT OR IGNORE INTO recent_identifier (key, customer_id)
VALUES
    (?, ?),
    (?, ?),
    (?, ?),
    (?, ?),
    (?, ?),
    (?, ?),
    (?, ?),
    (?, ?);

-- name: delete_identifier
-- A customer is no longer found under a key.
DELETE FROM identifier
WHERE key = ? AND customer_id = ?;

-- name: delete_recent_identifier
-- The same, where the key has not been moved over yet.
DELETE FROM recent_identifier
WHERE key = ? AND customer_id = ?;

-- name: count_recent_identifiers
-- How many keys wait to be moved over.
SELECT recent_identifiers
FROM position;

-- name: last_recent_identifier
-- The last key of the next slice to be moved over.
SELECT key, customer_id
FROM recent_identifier
ORDER BY key, customer_id
LIMIT 1 OFFSET :size;

-- name: fold_recent_identifiers
-- Move a slice of new keys over, in their order.
INSERT OR IGNORE INTO identifier (key, customer_id)
SELECT key, customer_id
FROM recent_identifier
WHERE (key, customer_id) <= (:key, :customer_id)
ORDER BY key, customer_id;

-- name: delete_folded_identifiers
-- Take the slice out of the new ones.
DELETE FROM recent_identifier
WHERE (key, customer_id) <= (:key, :customer_id);

-- name: insert_change
-- A change enters the history.
INSERT INTO change (version, customer_id, import_number, record, changed_at, before, after, proofs)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_8_changes
-- The same, eight at once.
INSERT INTO change (version, customer_id, import_number, record, changed_at, before, after, proofs)
VALUES
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?);

-- name: blank_change
-- What is left of a change once its customer is forgotten.
UPDATE change
SET before = ?2, after = ?3, proofs = ?4
WHERE version = ?1;

-- name: insert_suppression
-- An address is suppressed; nothing happens if it is already.
INSERT OR IGNORE INTO suppression (kind, hash, created_at, import_number)
VALUES (?, ?, ?, ?);

-- name: has_suppressions
-- Whether anything is suppressed.
SELECT EXISTS (SELECT 1 FROM suppression WHERE lifted_at IS NULL);

-- name: find_suppressed
-- Those of some hashes that are suppressed.
SELECT suppression.hash
FROM json_each(:hashes) AS sought
CROSS JOIN suppression ON suppression.hash = sought.value
WHERE suppression.lifted_at IS NULL;

-- name: load_suppressions
-- The suppression list.
SELECT id, kind, created_at, import_number, lifted_at, lifted_by, lift_reason
FROM suppression
ORDER BY id;

-- name: lift_suppression
-- Lift a suppression that is in force.
UPDATE suppression
SET lifted_at = :lifted_at, lifted_by = :lifted_by, lift_reason = :lift_reason
WHERE id = :id AND lifted_at IS NULL;

-- name: load_fields
-- The company's own fields, as they came.
SELECT name, type, origin, as_given
FROM field
ORDER BY rowid;

-- name: save_field
-- Add or replace a field.
INSERT INTO field (key, name, type, origin, as_given)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE
SET type = excluded.type, origin = excluded.origin, as_given = excluded.as_given;

-- name: insert_import
-- An import starts.
INSERT INTO import_run (
    id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
)
VALUES (
    :id, :status, :actor, :options, :size_bytes, :records, :accepted_at, :started_at, :ended_at,
    :began_at_version, :report
);

-- name: update_import
-- Progress of an import.
UPDATE import_run
SET status = :status, ended_at = :ended_at, report = :report
WHERE number = :number;

-- name: find_import
-- One started import.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM import_run
WHERE id = :id;

-- name: load_imports
-- Started imports, newest first.
SELECT number, id, status, actor, options, size_bytes, records, accepted_at, started_at, ended_at,
    began_at_version, report
FROM import_run
WHERE number < :before_number
ORDER BY number DESC
LIMIT :limit;

-- name: insert_audit_entry
-- Append to the audit log.
INSERT INTO audit_entry (at, actor, action, subject, details)
VALUES (:at, :actor, :action, :subject, :details);

-- name: carry_over_audit_entry
-- Append to the audit log, where it was not done before.
INSERT INTO audit_entry (at, actor, action, subject, details, due_id)
VALUES (:at, :actor, :action, :subject, :details, :due_id)
ON CONFLICT DO NOTHING;

-- name: load_audit_log
-- The audit log.
SELECT at, actor, action, subject, details
FROM audit_entry
ORDER BY id;
