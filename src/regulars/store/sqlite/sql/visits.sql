-- name: save_visit
-- Somebody signed in, or came again.
INSERT INTO visit (secret_hash, email, began_at, seen_at)
VALUES (:secret_hash, :email, :began_at, :seen_at)
ON CONFLICT (secret_hash) DO UPDATE
SET seen_at = excluded.seen_at;

-- name: find_visit
-- One visit.
SELECT secret_hash, email, began_at, seen_at
FROM visit
WHERE secret_hash = :secret_hash;

-- name: find_last_seen
-- When each of some users last came, with any browser in which they are signed in.
SELECT visit.email, max(visit.seen_at)
FROM json_each(:emails) AS sought
CROSS JOIN visit ON visit.email = sought.value
GROUP BY visit.email;

-- name: delete_visit
-- Somebody signed out.
DELETE FROM visit
WHERE secret_hash = :secret_hash;

-- name: delete_visits_of
-- A user is signed out everywhere.
DELETE FROM visit
WHERE email = :email;

-- name: delete_unseen_visits
-- Visits of browsers that came no more.
DELETE FROM visit
WHERE seen_at < :before;

-- name: save_view
-- A view is made, or seen again.
INSERT INTO page_view (id, company, state, seen_at)
VALUES (:id, :company, :state, :seen_at)
ON CONFLICT (id) DO UPDATE
SET state = excluded.state, seen_at = excluded.seen_at
WHERE page_view.company = excluded.company;

-- name: find_view
-- One view.
SELECT id, company, state, seen_at
FROM page_view
WHERE company = :company AND id = :id;

-- name: load_views
-- All views of a company, to see what they hold.
SELECT id, company, state, seen_at
FROM page_view
WHERE company = :company;

-- name: delete_view
-- A view that must not be kept.
DELETE FROM page_view
WHERE company = :company AND id = :id;

-- name: delete_unseen_views
-- Views that nobody looked at any more.
DELETE FROM page_view
WHERE seen_at < :before;
