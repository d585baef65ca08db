-- What a company has settled for itself, as JSON.
ALTER TABLE company ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- Serves load_users and update_user_beside_admin.
CREATE INDEX user_by_company ON user (company, email);
