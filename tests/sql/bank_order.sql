-- SPDX-License-Identifier: GPL-3.0-or-later
-- Orders: what is due goes into one file, once (O8, U3, U4).
BEGIN;
SELECT no_plan();
SELECT bank.set_account('Penny', 'DE02120300000000202051', NULL, 'EUR', 'DE98ZZZ09999999999') AS account \gset
SELECT is(bank.set_account('Sons', 'DE57120300000000000077', NULL, 'EUR', NULL),
          bank.set_account('Sons & Co', 'DE57120300000000000077', NULL, 'EUR', NULL), 'O8: changed, not doubled');
SELECT is((SELECT string_agg(name, ', ') FROM bank.accounts WHERE is_default AND currency = 'EUR'), 'Penny', 'O8: the first pays');
SELECT throws_ok($$SELECT bank.set_account('X', 'DE03120300000000202051', NULL, 'EUR', NULL)$$, 'FT040', NULL, 'O8: a wrong IBAN');
SELECT throws_ok($$SELECT bank.set_account('X', NULL, NULL, 'EUR', NULL)$$, 'FT040', NULL, 'O8: none');
SELECT throws_ok($$SELECT bank.set_account('X', 'DE57120300000000000077', 'XX', 'EUR', NULL)$$, 'FT040', NULL, 'O8: a wrong BIC');
SELECT throws_ok($$SELECT bank.set_account('X', 'DE57120300000000000077', NULL, 'XXX', NULL)$$, 'FT031', NULL, 'no currency');
SELECT is(bank.iban_problem(iban) IS NULL, good, 'O8: ' || iban)
FROM (VALUES ('GB82WEST12345698765432', true), ('NO9386011117947', true), ('FR1420041010050500013M02606', true),
             ('MT84MALT011000012345MTLCAST001S', true), ('GB82WEST1234569876543', false),
             ('US64SVBKUS6S3300958879', false), ('DE02 1203 0000 0000 2020 51', false), ('', false),
             ('DE99120300000000202051', false)) v (iban, good);

-- Payouts.
SELECT test.payee(1000000) AS shop, test.payee(1000000) AS other \gset
SELECT is(bank.order_transfers(NULL, 'EUR', 'pain.001.001.09', '2026-12-01'), NULL, 'O8: nothing is due');
SELECT test.accrue_sale(:shop, 1239999), test.accrue_sale(:other, 5000000);
SELECT test.settle(:shop), test.settle(:other);
SELECT bank.order_transfers(NULL, 'EUR', 'pain.001.001.09', '2026-12-01') AS file \gset
SELECT row_eq(format('SELECT count, total::bigint, execute_on, state FROM bank.files WHERE file_id = %s', :file),
              ROW (2, 6230000::bigint, '2026-12-01'::date, 'recorded'::text), 'O8: count and sum of whole cents');
SELECT is((SELECT string_agg(DISTINCT state, ' ') FROM settlement.payouts JOIN bank.file_lines USING (payout_id)),
          'sent', 'O8: sent with the file');
SELECT is(bank.order_transfers(:account, 'EUR', 'pain.001.001.03', '2026-12-01'), NULL, 'O8: once');
SELECT is((SELECT sum(amount)::bigint FROM bank.list_lines(:file, 0, 10)), 6230000::bigint, 'O8: its lines');
SELECT is((SELECT count(*) FROM bank.list_lines(:file, 1, 1)), 1::bigint, 'page by page');
SELECT throws_ok(format('INSERT INTO bank.file_lines (file_id, line, payout_id) SELECT %s, 9, payout_id
                         FROM bank.file_lines WHERE line = 1', :file), '23505', NULL, 'O8: a payout is never in two files');
SELECT lives_ok(format('SELECT bank.written(%s, repeat(''a'', 64))', :file), 'O8: written');
SELECT lives_ok(format('SELECT bank.written(%s, repeat(''a'', 64))', :file), 'O8: again');
SELECT throws_ok(format('SELECT bank.written(%s, repeat(''b'', 64))', :file), 'FT009', NULL, 'O8: never with other content');
SELECT throws_ok($$SELECT bank.order_transfers(999, 'EUR', 'pain.001.001.09', '2026-12-01')$$, 'FT010', NULL, 'no account');
SELECT throws_ok($$SELECT bank.order_transfers(NULL, 'USD', 'pain.001.001.09', '2026-12-01')$$, 'FT010', NULL, 'none of the currency');

-- What the bank says of the order.
SELECT message_id AS message FROM bank.files WHERE file_id = :file \gset
SELECT end_to_end_id AS first FROM bank.list_lines(:file, 0, 1) \gset
SELECT is(bank.read_status(:'message', NULL, false, NULL), 0, 'O8: accepted');
SELECT is((SELECT state FROM bank.files WHERE file_id = :file), 'accepted', 'O8: noted');
SELECT is(bank.read_status(:'message', :'first', true, 'AC01'), 1, 'O8: one rejected');
SELECT is(bank.read_status(:'message', :'first', true, 'AC01'), 0, 'O8: once');
SELECT is((SELECT state FROM bank.files WHERE file_id = :file), 'in_part', 'O8: noted');
SELECT is(bank.read_status(:'message', NULL, true, 'DU01'), 1, 'O8: the rest too');
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', p.state, reason), ', ') FROM settlement.payouts p
           JOIN bank.file_lines USING (payout_id) WHERE file_id = :file),
          'rejected AC01, rejected DU01', 'O8: why');
SELECT is(bank.read_status('NONE', NULL, true, NULL), -1, 'no such order');
SELECT is(bank.read_status(:'message', 'NONE', true, NULL), -1, 'no such payment');

-- A payout that staff marked before the bank did is not booked again.
SELECT test.accrue_sale(:other, 2000000);
SELECT test.settle(:other);
SELECT bank.order_transfers(NULL, 'EUR', 'pain.001.001.09', '2026-12-01') AS file \gset
SELECT payout_id AS payout, end_to_end_id AS id, amount FROM bank.list_lines(:file, 0, 1)
JOIN settlement.payouts USING (end_to_end_id, amount) \gset
CREATE FUNCTION pg_temp.read(in_key text, in_amount bigint, in_id text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(state, ' ') FROM bank.read_entries(
        bank.open_statement('statement', 'DE02120300000000202051', 'EUR', 'S', '', ''), ARRAY[length(in_key)], '{0}',
        ARRAY[in_key], ARRAY[in_amount], '{x}', '{EUR}', '{NULL}', '{f}', '{f}', ARRAY[in_id], '{NULL}', ARRAY[in_key],
        '{NULL}', '{NULL}', '{NULL}', '{AC04}', '{NULL}')
$$;
CREATE FUNCTION pg_temp.held() RETURNS bigint LANGUAGE sql AS $$
    SELECT -sum(amount)::bigint FROM ledger.postings WHERE account = 'funds_held' AND currency = 'EUR' $$;
SELECT settlement.mark_payout(:'payout', 'paid', NULL);
SELECT pg_temp.held() AS held \gset
SELECT is(pg_temp.read('P', -:amount, :'id'), 'paid', 'O8: the bank says so too');
SELECT is(pg_temp.held(), :held::bigint, 'O10: it left once');
SELECT is(pg_temp.read('PP', -:amount, :'id'), 'queued', 'O8: a second time is for staff');
SELECT is(pg_temp.held(), (:held - :amount)::bigint, 'O10: but the bank says that it left');
SELECT settlement.return_payout(:'payout', 'account closed');
SELECT is(pg_temp.read('PPP', :amount, :'id'), 'returned', 'O8: and it came back');
SELECT is(pg_temp.held(), :held::bigint, 'O10: once');

-- Direct debits.
SELECT test.person() AS debtor, test.person() AS stranger \gset
SELECT (:'debtor'::test.person).login_name AS login \gset
SELECT throws_ok(format('SELECT bank.request_debit(%L, ''EUR'', 5000000)', :'login'), 'FT010', NULL, 'U3: no mandate');
SELECT lives_ok(format($$SELECT bank.add_mandate(%L, 'EUR', 'M1', 'Debtor', 'DE57120300000000000077', NULL, '2026-11-01')$$, :'login'),
                'U3: a mandate');
SELECT lives_ok(format($$SELECT bank.add_mandate(%L, 'EUR', 'M1', 'Debtor', 'DE57120300000000000077', NULL, '2026-11-01')$$, :'login'),
                'U3: the same again');
SELECT throws_ok(format($$SELECT bank.add_mandate(%L, 'EUR', 'M1', 'Debtor', 'DE57120300000000000077', NULL, '2026-11-01')$$,
                        (:'stranger'::test.person).login_name), 'FT009', NULL, 'U3: another''s ID');
SELECT throws_ok(format($$SELECT bank.add_mandate(%L, 'EUR', 'Mü', 'Debtor', 'DE57120300000000000077', NULL, '2026-11-01')$$, :'login'),
                 'FT040', NULL, 'U3: what banks do not take');
SELECT is(bank.order_debits(NULL, 'EUR', '2026-12-01'), NULL, 'U4: who owes nothing is not debited');
SELECT ledger.book('direct_debit_return', 'debt', NULL, '{user_wallet,funds_held}',
                   ARRAY[(:'debtor'::test.person).user_id, 0], 'EUR', '{-2459999,2459999}');
SELECT bank.order_debits(NULL, 'EUR', '2026-12-01') AS file \gset
SELECT is((SELECT total::bigint FROM bank.files WHERE file_id = :file), 2450000::bigint, 'U4: the debt in whole cents');
SELECT is(bank.order_debits(NULL, 'EUR', '2026-12-01'), NULL, 'U4: what is on its way is not billed again');
SELECT throws_ok($$SELECT bank.order_debits((SELECT account_id FROM bank.accounts WHERE name = 'Sons & Co'), 'EUR', '2026-12-01')$$,
                 'FT010', NULL, 'U4: without creditor ID');
SELECT throws_ok(format('SELECT bank.request_debit(%L, ''EUR'', %s)', :'login', amount), 'FT040', NULL, 'U3: amount ' || amount)
FROM unnest('{0,-1000000,5001}'::bigint[]) amount;
SELECT bank.request_debit(:'login', 'EUR', 5000000);
SELECT ok(bank.end_mandate(:'login', 'EUR'), 'U3: revoked');
SELECT ok(NOT bank.end_mandate(:'login', 'EUR'), 'U3: once');
SELECT is((SELECT string_agg(state, ' ' ORDER BY state) FROM bank.debits
           WHERE user_id = (:'debtor'::test.person).user_id), 'rejected sent', 'U3: what was due is not collected');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
