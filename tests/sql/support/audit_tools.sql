-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changing the books behind everybody's back, and asking the auditor.

-- IDs that findings name, by what the stories call them.
CREATE TABLE test.names (id text PRIMARY KEY, name text NOT NULL);

CREATE FUNCTION test.named(in_text text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_name test.names;
BEGIN
    FOR v_name IN SELECT * FROM test.names ORDER BY length(id) DESC LOOP
        in_text := replace(in_text, v_name.id, v_name.name);
    END LOOP;
    RETURN in_text;
END
$$;

-- What an audit finds, after a statement that no trigger and no key has seen. Nothing stays.
CREATE FUNCTION test.found_after(in_statement text, in_full boolean DEFAULT true)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_rows  bigint;
    v_found text;
BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE in_statement;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    SET LOCAL session_replication_role = origin;
    SELECT CASE WHEN v_rows <> 1 THEN v_rows || ' rows changed: ' ELSE '' END
           || coalesce(string_agg(f.check_name || ' ' || test.named(f.subject), '; '
                                  ORDER BY f.check_name, test.named(f.subject)), 'nothing')
    INTO v_found FROM audit.run(in_full) f WHERE f.subject IS NOT NULL;
    RAISE SQLSTATE 'DONE0' USING MESSAGE = v_found;
EXCEPTION WHEN SQLSTATE 'DONE0' THEN
    RETURN SQLERRM;
END
$$;
