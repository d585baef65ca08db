-- The register of one company. Instants are microseconds since 1970 UTC.

-- Always one row: the highest numbers given so far, and counts that would be slow to make.
CREATE TABLE {schema}.position (
    is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
    last_customer_id bigint NOT NULL,
    last_version bigint NOT NULL,
    living bigint NOT NULL
);

INSERT INTO {schema}.position (last_customer_id, last_version, living)
VALUES (0, 0, 0);

-- state: 0 living, 1 deleted, 2 forgotten. document: canonical JSON of the fields; as text, since
-- nothing here looks into it, and text costs least on its way.
CREATE TABLE {schema}.customer (
    id bigint PRIMARY KEY,
    version bigint NOT NULL,
    state smallint NOT NULL,
    document text COLLATE "C" NOT NULL
);

-- key: kind and keyed hash of an identifier. Serves find_holders.
CREATE TABLE {schema}.identifier (
    key bigint NOT NULL,
    customer_id bigint NOT NULL,
    PRIMARY KEY (key, customer_id)
);

-- The history, one row a change; import_number and record say what caused it.
CREATE TABLE {schema}.change (
    version bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    import_number bigint NOT NULL,
    record bigint NOT NULL,
    changed_at bigint NOT NULL,
    before text COLLATE "C",
    after text COLLATE "C" NOT NULL,
    proofs text COLLATE "C"
);

-- Serves load_changes.
CREATE INDEX change_by_customer ON {schema}.change (customer_id);

-- number: the order in which fields came.
CREATE TABLE {schema}.field (
    key text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    type text NOT NULL,
    origin text NOT NULL,
    as_given boolean NOT NULL
);

CREATE TABLE {schema}.suppression (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    hash text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    import_number bigint NOT NULL,
    lifted_at bigint,
    lifted_by text,
    lift_reason text
);

-- Serves find_suppressed and has_suppressions; an address is suppressed once at a time.
CREATE UNIQUE INDEX suppression_in_force ON {schema}.suppression (hash) WHERE lifted_at IS NULL;

CREATE TABLE {schema}.import_run (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    status text NOT NULL,
    actor text NOT NULL,
    options text NOT NULL,
    size_bytes bigint NOT NULL,
    records bigint,
    accepted_at bigint NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint,
    began_at_version bigint NOT NULL,
    report text NOT NULL
);

CREATE TABLE {schema}.audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details text NOT NULL
);

-- Bodies of accepted uploads until their import has ended, in parts of at most 1 MiB.
CREATE TABLE {schema}.spool_part (
    import_id text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    bytes bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (import_id, number)
);

-- A part is read once and gone soon: compressing it would cost more than it saves.
ALTER TABLE {schema}.spool_part ALTER COLUMN bytes SET STORAGE EXTERNAL;
