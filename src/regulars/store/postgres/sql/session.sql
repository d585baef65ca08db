-- name: prepare_session
-- What every session needs: an answered upload must survive a power failure, so that commits wait
-- for the disk; and the server is to notice within a minute that the machine of a client is gone,
-- so that the client's locks are let go (without meaning, and ignored, on a Unix socket).
SELECT
    CASE
        WHEN current_setting('synchronous_commit') = 'off'
        THEN set_config('synchronous_commit', 'on', false)
    END,
    set_config('tcp_keepalives_idle', '30', false),
    set_config('tcp_keepalives_interval', '10', false),
    set_config('tcp_keepalives_count', '3', false);

-- name: take_lock
-- Be the only session that holds the lock, until it lets go or ends.
SELECT pg_advisory_lock(%(lock)s::bigint);

-- name: try_lock
-- Be the only session that holds the lock, unless another one is.
SELECT pg_try_advisory_lock(%(lock)s::bigint);

-- name: release_lock
-- Let go of the lock.
SELECT pg_advisory_unlock(%(lock)s::bigint);

-- name: take_lock_for_transaction
-- Be the only session that holds the lock, until the transaction ends.
SELECT pg_advisory_xact_lock(%(lock)s::bigint);

-- name: has_migrations
-- Whether a schema was ever migrated.
SELECT EXISTS (
    SELECT 1
    FROM pg_catalog.pg_tables
    WHERE schemaname = %(schema)s AND tablename = 'migration'
);
