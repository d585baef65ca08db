-- name: read_secret_check
-- The check value of the secret key that the data was made with.
SELECT value
FROM {schema}.secret_check;

-- name: insert_secret_check
-- Remember the first secret key by its check value; nothing happens if there was one.
INSERT INTO {schema}.secret_check (value)
VALUES (%(value)s)
ON CONFLICT DO NOTHING;

-- name: insert_company
-- A new company.
INSERT INTO {schema}.company (short_name, name, timezone, country, limits, created_at)
VALUES (
    %(short_name)s, %(name)s, %(timezone)s, %(country)s, %(limits)s, %(created_at)s
);

-- name: update_company
-- What a company has settled otherwise than before.
UPDATE {schema}.company
SET name = %(name)s, timezone = %(timezone)s, country = %(country)s, limits = %(limits)s
WHERE short_name = %(short_name)s;

-- name: find_company
-- One company.
SELECT short_name, name, timezone, country, limits
FROM {schema}.company
WHERE short_name = %(short_name)s;

-- name: load_companies
-- All companies.
SELECT short_name, name, timezone, country, limits
FROM {schema}.company
ORDER BY short_name;

-- name: insert_user
-- A new user.
INSERT INTO {schema}."user" (email, company, role, password_hash, created_at, disabled_at)
VALUES (
    %(email)s, %(company)s, %(role)s, %(password_hash)s, %(created_at)s, %(disabled_at)s
);

-- name: find_user
-- One user.
SELECT email, company, role, password_hash, created_at, disabled_at
FROM {schema}."user"
WHERE email = %(email)s;

-- name: load_users
-- The users of a company.
SELECT email, company, role, password_hash, created_at, disabled_at
FROM {schema}."user"
WHERE company = %(company)s
ORDER BY email;

-- name: update_user
-- Another role or password, or the end of a user's access.
UPDATE {schema}."user"
SET role = %(role)s, password_hash = %(password_hash)s, disabled_at = %(disabled_at)s
WHERE email = %(email)s;

-- name: update_user_beside_admin
-- The same, where the company has another admin who may sign in.
UPDATE {schema}."user"
SET role = %(role)s, password_hash = %(password_hash)s, disabled_at = %(disabled_at)s
WHERE email = %(email)s
    AND EXISTS (
        SELECT 1
        FROM {schema}."user" AS other
        WHERE other.company = %(company)s
            AND other.email <> %(email)s
            AND other.role = 'admin'
            AND other.disabled_at IS NULL
    );

-- name: insert_integration
-- A new integration.
INSERT INTO {schema}.integration (id, company, name, description, created_by, created_at)
VALUES (
    %(id)s, %(company)s, %(name)s, %(description)s, %(created_by)s, %(created_at)s
);

-- name: find_integration
-- One integration of a company.
SELECT id, company, name, description, created_by, created_at
FROM {schema}.integration
WHERE company = %(company)s AND id = %(id)s;

-- name: insert_token
-- A new token.
INSERT INTO {schema}.token (
    id, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at, revoked_at
)
VALUES (
    %(id)s, %(company)s, %(name)s, %(secret_hash)s, %(scopes)s, %(owner_id)s, %(created_by)s,
    %(created_at)s, %(expires_at)s, %(revoked_at)s
);

-- name: find_token
-- The token of a secret.
SELECT id, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at,
    revoked_at
FROM {schema}.token
WHERE secret_hash = %(secret_hash)s;

-- name: load_tokens
-- The tokens of a company.
SELECT id, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at,
    revoked_at
FROM {schema}.token
WHERE company = %(company)s
ORDER BY created_at, id;

-- name: revoke_token
-- End a token's access.
UPDATE {schema}.token
SET revoked_at = %(revoked_at)s
WHERE company = %(company)s AND id = %(id)s AND revoked_at IS NULL;

-- name: lock_line
-- Be the only one who lines up imports of a company, until the transaction ends: sequences are then
-- committed in their order.
SELECT 1
FROM {schema}.company
WHERE short_name = %(company)s
FOR NO KEY UPDATE;

-- name: insert_queued_import
-- Accept an import.
INSERT INTO {schema}.queued_import (
    id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step, is_cancelled,
    body
)
VALUES (
    %(id)s, %(company)s, %(accepted_at)s, %(actor)s, %(options)s, %(size_bytes)s, %(records)s,
    %(is_spooled)s, %(step)s, %(is_cancelled)s, %(body)s
)
RETURNING sequence;

-- name: load_queued_imports
-- Imports of a company that have not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM {schema}.queued_import
WHERE company = %(company)s
ORDER BY sequence;

-- name: load_queued_of
-- Those of some imports of a company that have not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM {schema}.queued_import
WHERE company = %(company)s AND id = ANY(%(ids)s)
ORDER BY sequence;

-- name: load_uploads_in_line
-- The newest uploads of a company that have not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM {schema}.queued_import
WHERE company = %(company)s AND step = 'start' AND sequence < %(before_sequence)s
ORDER BY sequence DESC
LIMIT %(limit)s;

-- name: next_import
-- The oldest import of a company that has not ended, with its body where it is small.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, body
FROM {schema}.queued_import
WHERE company = %(company)s
ORDER BY sequence
LIMIT 1;

-- name: find_queued_import
-- One import that has not ended.
SELECT sequence, id, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
    is_cancelled, NULL
FROM {schema}.queued_import
WHERE company = %(company)s AND id = %(id)s;

-- name: cancel_queued_import
-- Somebody asked an import to stop: nobody needs its body any more.
UPDATE {schema}.queued_import
SET is_cancelled = true, body = NULL
WHERE company = %(company)s AND id = %(id)s AND NOT is_cancelled;

-- name: delete_queued_import
-- An import has ended.
DELETE FROM {schema}.queued_import
WHERE id = %(id)s;

-- name: delete_uncancelled_import
-- An import has ended, and nobody asked it to stop before that.
DELETE FROM {schema}.queued_import
WHERE id = %(id)s AND NOT is_cancelled;

-- name: load_waiting_companies
-- The companies that have an import that has not ended.
SELECT DISTINCT company
FROM {schema}.queued_import
ORDER BY company;

-- name: find_waiting
-- Which of some imports have not ended, and how much stands before each.
SELECT own.id, (
    SELECT coalesce(sum(older.size_bytes + %(queued_bytes)s), 0)::bigint
    FROM {schema}.queued_import AS older
    WHERE older.company = own.company AND older.sequence < own.sequence
)
FROM {schema}.queued_import AS own
WHERE own.id = ANY(%(ids)s);

-- name: is_read_only
-- Whether the server takes no writes: a standby, or one set so because its disk is full.
SELECT current_setting('transaction_read_only')::boolean;

-- name: take_idempotency_key
-- Use a key, also one that was used too long ago to count; no row where it is in use.
INSERT INTO {schema}.idempotency_key (company, key, fingerprint, import_id, created_at)
VALUES (%(company)s, %(key)s, %(fingerprint)s, %(import_id)s, %(created_at)s)
ON CONFLICT (company, key) DO UPDATE
SET fingerprint = excluded.fingerprint,
    import_id = excluded.import_id,
    created_at = excluded.created_at
WHERE idempotency_key.created_at < %(expired_before)s
RETURNING key;

-- name: find_idempotency_key
-- What a key was used for.
SELECT company, key, fingerprint, import_id, created_at
FROM {schema}.idempotency_key
WHERE company = %(company)s AND key = %(key)s;

-- name: delete_idempotency_keys
-- Keys that were used so long ago that they may be used anew.
DELETE FROM {schema}.idempotency_key
WHERE created_at < %(before)s;

-- name: insert_due_entry
-- An entry that is to be carried over to the audit log of a company.
INSERT INTO {schema}.due_audit_entry (company, at, actor, action, subject, details)
VALUES (%(company)s, %(at)s, %(actor)s, %(action)s, %(subject)s, %(details)s);

-- name: load_companies_with_due_entries
-- The companies whose audit logs lack entries.
SELECT DISTINCT company
FROM {schema}.due_audit_entry
ORDER BY company;

-- name: load_due_entries
-- Entries that the audit log of a company may lack.
SELECT id, at, actor, action, subject, details
FROM {schema}.due_audit_entry
WHERE company = %(company)s
ORDER BY sequence;

-- name: delete_due_entry
-- An entry that stands in the audit log of its company.
DELETE FROM {schema}.due_audit_entry
WHERE id = %(id)s;
