-- Undos that have begun and not ended: the last version of the undone import's changes that was
-- looked at. Serves find_undo_progress.
CREATE TABLE {schema}.undo_progress (
    import_number bigint PRIMARY KEY,
    last_version bigint NOT NULL
);
