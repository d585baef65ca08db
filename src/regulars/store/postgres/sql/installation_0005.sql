-- Entries that are to be carried over to the audit logs of companies, which lie in other schemas. An
-- id is never given twice, also where a schema was restored from a copy.
CREATE TABLE {schema}.due_audit_entry (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE DEFAULT gen_random_uuid()::text,
    company text COLLATE "C" NOT NULL REFERENCES {schema}.company (short_name),
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details text NOT NULL
);
