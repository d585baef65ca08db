-- Always one row: the last version of the deleted customers that were purged.
CREATE TABLE purged (
    last_version INTEGER NOT NULL
) STRICT;

INSERT INTO purged (last_version)
VALUES (0);

-- Serves find_purgeable.
CREATE INDEX deleted_customer ON customer (version) WHERE state = 1;
