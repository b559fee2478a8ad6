-- SPDX-License-Identifier: GPL-3.0-or-later
-- The auditor against a superuser who changes one row behind every trigger and key (O10, O11): each
-- change is found, and nothing else is. What was closed is a full audit's; what is newer is found by
-- the audit since the closing.
SELECT no_plan();
\ir support/audit_world.sql

-- What an audit finds after a statement, with the IDs' names; nothing stays of it. The chain says
-- "history" when it is broken, too.
CREATE FUNCTION test.found_after(in_statement text, in_full boolean)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_statement text := in_statement;
    v_rows      bigint;
    v_found     text;
    v_name      test.names;
BEGIN
    FOR v_name IN SELECT * FROM test.names LOOP
        v_statement := replace(v_statement, '{' || v_name.name || '}', v_name.id);
    END LOOP;
    SET LOCAL session_replication_role = replica;
    EXECUTE v_statement;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    SET LOCAL session_replication_role = origin;
    SELECT string_agg(DISTINCT CASE WHEN f.check_name = 'history_rewritten' THEN 'history'
                      ELSE f.check_name || coalesce(' ' || n.name, '') END, ', ')
    INTO v_found FROM audit.run(in_full) f
    LEFT JOIN test.names n ON length(n.id) = 36 AND strpos(f.subject, n.id) > 0
    WHERE f.subject IS NOT NULL;
    RAISE SQLSTATE 'DONE0' USING MESSAGE = concat_ws(': ', nullif(v_rows, 1), coalesce(v_found, 'nothing'));
EXCEPTION WHEN SQLSTATE 'DONE0' THEN
    RETURN SQLERRM;
END
$$;

CREATE TABLE test.tamperings (number int GENERATED ALWAYS AS IDENTITY,
    is_closed boolean, what text, statement text, found text);
\ir support/audit_sales_tampered.sql
\ir support/audit_accruals_tampered.sql
\ir support/audit_bank_tampered.sql

SELECT is_empty($$SELECT * FROM audit.run(true) WHERE subject IS NOT NULL$$,
                'a full audit of clean books finds nothing');
SELECT is_empty($$SELECT * FROM audit.run(false) WHERE subject IS NOT NULL$$,
                'nor does the audit since the last closing');
SELECT is(test.found_after(t.statement, t.is_closed), t.found, t.what)
FROM test.tamperings t ORDER BY t.number;
SELECT cmp_ok(count(*), '>=', 40::bigint, 'that many ways') FROM test.tamperings;
SELECT * FROM finish();
