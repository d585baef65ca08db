-- name: load_audit_page
-- The next entries of the audit log, newest first.
SELECT id, at, actor, action, subject, details
FROM audit_entry
WHERE id < :before
ORDER BY id DESC
LIMIT :limit;

-- name: load_audit_page_of_action
-- The same, of one kind of act.
SELECT id, at, actor, action, subject, details
FROM audit_entry
WHERE action = :action AND id < :before
ORDER BY id DESC
LIMIT :limit;

-- name: load_audit_actions
-- The kinds of acts that there are, each found from the one before: a look into the index for each.
WITH RECURSIVE kind (action) AS (
    SELECT min(action)
    FROM audit_entry
    UNION ALL
    SELECT (
        SELECT min(audit_entry.action)
        FROM audit_entry
        WHERE audit_entry.action > kind.action
    )
    FROM kind
    WHERE kind.action IS NOT NULL
)
SELECT action
FROM kind
WHERE action IS NOT NULL;

-- name: load_suppression_page
-- The next entries of the suppression list, newest first, with the imports that they are from.
SELECT suppression.id, suppression.kind, suppression.created_at, suppression.import_number,
    suppression.lifted_at, suppression.lifted_by, suppression.lift_reason, import_run.id
FROM suppression
LEFT JOIN import_run ON import_run.number = suppression.import_number
WHERE suppression.id < :before
ORDER BY suppression.id DESC
LIMIT :limit;
