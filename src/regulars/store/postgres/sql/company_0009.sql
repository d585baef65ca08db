-- rejects: whether the problem rejected its record though its code is a warning's.
ALTER TABLE {schema}.import_problem ADD COLUMN rejects boolean NOT NULL DEFAULT false;
