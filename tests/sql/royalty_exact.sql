-- SPDX-License-Identifier: GPL-3.0-or-later
-- The arithmetic of royalties: exact to 10^-12, rounded once (O4, O5).
BEGIN;
SELECT no_plan();

SELECT is(royalty.half_even(exact), rounded, exact || ' is rounded half-even')
FROM (VALUES (0, 0::bigint), (0.5, 0), (1.5, 2), (2.5, 2), (3.5, 4), (0.499999, 0), (0.500001, 1),
             (2.500001, 3), (2.499999, 2), (999999999999.5, 1000000000000),
             (9000000000000000000.5, 9000000000000000000)) v (exact, rounded);
SELECT is(royalty.share(1, 1), 0.000001, 'a millionth of a micro-unit is 10^-12');
SELECT is(royalty.share(9000000000000000000, 999999), 8999991000000000000.000000,
          'large amounts are as exact');

-- Tiers: what a volume comes to before each, and where each ends.
INSERT INTO royalty.schedules (vendor_id, period, valid_from) VALUES (1, 'month', now())
RETURNING schedule_id AS schedule \gset
INSERT INTO royalty.tiers VALUES (:schedule, 0, 50000, 7), (:schedule, 1000, 30000, 0),
                                 (:schedule, 1500, 10000, 2);
SELECT results_eq(format('SELECT * FROM royalty.tiers_of(%s)', :schedule),
    $$VALUES (0::bigint, 1000::bigint, 50000, 7::bigint, 0::numeric),
             (1000, 1500, 30000, 0, 50000000), (1500, 9223372036854775807, 10000, 2, 65000000)$$,
    'O4: tiers');
CREATE FUNCTION pg_temp.royalty(in_before bigint, in_price bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT royalty.of_sale(in_price, in_before, b.from_volume, b.due_before, b.rate_ppm,
                           b.fixed_amount, e.from_volume, e.due_before, e.rate_ppm)
    FROM royalty.schedules s, royalty.tiers_of(s.schedule_id) b, royalty.tiers_of(s.schedule_id) e
    WHERE s.vendor_id = 1 AND in_before >= b.from_volume AND in_before < b.until_volume
      AND in_before + in_price >= e.from_volume AND in_before + in_price < e.until_volume
$$;
SELECT is(pg_temp.royalty(before, price), royalty, format('O4: %s sold after %s', price, before))
FROM (VALUES (0, 100, (5 + 7)::bigint), (900, 100, 5 + 7), (900, 200, 5 + 3 + 7), (1000, 100, 3),
             (999, 2, 2), (999, 20, 8), -- 0.05 + 0.57
             (1490, 20, 0), -- 0.3 + 0.1
             (0, 2000, 50 + 15 + 5 + 7), (1500, 50, 2), -- 0.5 to 0
             (1500, 150, 2 + 2), -- 1.5 to 2
             (0, 1, 1)) v (before, price, royalty); -- no more than the price

-- Owners.
SELECT is(royalty.owner_due(100, 333333, NULL, 50, 90), 33.333300, 'O5: a share');
SELECT is(royalty.owner_due(100, NULL, 7, 50, 90), 7::numeric, 'O5: an amount');
SELECT is(royalty.owner_due(100, NULL, 7, 90, 90), 7::numeric, 'O5: all that the vendor has');
SELECT is(royalty.owner_due(100, 1000000, NULL, 300, 99), 33.000000, 'O5: no more than that');
SELECT is(royalty.owner_due(100, 1000000, NULL, 300, 100), 33.333333, 'O5: rounded down at 10^-12');
SELECT is(royalty.owner_due(100, 1000000, NULL, 300, 0), 0::numeric, 'O5: of nothing, nothing');
SELECT is(royalty.owner_kept(33.333333, 100, 0), 33.333333, 'no refund');
SELECT is(royalty.owner_kept(33.333333, 100, 50), 16.666666, 'half of it, rounded down');
SELECT is(royalty.owner_kept(33.333333, 100, 100), 0.000000, 'a whole refund leaves nothing');
SELECT is(royalty.kept(royalty, 100, refunded), kept, format('%s of 100 of %s', refunded, royalty))
FROM (VALUES (7, 0, 7::bigint), (7, 100, 0), (5, 50, 2), (7, 50, 4), (3, 51, 1), (1, 50, 0),
             (3, 50, 2)) v (royalty, refunded, kept);
SELECT * FROM finish();
ROLLBACK;
