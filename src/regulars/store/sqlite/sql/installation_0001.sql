-- What belongs to no single company. Instants are microseconds since 1970 UTC.

CREATE TABLE secret_check (
    value BLOB NOT NULL
) STRICT;

CREATE TABLE company (
    short_name TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    country TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user (
    email TEXT PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (short_name),
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE integration (
    id TEXT PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (short_name),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
    id TEXT PRIMARY KEY,
    company TEXT NOT NULL REFERENCES company (short_name),
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- Serves load_tokens.
CREATE INDEX token_by_company ON token (company, created_at);

-- Accepted imports that have not ended, in the order of acceptance.
CREATE TABLE queued_import (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    company TEXT NOT NULL REFERENCES company (short_name),
    accepted_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    options TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    records INTEGER,
    is_spooled INTEGER NOT NULL,
    step TEXT NOT NULL,
    is_cancelled INTEGER NOT NULL
) STRICT;

-- Serves next_import and load_queued_imports.
CREATE INDEX queued_import_by_company ON queued_import (company, sequence);
