-- SPDX-License-Identifier: GPL-3.0-or-later
-- Many sessions that do something at the same time.

-- The sessions among these that wait for a lock.
CREATE FUNCTION test.waiting(in_pids int[])
RETURNS bigint LANGUAGE sql AS $$
    SELECT count(DISTINCT l.pid) FROM pg_locks l WHERE NOT l.granted AND l.pid = ANY (in_pids)
$$;

-- Runs each statement in a session of its own. They go off together: all wait at a gate, or for what
-- in_held has locked or inserted, and that is let go (and undone) when all are there. A statement
-- returns one text; an error counts as its SQLSTATE.
CREATE FUNCTION test.at_once(in_statements text[], in_held text DEFAULT NULL,
    in_role text DEFAULT 'farthing_daemon')
RETURNS TABLE (place int, result text) LANGUAGE plpgsql AS $$
DECLARE
    v_conninfo constant text := format('host=%s port=%s dbname=%s user=',
        split_part(current_setting('unix_socket_directories'), ',', 1),
        current_setting('port'), current_database());
    v_gate constant text := CASE WHEN in_held IS NULL THEN 'pg_advisory_lock_shared(4711)::text'
                                 ELSE '''no gate''' END;
    v_deadline constant timestamptz := clock_timestamp() + interval '30 seconds';
    v_pids int[];
BEGIN
    PERFORM dblink_connect('holder', v_conninfo || current_user), dblink_exec('holder', 'BEGIN'),
            dblink_exec('holder', coalesce(in_held,
                'DO $gate$ BEGIN PERFORM pg_advisory_xact_lock(4711); END $gate$'));
    FOR place IN SELECT generate_subscripts(in_statements, 1) LOOP
        PERFORM dblink_connect('crowd' || place, v_conninfo || in_role);
        v_pids := v_pids || (SELECT pid FROM dblink('crowd' || place, 'SELECT pg_backend_pid()')
                             AS p (pid int));
        PERFORM dblink_send_query('crowd' || place,
                                  format('SELECT %s; %s', v_gate, in_statements[place]));
    END LOOP;
    WHILE test.waiting(v_pids) < cardinality(v_pids) LOOP
        IF clock_timestamp() > v_deadline THEN
            RAISE 'only % of % wait', test.waiting(v_pids), cardinality(v_pids);
        END IF;
    END LOOP;
    PERFORM dblink_exec('holder', 'ROLLBACK'), dblink_disconnect('holder');

    FOR place IN SELECT generate_subscripts(in_statements, 1) LOOP
        BEGIN
            PERFORM FROM dblink_get_result('crowd' || place) AS g (gate text);
            SELECT r.answer INTO result
            FROM dblink_get_result('crowd' || place) AS r (answer text);
        EXCEPTION WHEN OTHERS THEN
            result := SQLSTATE;
        END;
        PERFORM dblink_disconnect('crowd' || place);
        RETURN NEXT;
    END LOOP;
END
$$;

-- How often each answer came.
CREATE FUNCTION test.answers(in_statements text[], in_held text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(result || ' x' || times, ', ' ORDER BY result)
    FROM (SELECT result, count(*) AS times FROM test.at_once(in_statements, in_held)
          GROUP BY result) r
$$;

-- A purchase batch as such a statement: 'ITEM:OUTCOME:CHARGED' of each item, in their order.
CREATE FUNCTION test.buying(in_transaction_ids uuid[], in_people test.person[])
RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT string_agg(concat_ws('':'', item, outcome, charged), '' '' ORDER BY item) '
                  'FROM purchase.buy_batch(%L, %L, %L)', in_transaction_ids,
                  ARRAY(SELECT p.user_id FROM unnest(in_people) p),
                  ARRAY(SELECT p.login_id FROM unnest(in_people) p))
$$;
