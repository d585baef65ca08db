-- Serves load_audit_page_of_action and load_audit_actions. By bytes, whatever the database sorts by.
ALTER TABLE {schema}.audit_entry ALTER COLUMN action TYPE text COLLATE "C";
CREATE INDEX audit_entry_by_action ON {schema}.audit_entry (action, id);
