-- name: read_segment_revision
-- The number of the last change of segments.
SELECT last
FROM {schema}.segment_revision;

-- name: raise_segment_revision
-- The next change of segments, decided on those of one revision; nothing happens where it is not
-- the last any more.
UPDATE {schema}.segment_revision
SET last = last + 1
WHERE last = %(revision)s;

-- name: load_segments
-- All segments.
SELECT id, key, name, condition, version, created_at, created_by, changed_at, changed_by
FROM {schema}.segment
ORDER BY key;

-- name: load_uncounted_segments
-- Segments that no count of a day tells of.
SELECT id, key, name, condition, version, created_at, created_by, changed_at, changed_by
FROM {schema}.segment
WHERE NOT EXISTS (
    SELECT 1
    FROM {schema}.segment_count
    WHERE segment_count.segment_id = segment.id AND segment_count.day = %(day)s
)
ORDER BY key;

-- name: save_segment
-- A segment that is new or changed.
INSERT INTO {schema}.segment (
    id, key, name, condition, version, created_at, created_by, changed_at, changed_by
)
VALUES (
    %(id)s, %(key)s, %(name)s, %(condition)s, %(version)s, %(created_at)s, %(created_by)s,
    %(changed_at)s, %(changed_by)s
)
ON CONFLICT (id) DO UPDATE
SET key = excluded.key, name = excluded.name, condition = excluded.condition,
    version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- name: insert_segment_version
-- What it is from now on.
INSERT INTO {schema}.segment_version (segment_id, version, name, condition, changed_at, changed_by)
VALUES (%(id)s, %(version)s, %(name)s, %(condition)s, %(changed_at)s, %(changed_by)s);

-- name: delete_segment
-- A segment goes, with its versions and counts.
DELETE FROM {schema}.segment
WHERE id = %(id)s;

-- name: load_segment_versions
-- What a segment was, newest first.
SELECT version, name, condition, changed_at, changed_by
FROM {schema}.segment_version
WHERE segment_id = %(segment_id)s
ORDER BY version DESC;

-- name: add_segment_count
-- The first count of a day; nothing happens for a later one, or for a segment that is gone. FOR KEY
-- SHARE waits for whoever is deleting it.
INSERT INTO {schema}.segment_count (segment_id, day, customers, reach)
SELECT id, %(day)s, %(customers)s, %(reach)s
FROM {schema}.segment
WHERE id = %(segment_id)s
FOR KEY SHARE
ON CONFLICT (segment_id, day) DO NOTHING;

-- name: load_segment_counts
-- How many customers a segment held, day by day.
SELECT segment_id, day, customers, reach
FROM {schema}.segment_count
WHERE segment_id = %(segment_id)s AND day >= %(first)s AND day <= %(last)s
ORDER BY day;
