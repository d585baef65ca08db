-- due_id: of an entry that was carried over from the installation's file, the id it had there.
ALTER TABLE audit_entry ADD COLUMN due_id TEXT;

-- Serves carry_over_audit_entry.
CREATE UNIQUE INDEX audit_entry_by_due_id ON audit_entry (due_id) WHERE due_id IS NOT NULL;

-- Serves delete_named_identifiers and delete_rejected_identifiers.
CREATE INDEX rejected_identifier_by_record ON rejected_identifier (import_number, record);

-- A record that went for one of its identifiers left the others behind.
DELETE FROM rejected_identifier
WHERE NOT EXISTS (
    SELECT 1
    FROM rejected_record
    WHERE rejected_record.import_number = rejected_identifier.import_number
        AND rejected_record.record = rejected_identifier.record
);
