-- name: find_there
-- Those of some customers that a trial has changed or made.
SELECT customer.id
FROM json_each(:ids) AS sought
CROSS JOIN customer ON customer.id = sought.value;

-- name: put_customer
-- The newest state of a customer that the trial may not have changed before.
INSERT OR REPLACE INTO customer (id, version, state, document, record_hash)
VALUES (?, ?, ?, ?, ?);

-- name: put_change
-- What is left of a change of the register once its customer is forgotten.
INSERT OR REPLACE INTO change (
    version, customer_id, import_number, record, changed_at, before, after, proofs
)
VALUES (?, ?, 0, ?, 0, ?, ?, ?);
