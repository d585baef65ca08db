-- The register of one company. Instants are microseconds since 1970 UTC.

-- Always one row: the highest numbers given so far, and counts that would be slow to make.
CREATE TABLE position (
    last_customer_id INTEGER NOT NULL,
    last_version INTEGER NOT NULL,
    living INTEGER NOT NULL,
    recent_identifiers INTEGER NOT NULL
) STRICT;

INSERT INTO position (last_customer_id, last_version, living, recent_identifiers)
VALUES (0, 0, 0, 0);

-- state: 0 living, 1 deleted, 2 forgotten. document: canonical JSON of the fields.
CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;

-- key: kind and keyed hash of an identifier. Serves find_holders.
CREATE TABLE identifier (
    key INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (key, customer_id)
) STRICT, WITHOUT ROWID;

-- New entries of identifier, until there are enough to be moved over in the order of keys: hashed
-- keys written one by one would touch a page of the large table each.
CREATE TABLE recent_identifier (
    key INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (key, customer_id)
) STRICT, WITHOUT ROWID;

-- The history, one row a change; import_number and record say what caused it.
CREATE TABLE change (
    version INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL,
    import_number INTEGER NOT NULL,
    record INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    before BLOB,
    after BLOB NOT NULL,
    proofs BLOB
) STRICT;

-- Serves load_changes.
CREATE INDEX change_by_customer ON change (customer_id);

CREATE TABLE field (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    origin TEXT NOT NULL,
    as_given INTEGER NOT NULL
) STRICT;

CREATE TABLE suppression (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    import_number INTEGER NOT NULL,
    lifted_at INTEGER,
    lifted_by TEXT,
    lift_reason TEXT
) STRICT;

-- Serves find_suppressed and has_suppressions; an address is suppressed once at a time.
CREATE UNIQUE INDEX suppression_in_force ON suppression (hash) WHERE lifted_at IS NULL;

CREATE TABLE import_run (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    actor TEXT NOT NULL,
    options TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    records INTEGER,
    accepted_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    began_at_version INTEGER NOT NULL,
    report BLOB NOT NULL
) STRICT;

CREATE TABLE audit_entry (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;
