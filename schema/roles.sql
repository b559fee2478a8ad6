-- SPDX-License-Identifier: GPL-3.0-or-later
-- Roles, made once per cluster. farthing_owner cannot log in: it owns every object, and the
-- functions that write run with its rights. The others may only what grants.sql gives them.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'farthing_owner') THEN
        CREATE ROLE farthing_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'farthing_daemon') THEN
        CREATE ROLE farthing_daemon LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'farthing_dba') THEN
        CREATE ROLE farthing_dba LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'farthing_auditor') THEN
        CREATE ROLE farthing_auditor LOGIN;
    END IF;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO farthing_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO farthing_daemon, farthing_dba, farthing_auditor',
                   current_database());
END
$$;

-- The daemon calls functions that find a few rows by key. A plan made while a table was still
-- small must not turn into a sequential scan when it has grown. A cache of lookups takes longer to
-- set up than it saves.
ALTER ROLE farthing_daemon SET plan_cache_mode = force_generic_plan;
ALTER ROLE farthing_daemon SET enable_seqscan = off;
ALTER ROLE farthing_daemon SET enable_hashjoin = off;
ALTER ROLE farthing_daemon SET enable_mergejoin = off;
ALTER ROLE farthing_daemon SET enable_memoize = off;
ALTER ROLE farthing_daemon SET jit = off;
ALTER ROLE farthing_daemon SET timezone = 'UTC';

-- The detail of a refusal may name a person: it is for the caller, not for the server's log.
ALTER ROLE farthing_daemon SET log_error_verbosity = terse;
ALTER ROLE farthing_dba SET log_error_verbosity = terse;

-- From here to the end of the installation.
SET LOCAL ROLE farthing_owner;
SET LOCAL client_min_messages = warning;
