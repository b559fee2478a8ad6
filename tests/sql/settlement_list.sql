-- SPDX-License-Identifier: GPL-3.0-or-later
-- A vendor reads its settlements page by page (V14, O6).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS other \gset
PREPARE page(timestamptz, timestamptz, uuid, int) AS
    SELECT settlement_id FROM settlement.list(:vendor, 1, $1, $2, $3, $4);
SELECT is_empty($$EXECUTE page('1970-01-01Z', '2999-01-01Z', NULL, 10)$$, 'V14: none yet');

CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$
    SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
INSERT INTO settlement.settlements
SELECT pg_temp.id(n), CASE WHEN n = 4 THEN :other ELSE :vendor END, 'EUR',
       '2030-01-01Z', '2030-01-02Z', 100 * n, 10, 1, 100 * n - 11, '2030-01-01Z'::timestamptz + n * interval '1 day'
FROM generate_series(1, 5) n;
SELECT results_eq($$EXECUTE page('1970-01-01Z', '2999-01-01Z', NULL, 10)$$,
                  'SELECT pg_temp.id(n) FROM unnest(ARRAY[1, 2, 3, 5]) n', 'its own, oldest first');
SELECT results_eq($$EXECUTE page('1970-01-01Z', '2999-01-01Z', NULL, 2)$$,
                  'SELECT pg_temp.id(n) FROM unnest(ARRAY[1, 2]) n', 'a page');
SELECT results_eq($$EXECUTE page('1970-01-01Z', '2999-01-01Z', pg_temp.id(2), 2)$$,
                  'SELECT pg_temp.id(n) FROM unnest(ARRAY[3, 5]) n', 'the next page');
SELECT results_eq($$EXECUTE page('2030-01-03Z', '2030-01-04Z', NULL, 10)$$,
                  'SELECT pg_temp.id(n) FROM unnest(ARRAY[2]) n', 'from Since until before Until');
SELECT is(amount::bigint, 89::bigint, 'with its figures')
FROM settlement.list(:vendor, 1, '1970-01-01Z', '2999-01-01Z', NULL, 1);
SELECT throws_ok(format($$SELECT settlement.list(%s, 2, now(), now(), NULL, 1)$$, :vendor), 'FT002', NULL,
                 'a stale password');
SELECT * FROM finish();
ROLLBACK;
