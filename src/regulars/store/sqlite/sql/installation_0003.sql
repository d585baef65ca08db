-- Users signed in with a browser. Serves find_visit.
CREATE TABLE visit (
    secret_hash BLOB PRIMARY KEY,
    email TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- Serves delete_visits_of.
CREATE INDEX visit_by_email ON visit (email);

-- Serves delete_unseen_visits.
CREATE INDEX visit_by_time ON visit (seen_at);

-- State of pages, as JSON. Serves find_view.
CREATE TABLE page_view (
    id TEXT PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (short_name),
    state BLOB NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- Serves delete_unseen_views.
CREATE INDEX page_view_by_time ON page_view (seen_at);
