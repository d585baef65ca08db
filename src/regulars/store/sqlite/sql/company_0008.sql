-- Serves load_audit_page_of_action and load_audit_actions.
CREATE INDEX audit_entry_by_action ON audit_entry (action, id);
