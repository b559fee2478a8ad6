-- SPDX-License-Identifier: GPL-3.0-or-later
-- Runs at the same time pay once (O6, O7); so do confirmations and returns of payouts (O8).
SELECT no_plan();
SELECT array_agg(test.payee(1000000)) AS vendors FROM generate_series(1, 30) \gset
SELECT test.accrue_sale(v, 1500000) FROM unnest(:'vendors'::int[]) v;
CREATE FUNCTION test.slice(in_kind text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT concat_ws('' '', count(*) FILTER (WHERE outcome = ''paid''), count(*))
                   FROM settlement.settle_slice(%L, NULL, NULL, 0, 1000, NULL, false)', in_kind) $$;

SELECT bag_eq($$SELECT result FROM test.at_once(array_fill(test.slice('vendors'), ARRAY[8]), in_role => 'farthing_dba')$$,
              $$SELECT CASE n WHEN 1 THEN '30 30' ELSE '0 30' END FROM generate_series(1, 8) n$$,
              'O6: of eight runs at once one pays');
SELECT is(count(*), 30::bigint, 'O6: each vendor once') FROM settlement.settlements;
SELECT is(sum(amount)::bigint, 45000000::bigint, 'O6: what it is due') FROM settlement.payouts;

-- Behind a run that fails, the next one pays.
SELECT test.accrue_sale(v, 1500000) FROM unnest(:'vendors'::int[]) v;
SELECT bag_eq($$SELECT result FROM test.at_once(array_fill(test.slice('vendors'), ARRAY[3]),
                    'DO $d$ BEGIN PERFORM FROM settlement.settle_slice(''vendors'', NULL, NULL, 0, 1000, NULL, false); END $d$',
                    'farthing_dba')$$,
              $$VALUES ('30 30'), ('0 30'), ('0 30')$$, 'O6: what was undone is paid by the next');
SELECT is(count(*), 60::bigint, 'O6: each vendor once more') FROM settlement.settlements;

-- Slices of different sizes meet; single vendors too.
SELECT test.accrue_sale(v, 1500000) FROM unnest(:'vendors'::int[]) v;
SELECT is(sum(result::int), 30::bigint, 'O6: runs that overlap pay each vendor once')
FROM test.at_once(ARRAY(SELECT format('SELECT count(*) FILTER (WHERE outcome = ''paid'')::text
        FROM settlement.settle_slice(''vendors'', %s, NULL, 0, %s, NULL, false)',
        coalesce(v::text, 'NULL'), size) FROM unnest(:'vendors'::int[] || NULL::int || NULL) WITH ORDINALITY AS u (v, size)),
    in_role => 'farthing_dba');
SELECT is(count(*), 90::bigint, 'O6: in the end') FROM settlement.settlements;

-- Owners.
SELECT test.owner('at once ' || n) FROM generate_series(1, 10) n;
SELECT settlement.set_owner_terms('at once ' || n, 'EUR', 1000000, 'any_day', in_method => 'check') FROM generate_series(1, 10) n;
SELECT test.collect('at once ' || n, (:'vendors'::int[])[n], 1000000) FROM generate_series(1, 10) n;
SELECT bag_eq($$SELECT result FROM test.at_once(array_fill(test.slice('owners'), ARRAY[4]), in_role => 'farthing_dba')$$,
              $$VALUES ('10 10'), ('0 10'), ('0 10'), ('0 10')$$, 'O7: of four runs at once one pays');

-- Payouts.
SELECT payout_id AS payout FROM settlement.payouts ORDER BY 1 LIMIT 1 \gset
SELECT bag_eq(format($$SELECT result FROM test.at_once(array_fill(
        'SELECT settlement.mark_payout(''%s'', ''paid'', NULL)::text'::text, ARRAY[5]), in_role => 'farthing_dba')$$, :'payout'),
    $$VALUES ('true'), ('false'), ('false'), ('false'), ('false')$$, 'O8: confirmed five times at once, booked once');
SELECT bag_eq(format($$SELECT result FROM test.at_once(array_fill(
        'SELECT settlement.return_payout(''%s'', ''closed'')::text'::text, ARRAY[5]), in_role => 'farthing_dba')$$, :'payout'),
    $$VALUES ('true'), ('false'), ('false'), ('false'), ('false')$$, 'O8: returned five times at once, booked once');
SELECT is(sum(result::int), 1::bigint, 'O8: and paid again once')
FROM test.at_once(array_fill('SELECT count(*) FILTER (WHERE outcome = ''paid'')::text
        FROM settlement.settle_slice(''vendors'', NULL, NULL, 0, 1000, NULL, false)'::text, ARRAY[4]), in_role => 'farthing_dba');
SELECT * FROM test.settlements_add_up();
SELECT test.forget_settlements();
SELECT * FROM finish();
