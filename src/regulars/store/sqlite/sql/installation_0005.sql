-- Entries that are to be carried over to the audit logs of companies, which lie in other files. An
-- id is never given twice, also where a file was restored from a copy.
CREATE TABLE due_audit_entry (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
    company TEXT NOT NULL REFERENCES company (short_name),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;
