-- SPDX-License-Identifier: GPL-3.0-or-later
-- What content owners are told, and what vendors paid by period (O4, O7).
SELECT no_plan();
CALL royalty.roll_up_all();
CALL royalty.collect_all();

-- Sold at a time, by somebody who can pay.
CREATE FUNCTION pg_temp.sell(in_vendor_id int, in_price bigint, in_at timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := test.offer(in_vendor_id, in_price, '/' || gen_random_uuid());
BEGIN
    PERFORM test.buy(v_id, test.person(in_price));
    UPDATE purchase.sales SET sold_at = in_at WHERE transaction_id = v_id;
    RETURN v_id;
END
$$;

-- 10% up to 1.00, then 3.3333%; from March on by the quarter, 50% from the first.
SELECT test.vendor() AS vendor, test.vendor() AS plain \gset
UPDATE vendor.vendors SET time_zone = 'Europe/Berlin' WHERE vendor_id = :vendor;
SELECT schedule_id AS monthly FROM royalty.set_schedule(:vendor, 'month', '{0,1000000}', '{100000,33333}', '{0,7}') \gset
SELECT schedule_id AS quarterly FROM royalty.set_schedule(:vendor, 'quarter', '{0}', '{500000}', '{0}') \gset
UPDATE royalty.schedules SET valid_from = '2020-01-01Z' WHERE schedule_id = :monthly;
UPDATE royalty.schedules SET valid_from = '2026-03-01Z' WHERE schedule_id = :quarterly;
SELECT test.owner('singer', 'America/New_York') AS singer \gset
SELECT count(*) FROM royalty.set_content_owners(:vendor, 1, test.origin(:vendor) || '/', test.origin(:vendor), '/',
    '{singer}', '{100000}', '{NULL}', NULL, NULL);
UPDATE royalty.owner_lists SET valid_from = '2020-01-01Z' WHERE vendor_id = :vendor;
SELECT settlement.set_owner_terms('singer', 'EUR', 100000, 'any_day', in_method => 'check');

SELECT pg_temp.sell(:vendor, 800000, '2026-01-31 22:59Z') AS first \gset
SELECT pg_temp.sell(:vendor, 400000, '2026-01-31 23:00Z');
SELECT pg_temp.sell(:vendor, 700000, '2026-02-10Z') AS edge \gset
SELECT pg_temp.sell(:vendor, 300000, '2026-03-10Z');
SELECT pg_temp.sell(:plain, 300000, '2026-03-10Z');
SELECT count(*) FROM purchase.refund(:vendor, 1, :'first', 400000, 'half', NULL);
CALL royalty.roll_up_all();
SELECT results_eq(format($$SELECT period, day, sales, volume::text, tier_from::text, tier_rate::text,
        tier_fixed_amount::text, royalty::text, given_back::text, kept::text, effective_rate::text
        FROM royalty.by_period WHERE vendor_id = %s ORDER BY day, period$$, :vendor),
    $$VALUES ('month', '2026-01-01'::date, 1::bigint, '0.800000', '0.000000', '0.100000',
              '0.000000', '0.080000', '0.040000', '0.040000', '0.100000'),
             ('quarter', '2026-01-01', 1, '0.300000', '0.000000', '0.500000',
              '0.000000', '0.150000', '0.000000', '0.150000', '0.500000'),
             ('month', '2026-02-01', 2, '1.100000', '1.000000', '0.033333',
              '0.000007', '0.103333', '0.000000', '0.103333', '0.093939')$$,
    'O4: by the vendor''s periods: volume, the tier it reached, what was charged and given back');
SELECT is_empty($$SELECT * FROM royalty.volumes v
    FULL JOIN royalty.by_period p ON p.vendor_id = v.vendor_id AND p.period = v.period AND p.day =
        (v.period_from AT TIME ZONE (SELECT n.time_zone FROM vendor.vendors n WHERE n.vendor_id = v.vendor_id))::date
    WHERE v.volume * 0.000001 IS DISTINCT FROM p.volume$$, 'O4: the volumes are the rollups''');
SELECT is_empty($$SELECT * FROM
    (SELECT currency, sum(kept) AS kept FROM royalty.by_period GROUP BY currency) p
    FULL JOIN (SELECT currency, sum(amount) * 0.000001 AS income FROM ledger.all_postings
               WHERE account = 'royalty_income' GROUP BY currency) l USING (currency)
    WHERE p.kept IS DISTINCT FROM l.income$$, 'O4: what was kept is the ledger''s income');

-- The owner: collected, paid, come back.
CALL royalty.collect_all();
CALL settlement.settle_owners(in_owner_id => 'singer');
SELECT settlement.return_payout(payout_id, 'not cashed') FROM settlement.payouts o
JOIN settlement.settlements s USING (settlement_id) JOIN settlement.payees p USING (payee_id)
WHERE p.owner_number = :singer;
UPDATE ledger.entries SET booked_at = '2026-04-01 03:59Z' WHERE entry_id IN (
    SELECT collection_id FROM royalty.collections WHERE vendor_id = :vendor);
SELECT results_eq(format($$SELECT kind, vendor_id, description, currency, amount::text, balance::text
        FROM royalty.owner_statement WHERE owner_number = %s ORDER BY currency, booked_at, entry_id, line$$, :singer),
    format($$VALUES ('collection', %s, NULL, 'EUR', '0.180000', '0.180000'),
             ('settlement', NULL, NULL, 'EUR', '-0.180000', '0.000000'),
             ('payout_return', NULL, 'not cashed', 'EUR', '0.180000', '0.180000')$$, :vendor),
    'O7: what an owner was credited and paid, with the balance');
SELECT is((SELECT min(day) FROM royalty.owner_statement WHERE owner_number = :singer), '2026-03-31'::date,
          'O7: days are the owner''s');
SELECT is_empty($$SELECT * FROM
    (SELECT DISTINCT ON (owner_number, currency) owner_number, currency, balance FROM royalty.owner_statement
     ORDER BY owner_number, currency, booked_at DESC, entry_id DESC, line DESC) s
    FULL JOIN (SELECT holder AS owner_number, currency, sum(amount) * 0.000001 AS payable
               FROM ledger.all_postings WHERE account = 'owner_payable' GROUP BY holder, currency) l
    USING (owner_number, currency)
    WHERE s.balance IS DISTINCT FROM l.payable$$, 'O7: the end of each statement is owner_payable');
SELECT test.forget_settlements();
SELECT * FROM finish();
