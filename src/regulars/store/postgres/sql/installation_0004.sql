-- What a company has settled for itself, as JSON.
ALTER TABLE {schema}.company ADD COLUMN limits text NOT NULL DEFAULT '{{}}';

-- Serves load_users and update_user_beside_admin.
CREATE INDEX user_by_company ON {schema}."user" (company, email);
