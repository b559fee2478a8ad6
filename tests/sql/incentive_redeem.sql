-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a code pays, and what the user then pays (B1, B5, B7, V9).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor('USD') AS foreign, test.vendor() AS quiet \gset
SELECT test.person(1000000) AS alice \gset
SELECT incentive_id AS id FROM incentive.issue(:vendor, 1, 300000, now() + interval '1 day',
    '{TEN,HALF,LIMIT,SESSION,POOR,WHOLE,SAME}', NULL, NULL) \gset

-- The buy window says whether an incentive can pay at all.
CREATE FUNCTION pg_temp.can_pay(in_vendor_id int, in_incentive_ids text DEFAULT NULL)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := (test.initiate(in_vendor_id, in_path => '/' || gen_random_uuid(),
                                in_incentive_ids => in_incentive_ids)).transaction_id;
BEGIN
    RETURN (SELECT v.incentive FROM purchase.view_batch(ARRAY[v_id], '{0}', '{0}') v);
END
$$;
SELECT ok(pg_temp.can_pay(:vendor), 'B1: one of the vendor''s can');
SELECT ok(pg_temp.can_pay(:vendor, '999999, ' || :id), 'V9: one that the offer names can');
SELECT ok(NOT pg_temp.can_pay(:vendor, '-1'), 'V9: none can when the offer says so');
SELECT ok(NOT pg_temp.can_pay(:vendor, '999999'), 'V9: nor when it names others only');
SELECT ok(NOT pg_temp.can_pay(:quiet), 'B1: nor at a vendor that issued none');
SELECT FROM incentive.issue_by_provider('EUR', 400000, now() + interval '1 day', '{EVERYWHERE}');
SELECT ok(pg_temp.can_pay(:quiet), 'B1: unless the provider did');
SELECT ok(NOT pg_temp.can_pay(:foreign), 'B1: in the vendor''s currency');

-- A quote takes nothing.
SELECT test.offer(:vendor, 200000, '/quote') AS quoted, test.offer(:vendor, 1000001, '/dear') AS dear \gset
SELECT is(purchase.quote(:'quoted', 'TEN'), 200000::bigint, 'B7: a code pays at most the price');
SELECT is(purchase.quote(:'dear', 'TEN'), 300000::bigint, 'B7: and at most what is left of it');
SELECT is(purchase.quote(:'dear', 'TEN'), 300000::bigint, 'B7: to ask takes nothing');
SELECT throws_ok(format('SELECT purchase.quote(%L, %L)', :'quoted', code), 'FT050', NULL,
                 'B7: no such code: ' || code)
FROM unnest(ARRAY['ten', 'TEN ', '', '%', 'NONE']) code;
SELECT throws_ok('SELECT purchase.quote(gen_random_uuid(), ''TEN'')', 'FT005', NULL,
                 'B8: no such transaction');
SELECT throws_ok(format('SELECT purchase.quote(%L, ''TEN'')', test.offer(:foreign, 5)), 'FT050', NULL,
                 'B7: another vendor''s');
SELECT throws_ok(format('SELECT purchase.quote(%L, ''EVERYWHERE'')', test.offer(:foreign, 5)), 'FT050',
                 NULL, 'B7: another currency''s');

-- In part: the receipt states the price, the wallet pays the rest.
SELECT is((r.charged, r.price, r.balance), (true, 1000001::bigint, 299999::bigint),
          'B7: the price is the price, and the user pays what the code does not')
FROM purchase.buy(:'dear', (:'alice'::test.person).user_id, (:'alice'::test.person).login_id, 'TEN') r;
SELECT results_eq(
    format($$SELECT account, holder, amount FROM ledger.all_postings WHERE entry_id = %L
             ORDER BY line$$, :'dear'),
    format($$VALUES ('user_wallet', %s::bigint, -700001::bigint), ('vendor_payable', %s, 1000001),
                    ('vendor_payable', %2$s, -300000)$$, (:'alice'::test.person).user_id, :vendor),
    'B7: a vendor''s incentive is at its own cost');
SELECT is(test.buy(:'quoted', :'alice', 'TEN'), 'FT050', 'B7: the code is used up');
SELECT is(test.state(:'quoted', :'alice'), 'PENDING', 'B7: its refusal leaves the transaction');
SELECT is(test.balance(:'alice'), 299999::bigint, 'and the wallet');
SELECT is(test.buy(:'dear', :'alice', 'HALF'), 'not charged', 'V7: a repeat takes from no code');
SELECT is(test.buy(test.offer(:vendor, 9, '/dear'), :'alice', 'HALF'), 'not charged',
          'V7: nor does an item that is owned');
SELECT is(remaining::bigint, 300000::bigint, 'B7: it is whole') FROM incentive.codes WHERE code = 'HALF';

-- Limits and balance judge what the user pays.
SELECT test.person(100000) AS bob \gset
SELECT account.set_limits((:'bob'::test.person).login_name, 'EUR', 0, 100000, NULL, 100000, NULL, NULL);
SELECT is(test.buy(test.offer(:vendor, 400001, '/limit'), :'bob', 'LIMIT'), 'FT021',
          'B5: one too much for the limit …');
SELECT is(remaining::bigint, 300000::bigint, 'B7: … takes nothing from the code')
FROM incentive.codes WHERE code = 'LIMIT';
SELECT is(test.buy(test.offer(:vendor, 400000, '/limit'), :'bob', 'LIMIT'), 'charged',
          'B5: the limit counts what the user pays');
SELECT is(test.buy(test.offer(:vendor, 300000, '/free'), :'bob', 'SESSION'), 'charged',
          'B5: what a code pays in whole passes every limit');
SELECT is(test.balance(:'bob'), 0::bigint, 'B7: and needs no balance');
SELECT is(spent_day::bigint, 100000::bigint, 'B5: only what the user paid is counted')
FROM account.wallets WHERE user_id = (:'bob'::test.person).user_id;
SELECT is(test.buy(test.offer(:vendor, 300001, '/more'), :'bob', 'POOR'), 'FT023',
          'B5: one micro-unit more does not');

-- Nobody pays more than the page said.
SELECT FROM incentive.issue(:vendor, 1, 300000, now() + interval '1 day', '{SHOWN}', NULL, NULL);
SELECT test.person(1000000) AS frank \gset
SELECT test.offer(:vendor, 400000, '/shown') AS shown, test.offer(:vendor, 400000, '/plain') AS plain,
       test.offer(:vendor, 100000, '/free2') AS free \gset
SELECT is(test.buy(:'shown', :'frank', 'SHOWN', in_accepted => 99999), 'FT051',
          'B7: a micro-unit more than was shown is refused');
SELECT is(test.buy(:'plain', :'frank', in_accepted => 399999), 'FT051', 'B7: also without a code');
SELECT is(test.buy(:'shown', :'frank', 'SHOWN', in_accepted => 0), 'FT051', 'B7: also of nothing');
SELECT is((test.balance(:'frank'), remaining::bigint), (1000000::bigint, 300000::bigint),
          'B7: nothing is taken') FROM incentive.codes WHERE code = 'SHOWN';
SELECT is(test.buy(:'free', :'frank', 'SHOWN', in_accepted => 100000), 'charged',
          'B7: less than was shown is charged');
SELECT is(test.buy(:'shown', :'frank', 'SHOWN', in_accepted => 100000), 'FT051',
          'B7: a code that was partly used since is refused');
SELECT is(test.buy(:'shown', :'frank', 'SHOWN', in_accepted => 200000), 'charged',
          'B7: until the user agrees');
SELECT is(string_agg(concat_ws(':', item, outcome, charged), ' ' ORDER BY item), '1:FT051 2:00000:t 3:00000:t',
          'B7: in a batch, of each its own')
FROM purchase.buy_batch(ARRAY[:'plain', test.offer(:vendor, 7, '/seven'), test.offer(:vendor, 7, '/7')]::uuid[],
    array_fill((:'frank'::test.person).user_id, ARRAY[3]),
    array_fill((:'frank'::test.person).login_id, ARRAY[3]), '{NULL,NULL,NULL}', '{f,f,f}', '{6,7,NULL}');
SELECT is(test.balance(:'frank'), (1000000 - 200000 - 14)::bigint, 'B7: and no more is charged');

-- Who has no wallet of the currency.
SELECT test.person(0, 'USD') AS carol \gset
SELECT is(test.buy(test.offer(:vendor, 300000, '/whole'), :'carol', 'WHOLE'), 'charged',
          'B7: a code alone can pay');
SELECT is(test.balance(:'carol'), 0::bigint, 'B7: into a wallet that is made for it');
SELECT test.person(0, 'USD') AS dave \gset
SELECT is(test.buy(test.offer(:vendor, 300001, '/whole1'), :'dave', 'POOR'), 'FT020', 'B4: or not');
SELECT is(test.balance(:'dave'), NULL, 'B4: a refusal makes no wallet');

-- In one batch with others; what is paid without a code goes first.
SELECT test.person(1000000) AS erin \gset
SELECT is(string_agg(concat_ws(':', item, outcome, charged, balance), ' ' ORDER BY item),
          '1:00000:t:900000 2:00000:t:800000 3:FT050 4:00000:t:900000',
          'B7: one code twice in a batch pays what it holds, and then no more')
FROM purchase.buy_batch(
    ARRAY[test.offer(:vendor, 200000, '/s1'), test.offer(:vendor, 200000, '/s2'),
          test.offer(:vendor, 200000, '/s3'), test.offer(:vendor, 100000, '/s4')],
    array_fill((:'erin'::test.person).user_id, ARRAY[4]),
    array_fill((:'erin'::test.person).login_id, ARRAY[4]),
    ARRAY['SAME', 'SAME', 'SAME', NULL], '{f,f,f,f}');

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
