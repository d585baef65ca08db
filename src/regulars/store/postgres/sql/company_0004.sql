-- What is kept of imports that were counted and not applied: plans and holds.

-- hold_reasons: JSON. Serves find_plan.
CREATE TABLE {schema}.plan (
    import_number bigint PRIMARY KEY,
    counted_at_version bigint NOT NULL,
    last_customer_id bigint NOT NULL,
    expires_at bigint NOT NULL,
    hold_reasons text NOT NULL,
    began_after_id bigint
);

-- What is planned for the records of one batch. Serves load_parts.
CREATE TABLE {schema}.plan_part (
    import_number bigint NOT NULL,
    last bigint NOT NULL,
    first bigint NOT NULL,
    part bytea NOT NULL,
    PRIMARY KEY (import_number, last)
);

-- The first changes of a plan, as JSON: they hold values of customers.
CREATE TABLE {schema}.plan_sample (
    import_number bigint NOT NULL,
    number bigint NOT NULL,
    sample text COLLATE "C" NOT NULL,
    PRIMARY KEY (import_number, number)
);

-- Serves load_kept.
CREATE INDEX import_run_kept ON {schema}.import_run (number) WHERE status IN ('planned', 'held');
