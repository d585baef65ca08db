-- Saved conditions on customers, and how many customers they held when.

-- Always one row: a number that rises with every change of segments.
CREATE TABLE {schema}.segment_revision (
    last bigint NOT NULL
);

INSERT INTO {schema}.segment_revision (last)
VALUES (0);

-- id: the revision that made it. key: the name as names compare. condition: its text form.
CREATE TABLE {schema}.segment (
    id bigint PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    condition text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    changed_at bigint NOT NULL,
    changed_by text NOT NULL
);

-- What a segment was from a change to the next. Serves load_segment_versions.
CREATE TABLE {schema}.segment_version (
    segment_id bigint NOT NULL REFERENCES {schema}.segment ON DELETE CASCADE,
    version bigint NOT NULL,
    name text NOT NULL,
    condition text NOT NULL,
    changed_at bigint NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (segment_id, version)
);

-- day: YYYY-MM-DD, a calendar day of the company. reach: JSON, how many customers by channel.
-- Serves load_segment_counts and load_uncounted_segments.
CREATE TABLE {schema}.segment_count (
    segment_id bigint NOT NULL REFERENCES {schema}.segment ON DELETE CASCADE,
    day text COLLATE "C" NOT NULL,
    customers bigint NOT NULL,
    reach text NOT NULL,
    PRIMARY KEY (segment_id, day)
);
