-- SPDX-License-Identifier: GPL-3.0-or-later
-- Vendors are paid when a threshold is reached (O6, 205-208, 252-254, fig. 28).
BEGIN;
SELECT no_plan();

-- By amount.
SELECT test.payee(10000000) AS vendor \gset
SELECT is(test.settle(:vendor), 'nothing', 'O6: nothing sold, nothing paid');
SELECT test.accrue_sale(:vendor, 9990000, in_royalty => 100000);
SELECT is(test.settle(:vendor), 'below_threshold', 'O6: less than the threshold, after royalties');
SELECT test.accrue_sale(:vendor, 115678, in_royalty => 5678);
SELECT is(test.settle(:vendor, in_dry_run => true), '10000000 by amount', 'O6: a dry run says it');
SELECT is_empty('SELECT FROM settlement.settlements', 'and changes nothing');
SELECT is(test.settle(:vendor), '10000000 by amount', 'O6: the threshold is reached');
SELECT is(test.settle(:vendor), 'nothing', 'O6: running again finds nothing new');
SELECT results_eq(
    format('SELECT opening::bigint, amount::bigint, closing::bigint, due_on FROM test.last_settlement(%s)', :vendor),
    'VALUES (0::bigint, 10000000::bigint, 0::bigint, NULL::date)', 'O6: the settlement');
SELECT results_eq($$SELECT kind, count, amount::bigint FROM settlement.lines ORDER BY kind$$,
    $$VALUES ('royalties', 0::bigint, -105678::bigint), ('sales', 2, 10105678)$$, 'O6: its lines');
SELECT results_eq(
    format($$SELECT account, holder, amount::bigint FROM ledger.postings
             WHERE entry_id = (test.last_settlement(%s)).settlement_id ORDER BY line$$, :vendor),
    format($$VALUES ('vendor_payable', %s::bigint, -10000000::bigint), ('payouts_in_transit', 0, 10000000)$$,
           :vendor), 'O6: its entry has the same ID');
SELECT results_eq(
    $$SELECT end_to_end_id = replace(payout_id::text, '-', ''), amount::bigint, state, method,
             creditor_name, creditor_iban FROM settlement.payouts$$,
    $$VALUES (true, 10000000::bigint, 'due', 'credit_transfer', 'Shop', 'DE02120300000000202051')$$,
    'O8: the payout');

-- Whole cents: the rest stays for the next.
SELECT test.payee(1000000) AS vendor \gset
SELECT test.accrue_sale(:vendor, 1239999);
SELECT is(test.settle(:vendor), '1230000 by amount', 'O6: whole cents are paid');
SELECT is((test.last_settlement(:vendor)).closing::bigint, 9999::bigint, 'O6: the rest is carried');
SELECT test.accrue_sale(:vendor, 1000001);
SELECT is(test.settle(:vendor), '1010000 by amount', 'O6: and paid with the next');
SELECT test.payee(1000000, in_currency => 'JPY') AS yen, test.payee(1000000, in_currency => 'KWD') AS dinar \gset
SELECT test.accrue_sale(:yen, 1999999), test.accrue_sale(:dinar, 1999999);
SELECT is(test.settle(:yen), '1000000 by amount', 'O6: whole yen');
SELECT is(test.settle(:dinar), '1999000 by amount', 'O6: dinars have three digits');

-- By time: not below the amount.
SELECT test.payee(10000000, 'monthly') AS vendor \gset
SELECT test.accrue_sale(:vendor, 9000000, '2026-01-20Z');
SELECT is(test.settle(:vendor, '2026-02-01'), 'below_threshold', 'O6: the day does not trigger below the amount');
SELECT test.accrue_sale(:vendor, 5000000, '2026-02-10Z');
SELECT is(test.settle(:vendor, '2026-03-01'), '14000000 by time of 2026-03-01', 'O6: the next day does');
SELECT is(test.settle(:vendor, '2026-03-01'), 'nothing', 'O6: once');
SELECT test.accrue_sale(:vendor, 50000000, '2026-03-02Z');
SELECT is(test.settle(:vendor, '2026-03-20'), 'not_due', 'O6: between the days nothing is paid');
SELECT is(test.settle(:vendor, '2026-04-03'), '50000000 by time of 2026-04-01',
          'O6: a missed day is made up for');
SELECT is(test.settle(:vendor, '2026-04-01'), 'not_yet', 'O6: time does not go back');

-- Early, when much more is due.
SELECT test.payee(10000000, 'monthly', in_early => 40000000) AS vendor \gset
SELECT test.accrue_sale(:vendor, 30000000, '2026-03-02Z');
SELECT is(test.settle(:vendor, '2026-03-20'), '30000000 by time of 2026-03-01', 'O6: a first day');
SELECT test.accrue_sale(:vendor, 39000000, '2026-03-20 12:00Z');
SELECT is(test.settle(:vendor, '2026-03-22'), 'not_due', 'O6: not much enough');
SELECT test.accrue_sale(:vendor, 1000000, '2026-03-21Z');
SELECT is(test.settle(:vendor, '2026-03-23'), '40000000 by amount', 'O6: reached between the days');
SELECT test.accrue_sale(:vendor, 10000000, '2026-03-24Z');
SELECT is(test.settle(:vendor, '2026-04-01'), '10000000 by time of 2026-04-01', 'O6: the day comes all the same');

-- What was sold before as_of counts, whenever it was rolled up; each sale once.
SELECT test.payee(1000000) AS vendor \gset
SELECT test.accrue_sale(:vendor, 1000000, '2026-05-09 23:59:59.999999Z'),
            test.accrue_sale(:vendor, 2000000, '2026-05-10Z');
SELECT is(test.settle(:vendor, '2026-05-10'), '1000000 by amount', 'O6: up to the beginning of the day');
SELECT test.accrue_sale(:vendor, 4000000, '2026-05-08Z');
SELECT is(test.settle(:vendor, '2026-05-10'), '4000000 by amount', 'O6: a late sale is not lost');
SELECT is(test.settle(:vendor), '2000000 by amount', 'O6: nor that of the day');
SELECT test.accrue_sale(:vendor, 8000000, '2026-05-10Z');
SELECT is(test.settle(:vendor), '8000000 by amount', 'O6: nor one later than that');

-- In the vendor's time zone.
SELECT test.payee(1000000, 'monthly', in_time_zone => 'Pacific/Auckland') AS east,
       test.payee(1000000, 'monthly', in_time_zone => 'America/Los_Angeles') AS west \gset
SELECT test.accrue_sale(:east, 1000000, '2026-06-30 11:59Z'), test.accrue_sale(:east, 5000000, '2026-06-30 12:00Z'),
            test.accrue_sale(:west, 1000000, '2026-07-01 06:59Z'), test.accrue_sale(:west, 5000000, '2026-07-01 07:00Z');
SELECT is(test.settle(:east, '2026-07-01'), '1000000 by time of 2026-07-01', 'O6: July begins in Auckland');
SELECT is(test.settle(:west, '2026-07-01'), '1000000 by time of 2026-07-01', 'O6: and 19 hours later in Los Angeles');
SELECT throws_ok($$SELECT test.settle(NULL, (now() + interval '3 days')::date)$$, 'FT040', NULL,
                 'O6: the future is not settled');

-- Refunds, commissions, debts.
SELECT test.payee(5000000) AS vendor \gset
SELECT test.accrue_sale(:vendor, 6000000, in_royalty => 600000, in_content => 400000) AS sale \gset
SELECT test.accrue_commission(:vendor, 250000);
SELECT is(test.settle(:vendor), '5250000 by amount', 'O6, O9: royalties withheld, commissions added');
SELECT test.accrue_refund(:'sale', 6000000, in_royalty => 600000);
SELECT is(test.settle(:vendor), 'debt', 'O6: a vendor in debt is not paid');
SELECT test.accrue_sale(:vendor, 10000000);
SELECT is(test.settle(:vendor), 'below_threshold', 'O6: the debt is taken off what comes');
SELECT test.accrue_sale(:vendor, 400000);
SELECT is(test.settle(:vendor), '5000000 by amount', 'O6: until the threshold is reached');
SELECT is((test.last_settlement(:vendor)).opening::bigint, 0::bigint, 'from what the settlement before left');

-- A reserve and a minimum.
SELECT test.payee(5000000, in_minimum => 4000000, in_reserve => 2000000) AS vendor \gset
SELECT test.accrue_sale(:vendor, 5500000);
SELECT is(test.settle(:vendor), 'below_minimum', 'O6: less than the minimum is not paid');
SELECT test.accrue_sale(:vendor, 500000);
SELECT is(test.settle(:vendor), '4000000 by amount', 'O6: all but the reserve');
SELECT test.accrue_sale(:vendor, 4000000);
SELECT is(test.settle(:vendor), '4000000 by amount', 'O6: which stays');

-- Terms that change in between; the next ones count.
SELECT settlement.set_vendor_terms(:vendor, 1000000, 'any_day', in_method => 'check', in_creditor_address => E'Way 1\nTown');
SELECT test.accrue_sale(:vendor, 100000);
SELECT is(test.settle(:vendor), '2100000 by amount', 'O6: by the new terms');
SELECT results_eq(
    format($$SELECT method, creditor_address FROM settlement.payouts
             WHERE settlement_id = (test.last_settlement(%s)).settlement_id$$, :vendor),
    $$VALUES ('check', E'Way 1\nTown')$$, 'O8: a check to the agreed address');

-- A vendor that wants to be told is told.
SELECT notification.set_endpoint(:vendor, 'https://hook.example/', '\x00');
SELECT test.accrue_sale(:vendor, 1000000);
SELECT is(test.settle(:vendor), '1000000 by amount', 'settled');
SELECT results_eq(format($$SELECT kind, subject_id FROM notification.events WHERE vendor_id = %s
                           AND kind = 'settled'$$, :vendor),
                  format('SELECT ''settled'', (test.last_settlement(%s)).settlement_id', :vendor), 'and told');
SELECT results_eq(format($$SELECT subject_id, transaction_kind, price, currency
                           FROM notification.claim(10, 10, '{}', 60) WHERE kind = 'settled' AND vendor_id = %s$$, :vendor),
                  format($$SELECT (test.last_settlement(%s)).settlement_id, NULL, 1000000::bigint, 'EUR'$$, :vendor),
                  'V14: with what was paid');

-- Who is not a payee.
SELECT test.vendor() AS stranger, test.vendor('XTS') AS sandbox \gset
SELECT throws_ok(format('SELECT test.settle(%s)', :stranger), 'FT062', NULL, 'O6: no terms, no settlement');
SELECT throws_ok('SELECT test.settle(-1)', 'FT030', NULL, 'no such vendor');
INSERT INTO settlement.payees (vendor_id) VALUES (:sandbox);
SELECT is(test.settle(:sandbox), 'sandbox', 'O6: play money is never paid');

SELECT * FROM test.settlements_add_up();
SELECT * FROM finish();
ROLLBACK;
