-- SPDX-License-Identifier: GPL-3.0-or-later
-- Many sessions that do something at the same time.

-- Runs each statement in a session of its own, as the daemon does; all wait at one gate until it
-- opens. A statement returns one text; an error counts as its SQLSTATE.
CREATE FUNCTION test.at_once(in_statements text[])
RETURNS TABLE (place int, result text) LANGUAGE plpgsql AS $$
DECLARE
    v_gate     constant text := '4711';
    v_conninfo constant text := format('host=%s port=%s dbname=%s user=farthing_daemon',
        split_part(current_setting('unix_socket_directories'), ',', 1),
        current_setting('port'), current_database());
BEGIN
    PERFORM pg_advisory_lock(v_gate::int);
    FOR place IN SELECT generate_subscripts(in_statements, 1) LOOP
        PERFORM dblink_connect('crowd' || place, v_conninfo);
        PERFORM dblink_send_query('crowd' || place,
            'SELECT pg_advisory_lock_shared(' || v_gate || ')::text; ' || in_statements[place]);
    END LOOP;
    PERFORM pg_advisory_unlock(v_gate::int);

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

-- A purchase batch as such a statement: 'ITEM:OUTCOME:CHARGED' of each item, in their order.
CREATE FUNCTION test.buying(in_transaction_ids uuid[], in_people test.person[])
RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT string_agg(concat_ws('':'', item, outcome, charged), '' '' ORDER BY item) '
                  'FROM purchase.buy_batch(%L, %L, %L, %L, %L)', in_transaction_ids,
                  (SELECT array_agg(p.user_id ORDER BY n) FROM unnest(in_people)
                   WITH ORDINALITY p (user_id, login_id, login_name, n)),
                  (SELECT array_agg(p.login_id ORDER BY n) FROM unnest(in_people)
                   WITH ORDINALITY p (user_id, login_id, login_name, n)),
                  array_fill(NULL::text, ARRAY[cardinality(in_people)]),
                  array_fill(false, ARRAY[cardinality(in_people)]))
$$;
