-- name: load_history_of_customer
-- All that happened to a customer, and by what.
SELECT change.version, change.changed_at, coalesce(import_run.id, ''),
    coalesce(import_run.actor, ''), change.record, change.before, change.after, change.proofs
FROM change
LEFT JOIN import_run ON import_run.number = change.import_number
WHERE change.customer_id = :customer_id
ORDER BY change.version;
