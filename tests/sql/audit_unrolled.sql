-- SPDX-License-Identifier: GPL-3.0-or-later
-- Books are closed at any moment, whatever a rollup has covered by then (O10, O11).
SELECT no_plan();
CREATE FUNCTION pg_temp.found(in_full boolean) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', check_name, subject, expected, actual), ', '), 'nothing')
    FROM audit.run(in_full) WHERE subject IS NOT NULL $$;

SELECT test.vendor('DKK') AS shop, test.person(9000000, 'DKK') AS alice \gset
SELECT test.owners(:shop, '/article', ARRAY['owner of a closed day'], ARRAY[500000]);
SELECT is(test.buy(test.offer(:shop, 1000000), :'alice'), 'charged', 'something is sold');
CALL royalty.roll_up_all();
CALL royalty.collect_all();
SELECT lives_ok('SELECT audit.close()', 'O11: the books are closed right after owners were collected for');
SELECT is(pg_temp.found(false), 'nothing', 'O11: nothing new, nothing wrong');
SELECT is(test.buy(test.offer(:shop, 1000000, '/film'), :'alice'), 'charged', 'more is sold');
SELECT is(pg_temp.found(false), 'nothing', 'O11: before a rollup has covered it, an audit reads nothing');
SELECT is(pg_temp.found(true), 'nothing', 'O11: nor does a full audit read it');
SELECT is((audit.close()).link_id, NULL, 'O11: and there is nothing to close');
CALL royalty.roll_up_all();
SELECT is(sales, 1::bigint, 'O11: then it reads this sale alone') FROM audit.scope(false);
SELECT is(pg_temp.found(false), 'nothing', 'O11: which is right');
SELECT isnt((audit.close()).link_id, NULL, 'O11: and closed');
SELECT is(pg_temp.found(true), 'nothing', 'O11: the chain holds');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
