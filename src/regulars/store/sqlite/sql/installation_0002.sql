-- The body of a small upload stands in the line itself, so that accepting it is one commit.
ALTER TABLE queued_import ADD COLUMN body BLOB;

-- Keys of requests that must take effect once. No import: the body could not be read.
CREATE TABLE idempotency_key (
    company TEXT NOT NULL REFERENCES company (short_name),
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    import_id TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (company, key)
) STRICT, WITHOUT ROWID;

-- Serves delete_idempotency_keys.
CREATE INDEX idempotency_key_by_time ON idempotency_key (created_at);
