-- name: read_secret_check
-- The check value of the secret key that the data was made with.
SELECT value
FROM secret_check;

-- name: insert_secret_check
-- Remember the first secret key by its check value.
INSERT INTO secret_check (value)
VALUES (:value);

-- name: insert_company
-- A new company.
INSERT INTO company (short_name, name, timezone, country, limits, created_at)
VALUES (
    :short_name, :name, :timezone, :country, :limits, :created_at
);

-- name: update_company
-- What a company has settled otherwise than before.
UPDATE company
SET name = :name, timezone = :timezone, country = :country, limits = :limits
WHERE short_name = :short_name;

-- name: find_company
-- One company.
SELECT short_name, name, timezone, country, limits
FROM company
WHERE short_name = :short_name;

-- name: load_companies
-- All companies.
SELECT short_name, name, timezone, country, limits
FROM company
ORDER BY short_name;

-- name: insert_user
-- A new user.
INSERT INTO user (email, company, role, password_hash, created_at, disabled_at)
VALUES (:email, :company, :role, :password_hash, :created_at, :disabled_at);

-- name: find_user
-- One user.
SELECT email, company, role, password_hash, created_at, disabled_at
FROM user
WHERE email = :email;

-- name: load_users
-- The users of a company.
SELECT email, company, role, password_hash, created_at, disabled_at
FROM user
WHERE company = :company
ORDER BY email;

-- name: update_user
-- Another role or password, or the end of a user's access.
UPDATE user
SET role = :role, password_hash = :password_hash, disabled_at = :disabled_at
WHERE email = :email;

-- name: update_user_beside_admin
-- The same, where the company has another admin who may sign in.
UPDATE user
SET role = :role, password_hash = :password_hash, disabled_at = :disabled_at
WHERE email = :email
    AND EXISTS (
        SELECT 1
        FROM user AS other
        WHERE other.company = :company
            AND other.email <> :email
            AND other.role = 'admin'
            AND other.disabled_at IS NULL
    );

-- name: insert_integration
-- A new integration.
INSERT INTO integration (id, company, name, description, created_by, created_at)
VALUES (:id, :company, :name, :description, :created_by, :created_at);

-- name: find_integration
-- One integration of a company.
SELECT id, company, name, description, created_by, created_at
FROM integration
WHERE company = :company AND id = :id;

-- name: insert_token
-- A new token.
INSERT INTO token (
    id, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at, revoked_at
)
VALUES (
    :id, :company, :name, :secret_hash, :scopes, :owner_id, :created_by, :created_at, :expires_at,
    :revoked_at
);

-- name: find_token
-- The token of a secret.
SELECT id, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at,
    revoked_at
FROM token
WHERE secret_hash = :secret_hash;

-- name: load_tokens
-- The tokens of a company.
SELECT id, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at,
    revoked_at
FROM token
WHERE company = :company
ORDER BY created_at, id;

-- name: revoke_token
-- End a token's access.
UPDATE token
SET revoked_at = :revoked_at
WHERE company = :company AND id = :id AND revoked_at IS NULL;

-- name: insert_queued_import
-- Accept an import.
INSERT INTO queued_import (
    id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step, is_cancelled,
    body
)
VALUES (
    :id, :company, :accepted_at, :actor, :options, :size_bytes, :records, :is_spooled, :step,
    :is_cancelled, :body
);

-- name: load_queued_imports
-- Imports of a company that have not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM queued_import
WHERE company = :company
ORDER BY sequence;

-- name: load_queued_of
-- Those of some imports of a company that have not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM queued_import
WHERE company = :company AND id IN (SELECT value FROM json_each(:ids))
ORDER BY sequence;

-- name: load_uploads_in_line
-- The newest uploads of a company that have not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM queued_import
WHERE company = :company AND step = 'start' AND sequence < :before_sequence
ORDER BY sequence DESC
LIMIT :limit;

-- name: next_import
-- The oldest import of a company that has not ended, with its body where it is small.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, body
FROM queued_import
WHERE company = :company
ORDER BY sequence
LIMIT 1;

-- name: find_queued_import
-- One import that has not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM queued_import
WHERE company = :company AND id = :id;

-- name: cancel_queued_import
-- Somebody asked an import to stop: nobody needs its body any more.
UPDATE queued_import
SET is_cancelled = 1, body = NULL
WHERE company = :company AND id = :id AND NOT is_cancelled;

-- name: delete_queued_import
-- An import has ended.
DELETE FROM queued_import
WHERE id = :id;

-- name: delete_uncancelled_import
-- An import has ended, and nobody asked it to stop before that.
DELETE FROM queued_import
WHERE id = :id AND NOT is_cancelled;

-- name: load_waiting_companies
-- The companies that have an import that has not ended.
SELECT DISTINCT company
FROM queued_import
ORDER BY company;

-- name: find_waiting
-- Which of some imports have not ended, and how much stands before each.
SELECT own.id, (
    SELECT coalesce(sum(older.size_bytes + :queued_bytes), 0)
    FROM queued_import AS older
    WHERE older.company = own.company AND older.sequence < own.sequence
)
FROM queued_import AS own
WHERE own.id IN (SELECT value FROM json_each(:ids));

-- name: take_idempotency_key
-- Use a key, also one that was used too long ago to count; no row where it is in use.
INSERT INTO idempotency_key (company, key, fingerprint, import_id, created_at)
VALUES (:company, :key, :fingerprint, :import_id, :created_at)
ON CONFLICT (company, key) DO UPDATE
SET fingerprint = excluded.fingerprint,
    import_id = excluded.import_id,
    created_at = excluded.created_at
WHERE idempotency_key.created_at < :expired_before
RETURNING key;

-- name: find_idempotency_key
-- What a key was used for.
SELECT company, key, fingerprint, import_id, created_at
FROM idempotency_key
WHERE company = :company AND key = :key;

-- name: delete_idempotency_keys
-- Keys that were used so long ago that they may be used anew.
DELETE FROM idempotency_key
WHERE created_at < :before;

-- name: insert_due_entry
-- An entry that is to be carried over to the audit log of a company.
INSERT INTO due_audit_entry (company, at, actor, action, subject, details)
VALUES (:company, :at, :actor, :action, :subject, :details);

-- name: load_companies_with_due_entries
-- The companies whose audit logs lack entries.
SELECT DISTINCT company
FROM due_audit_entry
ORDER BY company;

-- name: load_due_entries
-- Entries that the audit log of a company may lack.
SELECT id, at, actor, action, subject, details
FROM due_audit_entry
WHERE company = :company
ORDER BY sequence;

-- name: delete_due_entry
-- An entry that stands in the audit log of its company.
DELETE FROM due_audit_entry
WHERE id = :id;
