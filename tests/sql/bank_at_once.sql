-- SPDX-License-Identifier: GPL-3.0-or-later
-- Two treasurers at the same time pay once, and two readers book once (O8, U3).
SELECT no_plan();
SELECT bank.set_account('Penny', 'DE02120300000000202051', NULL, 'EUR', NULL) AS account \gset
SELECT test.payee(1000000) AS shop \gset
SELECT test.accrue_sale(:shop, 3000000);
SELECT test.settle(:shop);
CREATE TEMP TABLE said AS
    SELECT result FROM test.at_once(array_fill(
        'SELECT coalesce(bank.order_transfers(NULL, ''EUR'', ''pain.001.001.09'', ''2026-12-01'')::text, ''nothing'')'::text,
        ARRAY[8]), in_role => 'farthing_dba');
SELECT is((SELECT count(*) FROM said WHERE result = 'nothing'), 7::bigint, 'O8: one of eight has the payout');
SELECT is((SELECT count(*) FROM bank.file_lines l JOIN settlement.payouts USING (payout_id)
           WHERE state = 'sent'), (SELECT count(*) FROM settlement.payouts WHERE state = 'sent'), 'O8: in one file');

SELECT test.person() AS alice \gset
SELECT bank.open_statement('statement', 'DE02120300000000202051', 'EUR', 'CROWD', '', '') AS statement \gset
TRUNCATE said;
INSERT INTO said SELECT result FROM test.at_once(array_fill(format(
    'SELECT string_agg(state || '' '' || count, '' '') FROM bank.read_entries(%s, ''{1,2}'', ''{0,0}'', ''{A,B}'', ''{5,6}'', '
    '''{5,6}'', ''{EUR,EUR}'', ''{NULL,NULL}'', ''{f,f}'', ''{f,f}'', ''{NULL,NULL}'', ''{NULL,NULL}'', ''{A,B}'', '
    '''{NULL,NULL}'', ''{NULL,NULL}'', ARRAY[%L, ''words''], ''{NULL,NULL}'', ''{NULL,NULL}'')', :statement,
    account.payment_reference((:'alice'::test.person).user_id)), ARRAY[8]), in_role => 'farthing_dba');
SELECT is((SELECT string_agg(DISTINCT result, ', ' ORDER BY result) FROM said), 'deposited 1 queued 1, known 2',
          'U3: eight read it');
SELECT is(test.balance(:'alice'), 5::bigint, 'U3: it was booked once');
SELECT * FROM test.books_balance();

-- Other stories settle everybody: this vendor is not theirs.
DELETE FROM bank.file_lines;
DELETE FROM bank.files;
SELECT test.forget_settlements();
SELECT * FROM finish();
