-- What belongs to no single company. Instants are microseconds since 1970 UTC.
-- Text that is compared or sorted is so by its bytes (COLLATE "C"): the same on every machine, and
-- no index goes wrong when the operating system changes how it sorts.

-- Never more than one row.
CREATE TABLE {schema}.secret_check (
    is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
    value bytea NOT NULL
);

CREATE TABLE {schema}.company (
    short_name text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    timezone text NOT NULL,
    country text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE {schema}."user" (
    email text COLLATE "C" PRIMARY KEY,
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    role text NOT NULL,
    password_hash text NOT NULL,
    created_at bigint NOT NULL,
    disabled_at bigint
);

CREATE TABLE {schema}.integration (
    id text COLLATE "C" PRIMARY KEY,
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    name text NOT NULL,
    description text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE {schema}.token (
    id text COLLATE "C" PRIMARY KEY,
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    name text NOT NULL,
    secret_hash bytea NOT NULL UNIQUE,
    scopes text NOT NULL,
    owner_id text NOT NULL,
    created_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);

-- Serves load_tokens.
CREATE INDEX token_by_company ON {schema}.token (company, created_at);

-- Accepted imports that have not ended, in the order of acceptance.
CREATE TABLE {schema}.queued_import (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    accepted_at bigint NOT NULL,
    actor text NOT NULL,
    options text NOT NULL,
    size_bytes bigint NOT NULL,
    records bigint,
    is_spooled boolean NOT NULL,
    step text NOT NULL,
    is_cancelled boolean NOT NULL
);

-- Serves next_import and load_queued_imports.
CREATE INDEX queued_import_by_company ON {schema}.queued_import (company, sequence);
