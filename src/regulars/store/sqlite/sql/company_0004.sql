-- What is kept of imports that were counted and not applied: plans and holds.

-- hold_reasons: JSON. Serves find_plan.
CREATE TABLE plan (
    import_number INTEGER PRIMARY KEY,
    counted_at_version INTEGER NOT NULL,
    last_customer_id INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    hold_reasons TEXT NOT NULL,
    began_after_id INTEGER
) STRICT;

-- What is planned for the records of one batch. Serves load_parts.
CREATE TABLE plan_part (
    import_number INTEGER NOT NULL,
    last INTEGER NOT NULL,
    first INTEGER NOT NULL,
    part BLOB NOT NULL,
    PRIMARY KEY (import_number, last)
) STRICT;

-- The first changes of a plan, as JSON: they hold values of customers.
CREATE TABLE plan_sample (
    import_number INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sample BLOB NOT NULL,
    PRIMARY KEY (import_number, number)
) STRICT;

-- Serves load_kept.
CREATE INDEX import_run_kept ON import_run (number) WHERE status IN ('planned', 'held');
