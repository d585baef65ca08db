-- The body of a small upload stands in the line itself, so that accepting it is one commit.
ALTER TABLE {schema}.queued_import ADD COLUMN body bytea;

-- It is read once and gone soon: compressing it would cost more than it saves.
ALTER TABLE {schema}.queued_import ALTER COLUMN body SET STORAGE EXTERNAL;

-- Keys of requests that must take effect once. No import: the body could not be read.
CREATE TABLE {schema}.idempotency_key (
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    import_id text,
    created_at bigint NOT NULL,
    PRIMARY KEY (company, key)
);

-- Serves delete_idempotency_keys.
CREATE INDEX idempotency_key_by_time ON {schema}.idempotency_key (created_at);
