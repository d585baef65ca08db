-- rejects: whether the problem rejected its record though its code is a warning's.
ALTER TABLE import_problem ADD COLUMN rejects INTEGER NOT NULL DEFAULT 0;
