-- SPDX-License-Identifier: GPL-3.0-or-later
-- The auditor against a superuser who changes one row behind every trigger and key (O10, O11): each
-- change is found, and nothing else is. What was closed is a full audit's; what is newer is found by
-- the audit since the closing.
SELECT no_plan();
\ir support/audit_world.sql

-- A text with the IDs in place of their names in braces.
CREATE FUNCTION test.named(in_text text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_text text := in_text;
    v_name test.names;
BEGIN
    FOR v_name IN SELECT * FROM test.names LOOP
        v_text := replace(v_text, '{' || v_name.name || '}', v_name.id);
    END LOOP;
    RETURN v_text;
END
$$;

-- All findings of an audit after a statement that changes one row, sorted: each with its check and
-- subject, and with what it expected and saw where in_found names that. Nothing stays of it.
CREATE FUNCTION test.found_after(in_statement text, in_full boolean, in_found text[])
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    v_rows  bigint;
    v_found text[];
BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE test.named(in_statement);
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    SET LOCAL session_replication_role = origin;
    IF v_rows <> 1 THEN
        RAISE '% rows were changed by %', v_rows, in_statement;
    END IF;
    SELECT array_agg(f.finding || CASE WHEN EXISTS (SELECT FROM unnest(in_found) said
                                                    WHERE starts_with(said, f.finding || ': '))
                                       THEN f.said ELSE '' END)
    INTO v_found
    FROM (SELECT check_name || ' ' || subject AS finding,
                 concat(': ', expected, ' not ', actual) AS said
          FROM audit.run(in_full) WHERE subject IS NOT NULL) f;
    RAISE SQLSTATE 'DONE0';
EXCEPTION WHEN SQLSTATE 'DONE0' THEN
    RETURN test.sorted(v_found);
END
$$;

CREATE FUNCTION test.sorted(in_texts text[])
RETURNS text[] LANGUAGE sql AS $$ SELECT array_agg(t ORDER BY t COLLATE "C") FROM unnest(in_texts) t $$;

-- found: every finding, "check subject" or "check subject: expected not actual".
CREATE TABLE test.tamperings (number int GENERATED ALWAYS AS IDENTITY,
    is_closed boolean, what text, statement text, found text);
\ir support/audit_sales_tampered.sql
\ir support/audit_entries_tampered.sql
\ir support/audit_accruals_tampered.sql
\ir support/audit_settlements_tampered.sql
\ir support/audit_later_tampered.sql
\ir support/audit_bank_tampered.sql

SELECT is_empty($$SELECT * FROM audit.run(true) WHERE subject IS NOT NULL$$,
                'a full audit of clean books finds nothing');
SELECT is_empty($$SELECT * FROM audit.run(false) WHERE subject IS NOT NULL$$,
                'nor does the audit since the last closing');
SELECT is(test.found_after(t.statement, t.is_closed, f.found), f.found, t.what)
FROM test.tamperings t
CROSS JOIN LATERAL (SELECT test.sorted(string_to_array(test.named(t.found), '; ')) AS found) f
ORDER BY t.number;
SELECT cmp_ok(count(*), '>=', 40::bigint, 'that many ways') FROM test.tamperings;
SELECT * FROM finish();
