-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every entry sums to zero, and the audit tells when one does not (O10).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(1000) AS alice \gset
SELECT test.person(1000) AS bob \gset
SELECT (:'alice'::test.person).user_id AS alice_id, (:'bob'::test.person).user_id AS bob_id \gset

CREATE FUNCTION pg_temp.book(in_reference text, in_holders bigint[], in_amounts bigint[])
RETURNS uuid LANGUAGE sql AS $$
    SELECT ledger.book('deposit', in_reference, 'check',
                       array_fill('user_wallet'::text, ARRAY[cardinality(in_holders)]), in_holders,
                       'EUR', in_amounts)
$$;

SELECT pg_temp.book('move', ARRAY[:alice_id, :bob_id], '{-300,300}') AS entry \gset
SELECT is(test.balance(:'alice'), 700::bigint, 'an entry changes the wallets it names');
SELECT is(test.balance(:'bob'), 1300::bigint, 'both of them');
SELECT is(pg_temp.book('move', ARRAY[:alice_id, :bob_id], '{-300,300}'), :'entry',
          'the same reference with the same lines is the same entry');
SELECT is(test.balance(:'alice'), 700::bigint, 'and booked once');
SELECT throws_ok(format($$SELECT pg_temp.book('move', ARRAY[%s, %s], '{-301,301}')$$, :alice_id, :bob_id),
                 'FT009', NULL, 'with other lines it is refused');
SELECT throws_ok(format($$SELECT pg_temp.book('wrong', ARRAY[%s, %s], '{-300,299}')$$, :alice_id, :bob_id),
                 'FT032', NULL, 'O10: an entry that does not sum to zero is refused');
SELECT throws_ok(format($$SELECT pg_temp.book('half', ARRAY[%s], '{300}')$$, :alice_id),
                 'FT032', NULL, 'O10: money comes from somewhere');
SELECT throws_ok(
    $$INSERT INTO ledger.postings VALUES (gen_random_uuid(), 1, 'funds_held', 0, 'EUR', 5),
                                         (gen_random_uuid(), 1, 'funds_held', 0, 'EUR', -5)$$,
    NULL, NULL, 'O10: entries do not make up for each other');
SELECT throws_ok(format(
    $$INSERT INTO ledger.postings VALUES (%L, 3, 'funds_held', 0, 'EUR', 5),
                                         (%1$L, 4, 'funds_held', 0, 'USD', -5)$$, :'entry'),
    'FT032', NULL, 'O10: nor do currencies');
SELECT is((SELECT count(*) FROM ledger.entries WHERE reference IN ('wrong', 'half')), 0::bigint,
          'nothing of a refused entry stays');

-- What the audit says.
SELECT is(test.buy(test.offer(:vendor, 100), :'alice'), 'charged', 'Alice buys');
SELECT * FROM test.books_balance();
SELECT results_eq(
    $$SELECT currency, kind, amount, entries FROM ledger.tokens_sold WHERE currency = 'EUR'
      AND kind = 'deposit'$$,
    $$SELECT currency, 'deposit', sum(amount), count(*) FROM ledger.postings
      JOIN ledger.entries USING (entry_id)
      WHERE account = 'user_wallet' AND kind = 'deposit' AND currency = 'EUR' GROUP BY currency$$,
    'O10: tokens sold are the sum of deposits');

UPDATE account.wallets SET balance = balance + 1 WHERE user_id = :alice_id;
SELECT results_eq('SELECT user_id, currency, postings - balance FROM ledger.wallet_differences',
                  format($$VALUES (%s::bigint, 'EUR', -1::numeric)$$, :alice_id),
                  'O10: a balance that was tampered with is found');
UPDATE account.wallets SET balance = balance - 1 WHERE user_id = :alice_id;
UPDATE purchase.sales SET price = price + 1 WHERE user_id = :alice_id;
SELECT results_eq('SELECT user_id, currency, postings - balance FROM ledger.wallet_differences',
                  format($$VALUES (%s::bigint, 'EUR', -1::numeric)$$, :alice_id),
                  'O10: so is a sale');
UPDATE purchase.sales SET price = price - 1 WHERE user_id = :alice_id;
DELETE FROM ledger.postings WHERE entry_id = :'entry' AND line = 1;
SELECT results_eq($$SELECT balance FROM ledger.trial_balance WHERE currency = 'EUR'$$,
                  'VALUES (300::numeric)', 'O10: so is a posting that is gone');
SELECT results_eq('SELECT user_id, postings - balance FROM ledger.wallet_differences',
                  format('VALUES (%s::bigint, 300::numeric)', :alice_id), 'O10: with the wallet it hits');
SELECT * FROM finish();
ROLLBACK;
