-- Users signed in with a browser. Serves find_visit.
CREATE TABLE {schema}.visit (
    secret_hash bytea PRIMARY KEY,
    email text COLLATE "C" NOT NULL,
    began_at bigint NOT NULL,
    seen_at bigint NOT NULL
);

-- Serves delete_visits_of.
CREATE INDEX visit_by_email ON {schema}.visit (email);

-- Serves delete_unseen_visits.
CREATE INDEX visit_by_time ON {schema}.visit (seen_at);

-- State of pages, as JSON. Serves find_view.
CREATE TABLE {schema}.page_view (
    id text COLLATE "C" PRIMARY KEY,
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    state bytea NOT NULL,
    seen_at bigint NOT NULL
);

-- Serves delete_unseen_views.
CREATE INDEX page_view_by_time ON {schema}.page_view (seen_at);
