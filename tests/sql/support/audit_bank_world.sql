-- SPDX-License-Identifier: GPL-3.0-or-later
-- What banks do to the audited books: carol spends a receipt that the bank then takes back, dave a
-- direct debit that is returned. Both owe more than their credit lines allow.
SELECT bank.set_account('Penny', 'DE02120300000000202051', NULL, 'EUR', 'DE98ZZZ09999999999') AS account \gset
CREATE FUNCTION test.bank_says(in_key text, in_amount bigint, in_remittance text DEFAULT NULL,
    in_end_to_end_id text DEFAULT NULL, in_reversal boolean DEFAULT false, in_batch_id text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(state, ' ') FROM bank.read_entries(
        bank.open_statement('statement', 'DE02120300000000202051', 'EUR', 'AUDITED', '', ''), '{1}', '{0}',
        ARRAY[in_key], ARRAY[in_amount], '{x}', '{EUR}', '{NULL}', ARRAY[in_reversal], '{f}',
        ARRAY[in_end_to_end_id], ARRAY[in_batch_id], ARRAY[left(in_key, 8)], '{NULL}', '{NULL}',
        ARRAY[in_remittance], '{AC04}', '{NULL}')
$$;

SELECT test.person() AS carol, test.person() AS dave \gset
SELECT account.set_limits((:'carol'::test.person).login_name, 'EUR', 200000, NULL, NULL, NULL, NULL, NULL);
SELECT test.call('CAROL', (:'carol'::test.person).user_id::text),
       test.call('DAVE', (:'dave'::test.person).user_id::text);
SELECT is(test.bank_says('RECEIPT1', 3000000, account.payment_reference((:'carol'::test.person).user_id)),
          'deposited', 'U3: a receipt');
SELECT is(test.bank_says('UNKNOWN1', 9000000, 'words'), 'queued', 'U3: a receipt of nobody');
SELECT bank.add_mandate((:'dave'::test.person).login_name, 'EUR', 'AUDITED', 'Dave',
                        'DE57120300000000000077', NULL, '2026-11-01');
SELECT bank.request_debit((:'dave'::test.person).login_name, 'EUR', 2000000);
SELECT bank.order_debits(NULL, 'EUR', '2026-12-01') AS file \gset
SELECT message_id AS batch FROM bank.files WHERE file_id = :file \gset
SELECT end_to_end_id AS debit FROM bank.list_lines(:file, 0, 1) \gset
SELECT is(test.bank_says('DEBITSUM', 2000000, in_batch_id => :'batch'), 'collected', 'U3: the sum of a file');
SELECT test.buy(test.offer(:plain, 3100000, '/carol'), :'carol'),
       test.buy(test.offer(:plain, 1900000, '/dave'), :'dave');
SELECT is(test.bank_says('RECEIPT1 RVSL', -3000000, in_reversal => true), 'reversed', 'U3: taken back');
SELECT is(test.bank_says('RETURNED', -2000000, in_end_to_end_id => :'debit'), 'debit_returned', 'U3: returned');
SELECT is(test.balance(:'carol') || ' and ' || test.balance(:'dave'), '-3100000 and -1900000',
          'U4: below their credit lines');
