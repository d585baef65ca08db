-- name: read_segment_revision
-- The number of the last change of segments.
SELECT last
FROM segment_revision;

-- name: raise_segment_revision
-- The next change of segments, decided on those of one revision; nothing happens where it is not
-- the last any more.
UPDATE segment_revision
SET last = last + 1
WHERE last = :revision;

-- name: load_segments
-- All segments.
SELECT id, key, name, condition, version, created_at, created_by, changed_at, changed_by
FROM segment
ORDER BY key;

-- name: load_uncounted_segments
-- Segments that no count of a day tells of.
SELECT id, key, name, condition, version, created_at, created_by, changed_at, changed_by
FROM segment
WHERE NOT EXISTS (
    SELECT 1
    FROM segment_count
    WHERE segment_count.segment_id = segment.id AND segment_count.day = :day
)
ORDER BY key;

-- name: save_segment
-- A segment that is new or changed.
INSERT INTO segment (
    id, key, name, condition, version, created_at, created_by, changed_at, changed_by
)
VALUES (
    :id, :key, :name, :condition, :version, :created_at, :created_by,
    :changed_at, :changed_by
)
ON CONFLICT (id) DO UPDATE
SET key = excluded.key, name = excluded.name, condition = excluded.condition,
    version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- name: insert_segment_version
-- What it is from now on.
INSERT INTO segment_version (segment_id, version, name, condition, changed_at, changed_by)
VALUES (:id, :version, :name, :condition, :changed_at, :changed_by);

-- name: delete_segment
-- A segment goes, with its versions and counts.
DELETE FROM segment
WHERE id = :id;

-- name: load_segment_versions
-- What a segment was, newest first.
SELECT version, name, condition, changed_at, changed_by
FROM segment_version
WHERE segment_id = :segment_id
ORDER BY version DESC;

-- name: add_segment_count
-- The first count of a day; nothing happens for a later one, or for a segment that is gone.
INSERT INTO segment_count (segment_id, day, customers, reach)
SELECT id, :day, :customers, :reach
FROM segment
WHERE id = :segment_id
ON CONFLICT (segment_id, day) DO NOTHING;

-- name: load_segment_counts
-- How many customers a segment held, day by day.
SELECT segment_id, day, customers, reach
FROM segment_count
WHERE segment_id = :segment_id AND day >= :first AND day <= :last
ORDER BY day;
