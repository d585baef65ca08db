-- Saved conditions on customers, and how many customers they held when.

-- Always one row: a number that rises with every change of segments.
CREATE TABLE segment_revision (
    last INTEGER NOT NULL
) STRICT;

INSERT INTO segment_revision (last)
VALUES (0);

-- id: the revision that made it. key: the name as names compare. condition: its text form.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    condition TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL
) STRICT;

-- What a segment was from a change to the next. Serves load_segment_versions.
CREATE TABLE segment_version (
    segment_id INTEGER NOT NULL REFERENCES segment ON DELETE CASCADE,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    condition TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (segment_id, version)
) STRICT, WITHOUT ROWID;

-- day: YYYY-MM-DD, a calendar day of the company. reach: JSON, how many customers by channel.
-- Serves load_segment_counts and load_uncounted_segments.
CREATE TABLE segment_count (
    segment_id INTEGER NOT NULL REFERENCES segment ON DELETE CASCADE,
    day TEXT NOT NULL,
    customers INTEGER NOT NULL,
    reach TEXT NOT NULL,
    PRIMARY KEY (segment_id, day)
) STRICT, WITHOUT ROWID;
