-- name: create_schema
-- The schema, unless somebody has made it for us.
CREATE SCHEMA IF NOT EXISTS {schema};

-- name: create_migration
-- The migrations that were applied to the schema.
CREATE TABLE {schema}.migration (
    number integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: last_migration
-- The newest migration of the schema; 0 before the first.
SELECT coalesce(max(number), 0)
FROM {schema}.migration;

-- name: insert_migration
-- A migration was applied.
INSERT INTO {schema}.migration (number)
VALUES (%(number)s);
