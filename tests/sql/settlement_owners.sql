-- SPDX-License-Identifier: GPL-3.0-or-later
-- Content owners are paid what was collected for them (O7, 267-271, fig. 29B).
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS euro, test.vendor('USD') AS dollar, test.vendor() AS other,
       test.owner('ada') AS ada, test.owner('bob', 'Asia/Tokyo') AS bob, test.owner('new') AS new \gset
SELECT settlement.set_owner_terms('ada', 'EUR', 1000000, 'any_day', in_creditor_iban => 'DE02120300000000202051'),
       settlement.set_owner_terms('ada', 'USD', 5000000, 'weekly', 1, in_method => 'check'),
       settlement.set_owner_terms('bob', 'EUR', 1000000, 'twice_monthly', in_method => 'check');
SELECT test.long_agreed();

SELECT is(test.settle_owner('ada'), 'nothing, nothing', 'O7: nothing collected in any currency');
SELECT test.collect('ada', :euro, 600000, '2026-05-01Z'), test.collect('ada', :dollar, 4000000, '2026-05-01Z');
SELECT is(test.settle_owner('ada'), 'below_threshold, below_threshold', 'O7: each currency has its threshold');
SELECT test.collect('ada', :other, 401234, '2026-05-02Z'), test.collect('ada', :dollar, 2000000, '2026-05-12Z');
SELECT is(test.settle_owner('ada', '2026-05-12'), '1000000 EUR by amount, below_threshold',
          'O7: of all vendors together, in whole cents');
SELECT is(test.settle_owner('ada', '2026-05-20'), 'below_threshold, 6000000 USD by time of 2026-05-18',
          'O7: in each currency at its own time');
SELECT is(test.settle_owner('ada', '2026-05-20'), 'below_threshold, nothing', 'O7: running again finds nothing');
SELECT results_eq($$SELECT s.currency, l.kind, l.count, l.amount::bigint, s.closing::bigint
                    FROM settlement.settlements s JOIN settlement.lines l USING (settlement_id) ORDER BY 1$$,
    $$VALUES ('EUR', 'collections', 2::bigint, 1001234::bigint, 1234::bigint), ('USD', 'collections', 2, 6000000, 0)$$,
    'O7: the lines, and what is carried');
SELECT results_eq($$SELECT account, holder, p.currency, sum(p.amount)::bigint FROM ledger.postings p
                    JOIN settlement.settlements ON settlement_id = entry_id GROUP BY 1, 2, 3 ORDER BY 1, 3$$,
    format($$VALUES ('owner_payable', %1$s::bigint, 'EUR', -1000000::bigint), ('owner_payable', %1$s, 'USD', -6000000),
                    ('payouts_in_transit', 0, 'EUR', 1000000), ('payouts_in_transit', 0, 'USD', 6000000)$$, :ada),
    'O7: from the owner''s account');

-- In the owner's time zone; a collection that is not finished waits.
SELECT test.collect('bob', :euro, 1000000, '2026-06-15 14:59Z'), test.collect('bob', :euro, 3000000, '2026-06-15 15:00Z');
SELECT is(test.settle_owner('bob', '2026-06-16'), '1000000 EUR by time of 2026-06-16', 'O7: the 16th begins in Tokyo');
UPDATE royalty.progress SET collected_id = collected_id - 1;
SELECT is(test.settle_owner('bob', '2026-07-01'), 'nothing', 'O7: only finished collections count');
UPDATE royalty.progress SET collected_id = collected_id + 1;
SELECT is(test.settle_owner('bob', '2026-07-01'), '3000000 EUR by time of 2026-07-01', 'O7: later they do');
SELECT test.collect('bob', :euro, -500000), test.collect('bob', :other, 200000);
SELECT is(test.settle_owner('bob'), 'debt', 'O7: refunds may leave a debt');
SELECT test.collect('bob', :other, 1300000);
SELECT is(test.settle_owner('bob', '2026-07-02'), 'nothing', 'O7: nothing collected before that day');

SELECT throws_ok($$SELECT test.settle_owner('nobody')$$, 'FT034', NULL, 'no such owner');
SELECT throws_ok($$SELECT test.settle_owner('new')$$, 'FT062', NULL, 'O7: no terms, no settlement');
SELECT is_empty('SELECT FROM notification.events', 'owners are not notified');

-- All at once, slice by slice: each payee once, none of the other kind.
SELECT bag_eq($$SELECT owner_id, currency FROM settlement.settle_slice('owners', NULL, NULL, 0, 10, NULL, true)$$,
              $$VALUES ('ada', 'EUR'), ('ada', 'USD'), ('bob', 'EUR')$$, 'O7: everybody who has terms');
SELECT is_empty($$SELECT FROM settlement.settle_slice('vendors', NULL, NULL, 0, 10, NULL, true)$$,
                'O7: and no vendor among them');
SELECT results_eq($$SELECT a.owner_id, b.owner_id
    FROM settlement.settle_slice('owners', NULL, NULL, 0, 1, NULL, true) a,
         settlement.settle_slice('owners', NULL, NULL, a.payee_id, 1, NULL, true) b WHERE a.currency = 'EUR'$$,
    $$VALUES ('ada', 'bob')$$, 'O7: one slice after the other');
SELECT is(settlement.count_payees('owners'), 2::bigint, 'O7: of so many');
SELECT throws_ok($$SELECT * FROM settlement.settle_slice('users', NULL, NULL, 0, 1, NULL, true)$$, 'FT040', NULL, 'no such kind');
SELECT throws_ok($$SELECT * FROM settlement.settle_slice('owners', NULL, NULL, 0, 0, NULL, true)$$, 'FT040', NULL, 'an empty slice');
SELECT * FROM test.settlements_add_up();
SELECT * FROM finish();
ROLLBACK;
