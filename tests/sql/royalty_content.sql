-- SPDX-License-Identifier: GPL-3.0-or-later
-- What content owners are due of each sale, exact below a micro-unit (O5, 151, 266), and its way to
-- their accounts (267, fig. 29A).
SELECT no_plan();
CALL royalty.roll_up_all();
CALL royalty.collect_all();

-- 'URL:EXACT:WITHHELD' of a vendor's sales and refunds, in the order of commits.
CREATE FUNCTION pg_temp.content(in_vendor_id int) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(substr(o.content_url, length(test.origin(in_vendor_id)) + 1) || ':'
                      || coalesce(trim_scale(a.content_exact)::text, '-') || ':' || a.content_royalty, ' '
                      ORDER BY a.rollup_id)
    FROM royalty.all_accruals a
    JOIN purchase.sales s ON s.transaction_id = coalesce(a.subject_id, a.accrual_id)
    JOIN purchase.offers o ON o.offer_id = s.offer_id
    WHERE a.vendor_id = in_vendor_id
$$;
-- What owners have, by the ledger.
CREATE FUNCTION pg_temp.owned(in_prefix text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(o.owner_id || ':' || coalesce(p.amount, 0), ' ' ORDER BY o.owner_id)
    FROM royalty.owners o LEFT JOIN (
        SELECT holder, sum(amount) AS amount FROM ledger.all_postings
        WHERE account = 'owner_payable' GROUP BY holder) p ON p.holder = o.owner_number
    WHERE starts_with(o.owner_id, in_prefix)
$$;
-- Withheld by the ledger and not yet credited.
CREATE FUNCTION pg_temp.withheld(in_vendor_id int) RETURNS bigint LANGUAGE sql AS $$
    SELECT sum(amount)::bigint FROM ledger.all_postings
    WHERE account = 'content_royalty_withheld' AND holder = in_vendor_id
$$;

-- An item's own list comes first, then the nearest folder's; an empty list ends it.
SELECT test.vendor() AS vendor \gset
SELECT test.owners(:vendor, '/', '{c1-all}', '{100000}'),
       test.owners(:vendor, '/songs/', '{c1-singer,c1-writer}', '{333333,NULL}', '{NULL,5}'),
       test.owners(:vendor, '/songs/7?take=2', '{c1-writer}', '{NULL}', '{1}'),
       test.owners(:vendor, '/songs/free/', '{}', '{}'),
       test.owners(:vendor, '/songs', '{c1-other}', '{1000000}'),
       test.owners(:vendor, '/late/', '{c1-late}', '{1000000}', NULL, '2999-01-01Z'),
       test.owners(:vendor, '/ended', '{c1-late}', '{1000000}'),
       test.owners(:vendor, '/ended', '{}', '{}', NULL, '2002-01-01Z');
SELECT test.sold(:vendor, 100, in_path => '/page') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/songs/1') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/songs/7?take=2') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/songs/7?take=3') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/songs/free/x') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/songs/') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/songs') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/late/x') \g /dev/null
SELECT test.sold(:vendor, 100, in_path => '/ended') \g /dev/null
SELECT test.sold(:vendor, 100, '2001-06-01Z', '/ended') \g /dev/null
CALL royalty.roll_up_all();
SELECT is(pg_temp.content(:vendor), '/page:10:10 /songs/1:38.3333:38 /songs/7?take=2:1:1 '
          '/songs/7?take=3:38.3333:38 /songs/free/x:-:0 /songs/:38.3333:38 /songs:100:100 /late/x:10:10 '
          '/ended:-:0 /ended:100:100', 'O5: the item''s list, else the nearest folder''s');
SELECT test.payable(:vendor);
CALL royalty.collect_all();
SELECT is(pg_temp.owned('c1-'), 'c1-all:20 c1-late:100 c1-other:100 c1-singer:99 c1-writer:16',
          'O5: owners are credited, each in whole micro-units');
SELECT is(pg_temp.withheld(:vendor), 0::bigint, 'what remains below a micro-unit is kept');
SELECT is(exact, 99.9999, 'O5: and not lost') FROM royalty.owner_accounts
JOIN royalty.owners USING (owner_number) WHERE owner_id = 'c1-singer';

-- Goods bought by check-out are no content.
SELECT test.person(9000000) AS ada \gset
SELECT transaction_id AS goods FROM test.checkout(:vendor, 'order', in_path => '/songs/1') \gset
SELECT is(test.buy(:'goods', :'ada'), 'charged', 'an order of goods');
CALL royalty.roll_up_all();
SELECT is((purchase.record(:'goods')).royalty, 0::bigint, 'V12: nobody is due a share of goods');

-- No more than the vendor has: price less its royalty and its own incentives.
SELECT test.vendor() AS vendor, test.vendor() AS poor \gset
SELECT test.schedule(:vendor, 'month', '{{0,300000,0}}'), test.schedule(:poor, 'month', '{{0,0,7}}'),
       test.owners(:vendor, '/', '{c2-a,c2-b,c2-c}', '{333333,333333,333334}'),
       test.owners(:poor, '/', '{c2-a,c2-b}', '{900000,NULL}', '{NULL,1000}');
SELECT test.sold(:vendor, 100) \g /dev/null
SELECT test.sold(:poor, 1000) \g /dev/null
SELECT FROM incentive.issue(:vendor, 1, 999960, '2999-01-01Z', '{CONTENT-OWN}', NULL, NULL);
SELECT test.offer(:vendor, 1000000) AS mixed \gset
SELECT is(test.buy(:'mixed', :'ada', 'CONTENT-OWN'), 'charged', 'nearly all by the vendor''s own code');
CALL royalty.roll_up_all();
SELECT is(pg_temp.content(:vendor), '/article:70:70 /article:0:0',
          'O5: owners share what is left to the vendor; of nothing, nothing');
SELECT is(pg_temp.content(:poor), '/article:992.999999:992', 'O5: in proportion, rounded down at 10^-12');
SELECT test.payable(:vendor);
CALL royalty.collect_all();
SELECT is(pg_temp.owned('c2-'), 'c2-a:493 c2-b:545 c2-c:23', 'O5: each its part');
SELECT is(sum(exact), 1062.999999, 'O5: what rounding left stays with the vendor')
FROM royalty.owner_accounts JOIN royalty.owners USING (owner_number) WHERE owner_id ~ '^c2-';

-- A refund gives back its part; a whole one everything.
SELECT test.vendor() AS vendor \gset
SELECT test.owners(:vendor, '/', '{c3-a,c3-b}', '{333333,NULL}', '{NULL,7}') \g /dev/null
SELECT test.offer(:vendor, 1000001, '/x') AS x, test.offer(:vendor, 1000001, '/y') AS y \gset
SELECT is(test.buy(:'x', :'ada') || test.buy(:'y', :'ada'), 'chargedcharged', 'two items');
CALL royalty.roll_up_all();
CALL royalty.collect_all();
SELECT is(pg_temp.owned('c3-'), 'c3-a:666666 c3-b:14', 'owners are credited');
SELECT FROM purchase.refund(:vendor, 1, :'x', 333333, NULL, NULL);
SELECT FROM purchase.refund(:vendor, 1, :'x', 1, NULL, NULL);
SELECT FROM purchase.refund(:vendor, 1, :'y', NULL, NULL, NULL);
CALL royalty.roll_up_all();
CALL royalty.collect_all();
SELECT is(exact, royalty.owner_kept(333333.333333, 1000001, 333334), 'V14: parts give back parts')
FROM royalty.owner_accounts JOIN royalty.owners USING (owner_number) WHERE owner_id = 'c3-a';
SELECT test.payable(:vendor);
SELECT FROM purchase.refund(:vendor, 1, :'x', NULL, NULL, NULL);
CALL royalty.roll_up_all();
CALL royalty.collect_all();
SELECT is(pg_temp.owned('c3-'), 'c3-a:0 c3-b:0', 'V14: nothing is left of what was paid back');
SELECT is(pg_temp.withheld(:vendor), 0::bigint, 'and nothing with the provider');
SELECT is(string_agg(trim_scale(exact)::text, ' '), '0 0', 'exactly')
FROM royalty.owner_accounts JOIN royalty.owners USING (owner_number) WHERE owner_id ~ '^c3-';
SELECT results_eq(format('SELECT payable, royalties FROM vendor.account(%s, 1)', :vendor),
                  'VALUES (0::bigint, 0::bigint)', 'V14: the vendor has nothing, and owes nothing');

-- Sales too small for a micro-unit each: nothing is lost, in slices or at once.
\set tiny 100000
SELECT test.vendor() AS vendor, test.vendor() AS second \gset
SELECT test.owners(v, '/', '{c4-a,c4-b}', '{333333,1}') FROM unnest(ARRAY[:vendor, :second]) v \g /dev/null
SELECT test.sold(v, 1) FROM unnest(ARRAY[:vendor, :second]) v \g /dev/null
CALL royalty.roll_up_all();
INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after, currency)
SELECT purchase.new_transaction_id(), 0, s.vendor_id, s.offer_id, 1, 0, 'EUR'
FROM purchase.sales s, generate_series(2, :tiny) WHERE s.vendor_id = :vendor;
CALL royalty.roll_up_all();
CALL royalty.collect_all();
INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after, currency)
SELECT purchase.new_transaction_id(), 0, s.vendor_id, s.offer_id, 1, 0, 'EUR'
FROM purchase.sales s, generate_series(2, :tiny) WHERE s.vendor_id = :second;
CALL royalty.roll_up_all();
SELECT is(content_exact, 0.333334 * :tiny, 'O5: every sale counts') FROM royalty.vendor_carries
WHERE vendor_id IN (:vendor, :second);
SELECT is(pg_temp.withheld(:second), floor(0.333334 * :tiny)::bigint,
          'O5: withheld as it grows to whole micro-units');
CALL royalty.collect_all();
SELECT is(pg_temp.owned('c4-'), format('c4-a:%s c4-b:%s', floor(2 * 0.333333 * :tiny),
                                       floor(2 * 0.000001 * :tiny)),
          'O5: owners get it, over vendors');
SELECT is(exact, 2 * 0.000001 * :tiny, 'O5: exactly, down to 10^-12 of each sale')
FROM royalty.owner_accounts JOIN royalty.owners USING (owner_number) WHERE owner_id = 'c4-b';
SELECT ok(bool_and(content_royalty IN (0, 1)), 'no sale is charged more than its growth')
FROM royalty.accruals WHERE vendor_id = :vendor;
SELECT test.payable(:vendor);

-- A collection is an entry with its lines; the next has only what is new.
SELECT is(royalty.collect(), 0::bigint, '267: nothing is left to collect');
SELECT is_empty($$SELECT c.collection_id FROM royalty.collections c
                  JOIN (SELECT collection_id, sum(amount) AS amount FROM royalty.collection_lines
                        GROUP BY collection_id) l USING (collection_id)
                  WHERE l.amount <> -coalesce((SELECT sum(p.amount) FROM ledger.postings p
                      WHERE p.entry_id = c.collection_id AND p.account = 'content_royalty_withheld'), 0)$$,
                '267: each collection''s lines are its entry''s postings');
SELECT is_empty($$SELECT l.owner_number FROM royalty.collection_lines l
                  JOIN royalty.collections c USING (collection_id)
                  GROUP BY l.owner_number, c.currency
                  HAVING sum(l.exact) <> (SELECT a.exact FROM royalty.owner_accounts a
                                          WHERE a.owner_number = l.owner_number AND a.currency = c.currency)
                      OR sum(l.amount) <> floor(sum(l.exact))$$,
                'O5: an owner''s account is the sum of its lines, posted in whole micro-units');
SELECT throws_ok('SELECT royalty.collect(0)', 'FT040', NULL, 'a slice of nothing is refused');
SELECT is_empty('SELECT * FROM ledger.trial_balance WHERE currency NOT IN (''EUR'', ''USD'') AND balance <> 0',
                'O10: the books balance');
SELECT * FROM finish();
