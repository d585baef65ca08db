-- name: save_visit
-- Somebody signed in, or came again.
INSERT INTO {schema}.visit (secret_hash, email, began_at, seen_at)
VALUES (%(secret_hash)s, %(email)s, %(began_at)s, %(seen_at)s)
ON CONFLICT (secret_hash) DO UPDATE
SET seen_at = excluded.seen_at;

-- name: find_visit
-- One visit.
SELECT secret_hash, email, began_at, seen_at
FROM {schema}.visit
WHERE secret_hash = %(secret_hash)s;

-- name: find_last_seen
-- When each of some users last came, with any browser in which they are signed in.
SELECT visit.email, max(visit.seen_at)
FROM {schema}.visit
WHERE visit.email = ANY(%(emails)s)
GROUP BY visit.email;

-- name: delete_visit
-- Somebody signed out.
DELETE FROM {schema}.visit
WHERE secret_hash = %(secret_hash)s;

-- name: delete_visits_of
-- A user is signed out everywhere.
DELETE FROM {schema}.visit
WHERE email = %(email)s;

-- name: delete_unseen_visits
-- Visits of browsers that came no more.
DELETE FROM {schema}.visit
WHERE seen_at < %(before)s;

-- name: save_view
-- A view is made, or seen again.
INSERT INTO {schema}.page_view (id, company, state, seen_at)
VALUES (%(id)s, %(company)s, %(state)s, %(seen_at)s)
ON CONFLICT (id) DO UPDATE
SET state = excluded.state, seen_at = excluded.seen_at
WHERE page_view.company = excluded.company;

-- name: find_view
-- One view.
SELECT id, company, state, seen_at
FROM {schema}.page_view
WHERE company = %(company)s AND id = %(id)s;

-- name: load_views
-- All views of a company, to see what they hold.
SELECT id, company, state, seen_at
FROM {schema}.page_view
WHERE company = %(company)s;

-- name: delete_view
-- A view that must not be kept.
DELETE FROM {schema}.page_view
WHERE company = %(company)s AND id = %(id)s;

-- name: delete_unseen_views
-- Views that nobody looked at any more.
DELETE FROM {schema}.page_view
WHERE seen_at < %(before)s;
