-- SPDX-License-Identifier: GPL-3.0-or-later
-- Refusals are registered, and raised with the registry's words.
BEGIN;
SELECT no_plan();
SELECT throws_ok(format('SELECT farthing.refuse(%L)', sqlstate), sqlstate, description,
                 sqlstate || ' ' || name) FROM farthing.errors ORDER BY sqlstate;
SELECT is_empty(
    $$SELECT p.oid::regprocedure, m[1] FROM pg_proc p, regexp_matches(p.prosrc, '''(FT\d{3})''', 'g') m
      WHERE m[1] NOT IN (SELECT sqlstate FROM farthing.errors)$$,
    'no function raises what is not registered');
SELECT is(farthing.schema_version(), (SELECT max(version) FROM farthing.versions),
          'the version is the last migration''s');
SELECT * FROM finish();
ROLLBACK;
