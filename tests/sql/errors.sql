-- SPDX-License-Identifier: GPL-3.0-or-later
-- Refusals are registered, and raised with the registry's words.
BEGIN;
SELECT no_plan();
SELECT throws_ok(format('SELECT farthing.refuse(%L)', sqlstate), sqlstate, description,
                 sqlstate || ' ' || name) FROM farthing.errors ORDER BY sqlstate;
CREATE FUNCTION pg_temp.told() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_column text; v_hint text; v_detail text;
BEGIN
    PERFORM farthing.refuse_parameter('Share', 'at most 1 in sum', '1.000001');
EXCEPTION WHEN SQLSTATE 'FT040' THEN
    GET STACKED DIAGNOSTICS v_column = COLUMN_NAME, v_hint = PG_EXCEPTION_HINT,
                            v_detail = PG_EXCEPTION_DETAIL;
    RETURN format('%s must be %s; it was %s', v_column, v_hint, v_detail);
END
$$;
SELECT is(pg_temp.told(), 'Share must be at most 1 in sum; it was 1.000001',
          'a refused parameter is named, with the rule and the value');
SELECT is_empty($$SELECT oid::regprocedure FROM pg_proc WHERE prosrc LIKE '%refuse(''FT040''%'$$,
                'no parameter is refused without them');
SELECT is_empty(
    $$SELECT p.oid::regprocedure, m[1] FROM pg_proc p, regexp_matches(p.prosrc, '''(FT\d{3})''', 'g') m
      WHERE m[1] NOT IN (SELECT sqlstate FROM farthing.errors)$$,
    'no function raises what is not registered');
SELECT is(farthing.schema_version(), (SELECT max(version) FROM farthing.versions),
          'the version is the last migration''s');
SELECT * FROM finish();
ROLLBACK;
