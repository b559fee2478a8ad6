-- SPDX-License-Identifier: GPL-3.0-or-later
-- A provider pays vendors before postpaid users pay the provider: from own capital, which has to be
-- at the bank (U4, O8, O10).
SELECT no_plan();
CREATE FUNCTION pg_temp.bank_says(in_key text, in_amount bigint, in_end_to_end_id text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(state, ' ') FROM bank.read_entries(
        bank.open_statement('statement', 'GB82WEST12345698765432', 'SEK', 'TREASURY', '', ''), '{1}', '{0}',
        ARRAY[in_key], ARRAY[in_amount], '{x}', '{SEK}', '{NULL}', '{f}', '{f}', ARRAY[in_end_to_end_id],
        '{NULL}', ARRAY[in_key], '{NULL}', '{NULL}', '{Capital}', '{NULL}', '{NULL}')
$$;
CREATE FUNCTION pg_temp.found(in_full boolean) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', check_name, subject, actual), ', '), 'nothing')
    FROM audit.run(in_full) WHERE subject IS NOT NULL $$;

-- A user with a credit line buys, and the vendor is paid.
SELECT bank.set_account('Treasury', 'GB82WEST12345698765432', NULL, 'SEK', NULL);
SELECT test.vendor('SEK') AS shop, test.person(0, 'SEK') AS alice \gset
SELECT settlement.set_vendor_terms(:shop, 1000000, 'any_day', in_creditor_iban => 'DE89370400440532013000');
SELECT account.set_limits((:'alice'::test.person).login_name, 'SEK', 5000000, NULL, NULL, NULL, NULL, NULL);
SELECT is(test.buy(test.offer(:shop, 5000000), :'alice'), 'charged', 'U4: on credit');
CALL royalty.roll_up_all();
SELECT matches(test.settle(:shop), '^5000000 by ', 'O6: the vendor is due');
SELECT bank.order_transfers(NULL, 'SEK', 'pain.001.001.09', '2026-12-01') AS file \gset
SELECT is(pg_temp.bank_says('PAID', -amount, end_to_end_id), 'paid', 'O8: and paid')
FROM bank.list_lines(:file, 0, 1);
CALL royalty.roll_up_all();
SELECT is(pg_temp.found(true), 'funds_overdrawn SEK 5000000', 'O10: with money that the books do not know');
SELECT is(pg_temp.found(false), 'funds_overdrawn SEK 5000000', 'O10: which each audit says');
SELECT throws_ok('SELECT audit.close()', 'FT070', NULL, 'O10: the books stay open');

-- The capital is on a statement: nobody's deposit, so staff dismiss it.
SELECT is(pg_temp.bank_says('CAPITAL', 5000000), 'queued', 'O8: capital is no user''s');
SELECT bank.dismiss(entry_id, 'own capital') FROM bank.entries WHERE entry_key = 'CAPITAL';
CALL royalty.roll_up_all();
SELECT is(pg_temp.found(true), 'nothing', 'O10: capital covers the payout');
SELECT is(pg_temp.found(false), 'nothing', 'O10: in each audit');
SELECT lives_ok('SELECT audit.close()', 'O10: the books are closed');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
