-- What the reports of imports are made of, and the rejected records.

-- Every problem of an import, in the order in which they came. Serves load_problems.
CREATE TABLE import_problem (
    import_number INTEGER NOT NULL,
    number INTEGER NOT NULL,
    record INTEGER NOT NULL,
    line INTEGER,
    code TEXT NOT NULL,
    field TEXT,
    PRIMARY KEY (import_number, number)
) STRICT, WITHOUT ROWID;

-- original: what the record looked like when it came; NULL where it is not kept. problems: JSON of
-- those of the record, also of those that import_problem holds once for all records.
CREATE TABLE rejected_record (
    import_number INTEGER NOT NULL,
    record INTEGER NOT NULL,
    original BLOB,
    problems TEXT NOT NULL,
    PRIMARY KEY (import_number, record)
) STRICT;

-- header: JSON of the header of a body that had one.
CREATE TABLE rejected_header (
    import_number INTEGER PRIMARY KEY,
    header TEXT NOT NULL
) STRICT;

-- key: kind and keyed hash of an identifier that a rejected record names. Serves
-- delete_named_records.
CREATE TABLE rejected_identifier (
    key INTEGER NOT NULL,
    import_number INTEGER NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (key, import_number, record)
) STRICT, WITHOUT ROWID;
