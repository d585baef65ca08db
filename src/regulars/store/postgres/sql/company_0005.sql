-- Always one row: the last version of the deleted customers that were purged.
CREATE TABLE {schema}.purged (
    last_version bigint NOT NULL
);

INSERT INTO {schema}.purged (last_version)
VALUES (0);

-- Serves find_purgeable.
CREATE INDEX deleted_customer ON {schema}.customer (version) WHERE state = 1;
