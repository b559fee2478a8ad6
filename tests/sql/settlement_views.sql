-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a vendor is told: all that changed what it is due, in order, and each settlement (O6).
BEGIN;
SELECT no_plan();
CREATE VIEW pg_temp.rows AS
    SELECT s.vendor_id, s.day, s.kind, s.description, s.amount::text, s.balance::text,
           row_number() OVER (ORDER BY s.booked_at, s.entry_id, s.line) AS number
    FROM settlement.vendor_statement s;

-- A shop in Auckland, where the day begins 13 hours early.
SELECT test.payee(1000000, in_time_zone => 'Pacific/Auckland') AS vendor \gset
SELECT test.accrue_sale(:vendor, 6000001, '2026-01-05 11:30Z', 600000, 400000) AS sale \gset
SELECT test.accrue_refund(:'sale', 2000000, '2026-01-06Z', 200000);
SELECT test.accrue_commission(:vendor, 250000, '2026-01-06 23:00Z');
SELECT codes[1] AS code FROM incentive.issue(:vendor, 1, 400000, now() + interval '1 day', '{VIEWSCODE}', '', NULL) \gset
SELECT test.offer(:vendor, 500000, '/given') AS given \gset
SELECT test.buy(:'given', test.person(500000), :'code');
SELECT test.add_day(:vendor, now(), in_sales => 500000, in_incentives => 400000);
UPDATE purchase.sales SET xact_id = (test.next_rollup() - 1)::text::xid8, sold_at = '2026-01-07Z'
WHERE transaction_id = :'given';
SELECT is(test.settle(:vendor), '3550000 by amount', 'the vendor is settled');
SELECT settlement.return_payout(payout_id, 'account closed') FROM settlement.payouts
WHERE settlement_id = (test.last_settlement(:vendor)).settlement_id;
UPDATE ledger.entries SET booked_at = '2026-01-08Z' WHERE entry_id = (test.last_settlement(:vendor)).settlement_id;
UPDATE ledger.entries SET booked_at = '2026-01-09Z' WHERE kind = 'payout_return' AND reference = (
    SELECT payout_id::text FROM settlement.payouts WHERE state = 'rejected');
SELECT results_eq(format('SELECT day, kind, description, amount, balance FROM pg_temp.rows WHERE vendor_id = %s ORDER BY number', :vendor),
    $$VALUES ('2026-01-06'::date, 'sale', 'Title', '6.000001', '6.000001'),
             ('2026-01-06', 'royalty', 'Title', '-0.600000', '5.400001'),
             ('2026-01-06', 'content_royalty', 'Title', '-0.400000', '5.000001'),
             ('2026-01-06', 'refund', '', '-2.000000', '3.000001'),
             ('2026-01-06', 'royalty', '', '0.200000', '3.200001'),
             ('2026-01-07', 'commission', NULL, '0.250000', '3.450001'),
             ('2026-01-07', 'sale', 'Title', '0.500000', '3.950001'),
             ('2026-01-07', 'incentive', 'Title', '-0.400000', '3.550001'),
             ('2026-01-08', 'settlement', NULL, '-3.550000', '0.000001'),
             ('2026-01-09', 'payout_return', 'account closed', '3.550000', '3.550001')$$,
    'O6: every line in the vendor''s days, with six digits and the balance after it');
SELECT results_eq(format($$SELECT kind FROM settlement.vendor_statement
                           WHERE vendor_id = %s AND subject_id = %L ORDER BY line$$, :vendor, :'sale'),
                  $$VALUES ('refund'), ('royalty')$$, 'a refund names its sale');

-- The settlement alone.
SELECT (test.last_settlement(:vendor)).settlement_id AS settlement \gset
SELECT results_eq(format('SELECT kind, description, amount::text, balance::text FROM settlement.statement(%L) ORDER BY line', :'settlement'),
    $$VALUES ('opening', NULL, '0.000000', '0.000000'),
             ('sales', 'Title', '6.000001', '6.000001'),
             ('royalties', 'Title', '-0.600000', '5.400001'),
             ('content_royalties', 'Title', '-0.400000', '5.000001'),
             ('royalties', '', '0.200000', '5.200001'),
             ('refunds', '', '-2.000000', '3.200001'),
             ('commissions', NULL, '0.250000', '3.450001'),
             ('sales', 'Title', '0.500000', '3.950001'),
             ('incentives', 'Title', '-0.400000', '3.550001'),
             ('settlement', NULL, '-3.550000', '0.000001')$$, 'O6: a settlement, fact by fact');
SELECT throws_ok(format('SELECT * FROM settlement.statement(%L)', gen_random_uuid()), 'FT060', NULL,
                 'no such settlement');
SELECT is(test.settle(:vendor), '3550000 by amount', 'what came back is paid again');
SELECT results_eq(format($$SELECT kind, amount::text, balance::text, subject_id FROM settlement.statement(
                           (test.last_settlement(%s)).settlement_id) ORDER BY line$$, :vendor),
    format($$VALUES ('opening', '0.000001', '0.000001', NULL),
             ('payout_returns', '3.550000', '3.550001', %L::uuid),
             ('settlement', '-3.550000', '0.000001', NULL)$$, :'settlement'), 'O6: as a line of its own');

-- The provider's codes cost the vendor nothing.
SELECT test.vendor() AS other \gset
SELECT incentive.issue_by_provider('EUR', 300000, now() + interval '1 day', '{ALLVIEWS}');
SELECT test.offer(:other, 300000) AS free \gset
SELECT test.buy(:'free', test.person(), 'ALLVIEWS');
SELECT count(*) FROM purchase.refund(:other, 1, :'free', NULL, '=1+1', NULL);
SELECT results_eq(format('SELECT kind, description, amount, balance FROM pg_temp.rows WHERE vendor_id = %s ORDER BY number', :other),
    $$VALUES ('sale', 'Title', '0.300000', '0.300000'), ('refund', '=1+1', '-0.300000', '0.000000')$$,
    'O6: paid by the provider, and paid back');

-- Of every vendor: the lines are the ledger's, and end at what it is due.
SELECT is_empty($$SELECT * FROM
    (SELECT vendor_id, sum(amount) AS amount, (array_agg(balance ORDER BY booked_at DESC, entry_id DESC, line DESC))[1] AS balance
     FROM settlement.vendor_statement GROUP BY vendor_id) s
    FULL JOIN (SELECT holder AS vendor_id, sum(amount) * 0.000001 AS payable FROM ledger.all_postings
               WHERE account = 'vendor_payable' GROUP BY holder) l USING (vendor_id)
    WHERE s.amount IS DISTINCT FROM l.payable OR s.balance IS DISTINCT FROM l.payable$$,
    'O6: the end of each statement is vendor_payable');
SELECT * FROM finish();
ROLLBACK;
