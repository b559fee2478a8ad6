-- SPDX-License-Identifier: GPL-3.0-or-later
-- What becomes of payouts (O8): sent, paid, and what comes back is paid again.
BEGIN;
SELECT no_plan();
SELECT test.payee(1000000) AS vendor, test.payee(1000000) AS other \gset
CREATE FUNCTION pg_temp.pay(in_vendor_id int, in_amount bigint) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM test.accrue_sale(in_vendor_id, in_amount);
    PERFORM test.settle(in_vendor_id);
    RETURN (SELECT payout_id FROM settlement.payouts
            WHERE settlement_id = (test.last_settlement(in_vendor_id)).settlement_id);
END $$;
CREATE FUNCTION pg_temp.state(in_payout_id uuid) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', state, bank_reference, reason) FROM settlement.payouts WHERE payout_id = in_payout_id $$;
CREATE FUNCTION pg_temp.booked(in_payout_id uuid) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', e.kind, p.account, p.amount), ', ' ORDER BY e.entry_id, p.line)
    FROM ledger.entries e JOIN ledger.postings p USING (entry_id) WHERE e.reference = in_payout_id::text $$;

SELECT pg_temp.pay(:vendor, 2000000) AS payout \gset
SELECT ok(settlement.mark_payout(:'payout', 'sent', NULL), 'O8: sent to the bank');
SELECT ok(NOT settlement.mark_payout(:'payout', 'sent', NULL), 'O8: once');
SELECT is(pg_temp.booked(:'payout'), NULL, 'O10: money in transit stays so');
SELECT ok(settlement.mark_payout(:'payout', 'paid', 'REF 7'), 'O8: the bank confirms it');
SELECT ok(NOT settlement.mark_payout(:'payout', 'paid', 'REF 7'), 'O8: the same statement read twice');
SELECT ok(NOT settlement.mark_payout(:'payout', 'sent', NULL), 'O8: paid is later than sent');
SELECT is(pg_temp.state(:'payout'), 'paid REF 7', 'O8: with the bank''s reference');
SELECT is(pg_temp.booked(:'payout'), 'payout payouts_in_transit -2000000, payout funds_held 2000000',
          'O10: the money has left');

-- It comes back, and goes out with the next settlement.
SELECT ok(settlement.return_payout(:'payout', 'account closed', 'R 8'), 'O8: the bank gives it back');
SELECT ok(NOT settlement.return_payout(:'payout', 'account closed'), 'O8: once');
SELECT is(pg_temp.state(:'payout'), 'returned R 8 account closed', 'O8: and says why');
SELECT is(pg_temp.booked(:'payout'), 'payout payouts_in_transit -2000000, payout funds_held 2000000, '
          'payout_return funds_held -2000000, payout_return vendor_payable 2000000', 'O10: it is owed again');
SELECT is(test.settle(:other), 'nothing', 'O8: to nobody else');
SELECT is(test.settle(:vendor), '2000000 by amount', 'O8: the next settlement pays it');
SELECT results_eq(format('SELECT kind, count, amount::bigint FROM settlement.lines
                          WHERE settlement_id = (test.last_settlement(%s)).settlement_id', :vendor),
                  $$VALUES ('payout_returns', 1::bigint, 2000000::bigint)$$, 'O8: as a line of its own');
SELECT is(test.settle(:vendor), 'nothing', 'O8: once');
SELECT is(again_in, (test.last_settlement(:vendor)).settlement_id, 'O8: the payout knows where it went')
FROM settlement.payouts WHERE payout_id = :'payout';
SELECT throws_ok(format($$SELECT settlement.mark_payout(%L, 'paid', NULL)$$, :'payout'), 'FT010', NULL,
                 'O8: what came back is not paid any more');

-- One that never left; and one that comes back twice.
SELECT payout_id AS payout FROM settlement.payouts WHERE state = 'due' \gset
SELECT ok(settlement.return_payout(:'payout', 'rejected by the bank'), 'O8: it never left');
SELECT is(pg_temp.booked(:'payout'), 'payout_return payouts_in_transit -2000000, payout_return vendor_payable 2000000',
          'O10: from transit back to the vendor');
SELECT is(pg_temp.state(:'payout'), 'rejected rejected by the bank', 'O8: rejected');
SELECT pg_temp.pay(:vendor, 500000) AS payout \gset
SELECT is(amount::bigint, 2500000::bigint, 'O8: together with what was sold since') FROM settlement.payouts
WHERE payout_id = :'payout';

-- Checks.
SELECT settlement.set_vendor_terms(:other, 1000000, 'any_day', in_method => 'check', in_creditor_address => 'Way 1');
SELECT pg_temp.pay(:other, 1000000) AS bill \gset
SELECT throws_ok(format($$SELECT settlement.mark_payout(%L, 'sent', NULL)$$, :'bill'), 'FT010', NULL,
                 'O8: a check goes to no bank');
SELECT ok(settlement.mark_payout(:'bill', 'paid', 'check 1234'), 'O8: it is handed out');
SELECT is(pg_temp.state(:'bill'), 'paid check 1234', 'with its number');

SELECT results_eq($$SELECT vendor_id, state, creditor_address FROM settlement.list_payouts('paid', NULL, NULL, 10)$$,
                  format($$VALUES (%s, 'paid', 'Way 1')$$, :other), 'O8: payouts of a state');
SELECT is(count(*), 3::bigint, 'O8: all of a vendor') FROM settlement.list_payouts(NULL, NULL, NULL, 10)
WHERE vendor_id = :vendor;
SELECT is((SELECT count(*) FROM settlement.list_payouts(NULL, NULL, a.payout_id, 10)), 3::bigint, 'O8: page by page')
FROM settlement.list_payouts(NULL, NULL, NULL, 1) a;
SELECT throws_ok($$SELECT settlement.mark_payout(gen_random_uuid(), 'paid', NULL)$$, 'FT061', NULL, 'no such payout');
SELECT throws_ok($$SELECT settlement.return_payout(gen_random_uuid(), '')$$, 'FT061', NULL, 'no such payout');
SELECT throws_ok(format($$SELECT settlement.mark_payout(%L, 'lost', NULL)$$, :'bill'), 'FT040', NULL, 'no such state');
SELECT throws_ok('SELECT * FROM settlement.explain(gen_random_uuid())', 'FT060', NULL, 'no such settlement');
SELECT throws_ok('SELECT * FROM settlement.show(gen_random_uuid())', 'FT060', NULL, 'no such settlement');
SELECT * FROM test.settlements_add_up();
SELECT * FROM finish();
ROLLBACK;
