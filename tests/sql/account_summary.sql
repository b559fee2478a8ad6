-- SPDX-License-Identifier: GPL-3.0-or-later
-- Funds come in (U3), and the summary shows them (U5).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(1000000) AS alice \gset
SELECT (:'alice'::test.person).user_id AS id, (:'alice'::test.person).login_id AS login,
       (:'alice'::test.person).login_name AS name \gset

-- Receipts of funds.
SELECT entry_id AS entry, balance FROM account.receive_funds(:'name', 'EUR', 5, 'check', 'ref') \gset
SELECT is(:balance, 1000005, 'U3: funds are booked');
SELECT results_eq(
    format('SELECT kind, account, holder, currency, amount FROM ledger.all_postings '
           'WHERE entry_id = %L ORDER BY line', :'entry'),
    format($$VALUES ('deposit', 'funds_held', 0::bigint, 'EUR', -5::bigint),
                    ('deposit', 'user_wallet', %s, 'EUR', 5)$$, :id), 'U3, O10: as an entry');
SELECT results_eq(format($$SELECT * FROM account.receive_funds(%L, 'EUR', 5, 'check', 'ref')$$, :'name'),
                  format($$VALUES (%L::uuid, 1000005::bigint)$$, :'entry'),
                  'U3: the same reference is booked once');
SELECT is(balance, 7::bigint, 'U2, U3: another currency, another wallet')
FROM account.receive_funds(upper(:'name'), 'JPY', 7, 'check', 'yen');
SELECT throws_ok(format($$SELECT account.receive_funds(%L, %L, %s, %L, %L)$$, n, c, a, m, r), e, NULL,
                 'U3: ' || d)
FROM (VALUES ('nobody', 'EUR', '5', 'check', 'x', 'FT029', 'no such user'),
             (:'name', 'EUR', '0', 'check', 'x', 'FT040', 'nothing received'),
             (:'name', 'EUR', '-5', 'check', 'x', 'FT040', 'less than nothing received'),
             (:'name', 'EUR', 'NULL', 'check', 'x', 'FT040', 'no amount said'),
             (:'name', 'ABC', '5', 'check', 'x', 'FT031', 'no such currency'),
             (:'name', 'EUR', '6', 'check', 'ref', 'FT009', 'the same reference, another amount'),
             (:'name', 'USD', '5', 'check', 'ref', 'FT009', 'the same reference, another currency'),
             (:'name', 'EUR', '5', 'cash', 'ref', 'FT009', 'the same reference, another method'),
             ((test.person()).login_name, 'EUR', '5', 'check', 'ref', 'FT009',
              'the same reference, another user')) v (n, c, a, m, r, e, d);

-- The summary.
SELECT results_eq(format('SELECT login_name, full_name FROM account.summary(%s, %s)', :id, :login),
                  format($$VALUES (%L, 'Full Name')$$, :'name'), 'U5: who it is');
SELECT throws_ok(format('SELECT account.summary(%s, 0)', :id), 'FT027', NULL, 'U5: not without login');
SELECT results_eq(format('SELECT * FROM account.list_wallets(%s)', :id),
                  $$VALUES ('EUR', 1000005::bigint, 0::bigint), ('JPY', 7, 0)$$,
                  'U2, U5: the balances, by currency');
SELECT is(test.buy(test.offer(:vendor, 400), :'alice'), 'charged', 'Alice buys');
UPDATE purchase.sales SET sold_at = now() + interval '1 hour' WHERE user_id = :id;
UPDATE ledger.entries SET booked_at = now() + interval '1 minute' WHERE reference = 'ref';
UPDATE ledger.entries SET booked_at = now() + interval '2 minutes' WHERE reference = 'yen';
SELECT results_eq(
    format('SELECT kind, title, vendor_name, currency, amount FROM account.list_transactions(%s, 10)',
           :id),
    $$VALUES ('purchase', 'Title', 'Shop', 'EUR', -400::bigint), ('deposit', NULL, NULL, 'JPY', 7),
             ('deposit', NULL, NULL, 'EUR', 5), ('deposit', NULL, NULL, 'EUR', 1000000)$$,
    'U5: the last bookings, newest first, as they changed the balance');
SELECT results_eq(format('SELECT amount FROM account.list_transactions(%s, 2)', :id),
                  'VALUES (-400::bigint), (7)', 'U5: no more than asked for');

-- A creditor reference of ISO 11649: moved to the front, with letters as numbers, it is 1 modulo 97.
SELECT is((n || '2715' || substr(account.payment_reference(n), 3, 2))::numeric % 97, 1::numeric,
          'U3: the payment reference of user ' || n || ' has its check digits')
FROM unnest('{1,7,96,97,98,1000000,9223372036854775807}'::bigint[]) n;
SELECT is(account.payment_reference(539007547034), 'RF18539007547034', 'U3: as the standard has it');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
