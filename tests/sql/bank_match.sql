-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the entries of statements become (U3, U4, O8, O10).
BEGIN;
SELECT no_plan();
SELECT test.person() AS alice \gset
SELECT test.person() AS bob \gset
SELECT bank.set_account('Penny', 'DE02120300000000202051', NULL, 'EUR', 'DE98ZZZ09999999999') AS account \gset
SELECT account.payment_reference((:'alice'::test.person).user_id) AS reference,
       account.payment_reference((:'bob'::test.person).user_id) AS other \gset
SELECT bank.open_statement('statement', 'DE02120300000000202051', 'EUR', 'S1', '', 'today') AS s1,
       bank.open_statement('statement', 'DE02120300000000202051', NULL, 'S2', '', 'today') AS s2,
       bank.open_statement('notification', 'DE02120300000000202051', 'EUR', 'S1', '', 'today') AS n1 \gset

-- One entry of a statement; what came of it.
CREATE FUNCTION pg_temp.read(in_statement bigint, in_position int, in_key text, in_amount bigint,
    in_remittance text DEFAULT NULL, in_end_to_end_id text DEFAULT NULL, in_part int DEFAULT 0,
    in_reversal boolean DEFAULT false, in_date text DEFAULT '2026-11-20', in_batch text DEFAULT NULL,
    in_reference text DEFAULT NULL, in_currency text DEFAULT 'EUR', in_problem text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(state || ' ' || count, ' ') FROM bank.read_entries(in_statement, ARRAY[in_position],
        ARRAY[in_part], ARRAY[in_key], ARRAY[in_amount], ARRAY[coalesce(in_amount::text, '?')],
        ARRAY[in_currency], ARRAY[in_date], ARRAY[in_reversal], '{f}', ARRAY[in_end_to_end_id],
        ARRAY[in_batch], ARRAY[coalesce(in_reference, in_key)], '{Name}', '{NULL}',
        ARRAY[in_remittance], '{NULL}', ARRAY[in_problem])
$$;
CREATE FUNCTION pg_temp.reason(in_key text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(': ', state, reason) FROM bank.entries WHERE entry_key LIKE in_key ORDER BY entry_id DESC LIMIT 1 $$;

-- References.
SELECT is(bank.users_in(t), ARRAY[(:'alice'::test.person).user_id], 'U3: found in: ' || t)
FROM unnest(ARRAY[:'reference', 'for hats ' || lower(:'reference') || '.', regexp_replace(:'reference', '(....)', '\1 ', 'g'),
                  'REF:' || :'reference' || ' 17', :'reference' || ', ' || :'reference']) t;
SELECT is(bank.users_in(t), '{}', 'U3: not found in: ' || coalesce(t, 'nothing'))
FROM unnest(ARRAY[NULL, '', 'RF', 'RF18', 'X' || :'reference', 'RF00123', 'RF18539007547034', repeat('RF18', 50)]) t;
SELECT is(bank.users_in(:'other' || ' or ' || :'reference'), ARRAY[(:'alice'::test.person).user_id,
          (:'bob'::test.person).user_id], 'U3: both are');
SELECT is(account.find_payment_reference((:'alice'::test.person).login_name), :'reference', 'U3: the user''s own');
SELECT is(bank.mod97(substr(:'reference', 5) || left(:'reference', 4)), 1, 'U3: by ISO 11649');

-- Receipts, once.
SELECT is(pg_temp.read(:s1, 1, 'K1', 2500000, 'RF ' || :'reference'), 'deposited 1', 'U3: a deposit');
SELECT is(pg_temp.read(:s1, 1, 'K1', 2500000, 'RF ' || :'reference'), 'known 1', 'U3: once');
SELECT is(pg_temp.read(:s2, 9, 'K1', 2500000, 'RF ' || :'reference'), 'known 1', 'U3: nor in another statement');
SELECT is(pg_temp.read(:n1, 1, 'K1', 2500000, in_part => 1), 'known 1', 'U3: nor with details');
SELECT is(pg_temp.read(:s2, 3, 'K1', 2500000, 'RF ' || :'reference', in_date => '2026-11-21'), 'queued 1',
          'U3: on another day it is another one');
SELECT is(pg_temp.read(:s2, 3, 'K1', 2500000, 'RF ' || :'reference', in_date => '2026-11-21'), 'known 1', 'U3: once');
SELECT matches(pg_temp.reason('K1 again%'), 'queued: the bank''s reference is that of entry \d+ too', 'for staff');
SELECT is(test.balance(:'alice'), 2500000::bigint, 'U3: the user has it');
SELECT is(pg_temp.read(:s1, 2, 'K2', 7, :'other' || ' / ' || :'reference'), 'queued 1', 'U3: of two users: of none');
SELECT is(pg_temp.read(:s1, 3, 'K3', 0), 'ignored 1', 'nothing is nothing');
SELECT is(pg_temp.read(:s1, 4, 'K4', NULL, :'reference', in_problem => 'too fine'), 'queued 1', 'U3: no amount');
SELECT is(pg_temp.reason('K4'), 'queued: too fine', 'with the reader''s words');
SELECT is(pg_temp.read(:s1, 5, 'K5', 5, :'reference', in_currency => 'USD'), 'queued 1', 'another currency');
SELECT is(pg_temp.read(:s1, 6, 'K6', 5, :'reference', in_currency => 'XXX'), 'queued 1', 'no currency');
SELECT is(pg_temp.read(:s1, 7, 'K7', -5, :'reference'), 'queued 1', 'a debit is nobody''s deposit');
SELECT is(pg_temp.reason('K7'), 'queued: no payment of ours', 'and says so');

-- Reversals.
SELECT is(pg_temp.read(:s1, 8, 'K1 RVSL', -2500000, in_reversal => true, in_reference => 'K1'), 'queued 1',
          'two have this reference: staff decide');
SELECT is(pg_temp.read(:s1, 9, 'K9', 800, :'reference', in_reference => 'R9'), 'deposited 1', 'a deposit');
SELECT is(pg_temp.read(:s1, 10, 'K9 RVSL', -800, in_reversal => true, in_reference => 'R9'), 'reversed 1', 'is taken back');
SELECT is(pg_temp.read(:s1, 11, 'K11', 900, 'words', in_reference => 'R11'), 'queued 1', 'a receipt of nobody');
SELECT is(pg_temp.read(:s1, 12, 'K11 RVSL', -900, in_reversal => true, in_reference => 'R11'), 'reversed 1', 'too');
SELECT is(test.balance(:'alice'), 2500000::bigint, 'U3: as if nothing had been');

-- The queue.
SELECT entry_id AS queued FROM bank.entries WHERE entry_key = 'K2' \gset
SELECT bank.assign(:queued, (:'bob'::test.person).login_name) AS booked \gset
SELECT is(bank.assign(:queued, (:'bob'::test.person).login_name), :'booked', 'U3: assigned once');
SELECT is(test.balance(:'bob'), 7::bigint, 'U3: it is Bob''s');
SELECT throws_ok(format('SELECT bank.assign(%s, %L)', :queued, (:'alice'::test.person).login_name), 'FT010', NULL,
                 'U3: nobody else''s');
SELECT throws_ok('SELECT bank.assign(0, ''nobody'')', 'FT029', NULL, 'no such user');
SELECT throws_ok(format('SELECT bank.assign(0, %L)', (:'bob'::test.person).login_name), 'FT005', NULL, 'no such entry');
SELECT throws_ok(format('SELECT bank.assign(%s, %L)', entry_id, (:'bob'::test.person).login_name), 'FT010', NULL,
                 'no deposit: ' || entry_key) FROM bank.entries WHERE entry_key IN ('K4', 'K7');
SELECT bank.dismiss(entry_id, 'a fee') FROM bank.entries WHERE entry_key = 'K7';
SELECT is(pg_temp.reason('K7'), 'dismissed: a fee', 'U3: staff say what it is');
SELECT is((SELECT count(*) FROM bank.list_queue(0, 100)), (SELECT count(*) FROM bank.entries WHERE state = 'queued'),
          'U3: the queue is what waits');

-- The books: what we hold is what the bank booked, matched or not.
SELECT results_eq($$SELECT currency, -sum(amount)::bigint FROM ledger.postings JOIN ledger.entries USING (entry_id)
                    WHERE account = 'funds_held' AND (reference LIKE 'DE02120300000000202051 %') GROUP BY 1 ORDER BY 1$$,
                  $$SELECT e.currency, sum(amount)::bigint FROM bank.entries e JOIN bank.accounts a USING (account_id)
                    WHERE amount <> 0 AND iban = 'DE02120300000000202051' GROUP BY 1 ORDER BY 1$$,
                  'O10: funds held are the statement''s sum');
SELECT is((SELECT sum(amount) FROM ledger.postings WHERE account = 'unmatched_receipts' AND currency = 'EUR')::bigint,
          (SELECT sum(amount) FROM bank.entries WHERE state IN ('queued', 'dismissed') AND currency = 'EUR')::bigint,
          'O10: unmatched receipts are the queue, and what was dismissed');
SELECT is(bank.open_statement('statement', 'DE57120300000000000077', NULL, 'S', '', ''), NULL, 'an account of others');
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
