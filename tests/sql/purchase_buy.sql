-- SPDX-License-Identifier: GPL-3.0-or-later
-- A user buys (B5, B6, V3, V7).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset
SELECT test.person(10000000) AS bob \gset
SELECT transaction_id AS first FROM test.initiate(:vendor, 400000, in_optional_data => 'option') \gset

SELECT is(test.state(:'first', NULL), 'PENDING', 'B1: the buy window shows it');
SELECT is(test.state(:'first', :'alice'), 'PENDING', 'B1: to a user too');
SELECT results_eq(
    format('SELECT logged_in, has_wallet, balance, credit_line FROM purchase.view_batch('
           '%L, %L, %L) ORDER BY item',
           array_fill(:'first'::uuid, ARRAY[3]),
           ARRAY[0, (:'alice'::test.person).user_id, (:'bob'::test.person).user_id],
           ARRAY[0, (:'alice'::test.person).login_id, (:'alice'::test.person).login_id]),
    'VALUES (false, false, 0::bigint, 0::bigint), (true, true, 10000000, 0), (false, false, 0, 0)',
    'B1: with the balance of who is logged in, and of nobody else');
SELECT results_eq($$SELECT outcome FROM purchase.view_batch(ARRAY[gen_random_uuid()], '{0}', '{0}')$$,
                  $$VALUES ('FT005')$$, 'B8: an unknown transaction is said to be so');

SELECT results_eq(
    format('SELECT * FROM purchase.buy_batch(ARRAY[%L::uuid], ARRAY[%s::bigint], ARRAY[%s::bigint], '
           '''{NULL}'', ''{f}'')',
           :'first', (:'alice'::test.person).user_id, (:'alice'::test.person).login_id),
    format($$VALUES (1, '00000', true, %L::uuid, %s, %L, true, 'vendor-content', 'option',
                     400000::bigint, 'EUR', 9600000::bigint)$$,
           :'first', :vendor, test.origin(:vendor) || '/article'),
    'B6, V10: the receipt has what the user returns to the vendor with');
SELECT results_eq(
    format($$SELECT kind, line, account, holder, currency, amount FROM ledger.all_postings
             WHERE entry_id = %L ORDER BY line$$, :'first'),
    format($$VALUES ('purchase', 1, 'user_wallet', %s::bigint, 'EUR', -400000::bigint),
                    ('purchase', 2, 'vendor_payable', %s, 'EUR', 400000)$$,
           (:'alice'::test.person).user_id, :vendor),
    'O10: a sale is an entry of two postings');
SELECT results_eq(format('SELECT balance_after, xact_id FROM purchase.sales '
                         'WHERE transaction_id = %L', :'first'),
                  'SELECT 9600000::farthing.money, pg_current_xact_id()',
                  'the sale keeps the balance it left, and its database transaction');
SELECT is(test.state(:'first', :'alice'), 'OWNED', 'V7: the buyer owns it');
SELECT is(test.state(:'first', :'bob'), 'TAKEN', 'V11: for another it is taken');
SELECT is(test.buy(:'first', :'alice'), 'not charged', 'V3: a repetition does not charge');
SELECT is(test.buy(:'first', :'bob'), 'FT008', 'V11: another user cannot buy the transaction');
SELECT is(test.buy(test.offer(:vendor, 400000), :'alice'), 'not charged',
          'V7: another transaction of an item that is owned is not charged');
SELECT is(test.buy(test.offer(:vendor, 999), :'alice'), 'not charged', 'V7: at another price neither');
SELECT is((r.transaction_id, r.optional_data, r.price), (:'first'::uuid, 'option'::text, 400000::bigint),
          'V7, V10: the receipt is that of the sale')
FROM purchase.buy(test.offer(:vendor, 999), (:'alice'::test.person).user_id,
                  (:'alice'::test.person).login_id) r;
SELECT is(test.balance(:'alice'), 9600000::bigint, 'V7: charged once');

-- What cannot be bought.
SELECT is(test.buy(gen_random_uuid(), :'alice'), 'FT005', 'B8: an unknown transaction');
SELECT transaction_id AS late FROM test.initiate(:vendor, in_path => '/late', in_lifetime_s => 0) \gset
SELECT is(test.state(:'late', :'bob'), 'EXPIRED', 'B8: a transaction ends at its time');
SELECT is(test.buy(:'late', :'bob'), 'FT006', 'B8: and cannot be bought then');
SELECT test.offer(:vendor, in_path => '/cancelled') AS cancelled \gset
SELECT purchase.cancel(:'cancelled');
SELECT lives_ok(format('SELECT purchase.cancel(%L)', :'cancelled'), 'B1: cancelling twice is harmless');
SELECT is(test.state(:'cancelled', NULL), 'CANCELLED', 'B1: a declined transaction says so');
SELECT is(test.buy(:'cancelled', :'bob'), 'FT007', 'B1: and cannot be bought');
SELECT throws_ok(format('SELECT purchase.cancel(%L)', :'first'), 'FT010', NULL,
                 'B1: what was bought cannot be declined');
SELECT throws_ok('SELECT purchase.cancel(gen_random_uuid())', 'FT005', NULL,
                 'B1: nor what does not exist');
SELECT test.vendor() AS closed \gset
SELECT test.offer(:closed) AS of_closed, test.offer(:closed, 5, '/own') AS owned \gset
SELECT is(test.buy(:'owned', :'bob'), 'charged', 'bought before …');
SELECT vendor.set_disabled(:closed, true);
SELECT is(test.buy(:'of_closed', :'bob'), 'FT003', 'V2: a disabled vendor sells nothing');
SELECT is(test.buy(:'owned', :'bob'), 'not charged', 'U7: … remains bought');

-- Who cannot buy.
SELECT test.offer(:vendor, in_path => '/who') AS who \gset
SELECT is(test.buy(:'who', (0, 0, '')::test.person), 'FT027', 'B2: nobody is logged in');
SELECT is(test.buy(:'who', ((:'alice'::test.person).user_id, (:'bob'::test.person).login_id,
                            '')::test.person), 'FT027', 'B3: another user''s login is none');
SELECT test.person(10000000) AS carol \gset
SELECT account.end_login((:'carol'::test.person).user_id, (:'carol'::test.person).login_id);
SELECT is(test.buy(:'who', :'carol'), 'FT027', 'B3: a login that has ended is none');
SELECT account.set_disabled((:'carol'::test.person).login_name, true);
SELECT is(test.buy(:'who', :'carol'), 'FT026', 'U10: a disabled account is said to be so');
SELECT is(test.buy(:'who', test.person(0)), 'FT020', 'B4: too few tokens');
SELECT is(test.buy(:'who', test.person(10000000, 'USD')), 'FT020', 'B4: or tokens of another currency');
SELECT is(test.buy(:'who', :'alice'), 'charged', 'and none of that touched the transaction');

-- A transaction whose partition is gone is still known by its sale.
DELETE FROM purchase.transactions WHERE transaction_id = :'first';
SELECT is(test.buy(:'first', :'alice'), 'not charged', 'V3: repeated after a week, not charged');
SELECT is(test.state(:'first', :'bob'), 'TAKEN', 'V11: still taken');
SELECT is(test.buy(:'first', :'bob'), 'FT008', 'V11: still not for another user');

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
