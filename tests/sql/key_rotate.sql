-- SPDX-License-Identifier: GPL-3.0-or-later
-- Sealing keys rotate (S1).
BEGIN;
SELECT no_plan();
CREATE FUNCTION pg_temp.numbers(in_purpose text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM key.list('-infinity') k WHERE k.purpose = in_purpose
$$;

SELECT key.add('user_id', '\x01', 24);
SELECT is(pg_temp.numbers('user_id'), 1::bigint, 'S1: the first key');
SELECT key.add('user_id', '\x02', 24);
SELECT is(pg_temp.numbers('user_id'), 1::bigint, 'S1: it is young enough: of two daemons one adds it');
SELECT key.add('login', '\x03', 24);
SELECT is(pg_temp.numbers('login'), 1::bigint, 'S1: each purpose has its own');
UPDATE key.keys SET created_at = created_at - interval '25 hours' WHERE purpose = 'user_id';
SELECT key.add('user_id', '\x04', 24);
SELECT results_eq($$SELECT purpose, wrapped FROM key.list('-infinity') WHERE purpose = 'user_id'$$,
                  $$VALUES ('user_id', '\x01'::bytea), ('user_id', '\x04')$$,
                  'S1: when it is too old a new one follows');
SELECT results_eq($$SELECT wrapped FROM key.list(now() - interval '1 hour') WHERE purpose = 'user_id'$$,
                  $$VALUES ('\x04'::bytea)$$, 'S1: those of a period are listed');
SELECT ok(bool_and(key_number > previous), 'S1: numbers ascend')
FROM (SELECT key_number, lag(key_number, 1, 0) OVER () AS previous FROM key.list('-infinity')) k;
SELECT throws_ok($$SELECT key.add('other', '\x05', 24)$$, '23514', NULL, 'S1: no other purpose');
SELECT * FROM finish();
ROLLBACK;
