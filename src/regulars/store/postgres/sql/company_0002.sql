-- What the reports of imports are made of, and the rejected records.

-- Every problem of an import, in the order in which they came. Serves load_problems.
CREATE TABLE {schema}.import_problem (
    import_number bigint NOT NULL,
    number bigint NOT NULL,
    record bigint NOT NULL,
    line bigint,
    code text COLLATE "C" NOT NULL,
    field text COLLATE "C",
    PRIMARY KEY (import_number, number)
);

-- original: what the record looked like when it came; NULL where it is not kept. problems: JSON of
-- those of the record, also of those that import_problem holds once for all records.
CREATE TABLE {schema}.rejected_record (
    import_number bigint NOT NULL,
    record bigint NOT NULL,
    original bytea,
    problems text NOT NULL,
    PRIMARY KEY (import_number, record)
);

-- header: JSON of the header of a body that had one.
CREATE TABLE {schema}.rejected_header (
    import_number bigint PRIMARY KEY,
    header text NOT NULL
);

-- key: kind and keyed hash of an identifier that a rejected record names. Serves
-- delete_named_records.
CREATE TABLE {schema}.rejected_identifier (
    key bigint NOT NULL,
    import_number bigint NOT NULL,
    record bigint NOT NULL,
    PRIMARY KEY (key, import_number, record)
);
