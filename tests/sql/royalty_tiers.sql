-- SPDX-License-Identifier: GPL-3.0-or-later
-- The provider's royalty on a sliding scale, by what a vendor sold in a period (O4; 149, 204, 239).
SELECT no_plan();
CALL royalty.roll_up_all();

-- 5% up to 1.00, 3% up to 3.00, then 1%.
\set tiers '{{0,50000,0},{1000000,30000,0},{3000000,10000,0}}'
SELECT test.vendor() AS vendor, test.vendor() AS free \gset
SELECT test.schedule(:vendor, 'month', :'tiers');
SELECT test.sold(:vendor, 800000) AS first \gset
SELECT test.sold(:vendor, 400000);
SELECT test.sold(:vendor, 5800000);
SELECT test.sold(:vendor, 50);
SELECT test.sold(:vendor, 150);
SELECT test.sold(:free, 800000) AS unscheduled \gset
SELECT ok(royalty.waiting_since() IS NOT NULL, 'sales wait for a rollup');
SELECT test.payable(:vendor);
SELECT royalty.horizon() AS horizon \gset
SELECT is(royalty.roll_up(), 6::bigint, 'a rollup covers them');
SELECT is(test.royalties(:vendor), '0:40000 800000:16000 1200000:94000 7000000:0 7000050:2',
          'O4: each part at its tier''s rate, an edge sale split, one through all tiers; half-even');
SELECT is_empty(format('SELECT FROM royalty.accruals WHERE vendor_id = %s', :free),
                'O4: without a schedule nothing is due');
SELECT is(royalty.roll_up(), 0::bigint, 'another rollup finds nothing');
SELECT is(royalty.waiting_since(), NULL, 'nothing waits');
SELECT test.sold(:free, 1);
SELECT is(royalty.roll_up(in_below => :horizon), 0::bigint, 'nothing of what there was before a later sale');
SELECT is(royalty.roll_up(in_below => royalty.horizon()), 1::bigint, 'which the next covers');
SELECT is((purchase.record(:'first')).royalty, 40000::bigint, 'V14: a transaction shows its royalty');
SELECT is(royalties, 150002::bigint, 'V14: so does the account') FROM vendor.account(:vendor, 1);
SELECT test.payable(:vendor);
SELECT test.payable(:free);

-- A slice has a size in sales, whatever else the database did between them.
SELECT test.sold(:free, 1);
SELECT 'SELECT pg_current_xact_id()' FROM generate_series(1, 3) \gexec
SELECT test.sold(:free, 1);
SELECT test.sold(:free, 1), test.sold(:free, 1), test.sold(:free, 1);
SELECT is(royalty.roll_up(2), 2::bigint, 'a slice of two sales holds those of two transactions');
SELECT is(royalty.roll_up(2), 3::bigint, 'a transaction that made more is not split');
SELECT is(royalty.roll_up(2), 0::bigint, 'all are covered');

-- A new schedule of the same period goes on with its volume; a sale keeps the one of its moment.
SELECT test.vendor() AS vendor \gset
SELECT test.schedule(:vendor, 'year', '{{0,100000,0}}', '2020-01-01Z'),
       test.schedule(:vendor, 'year', '{{0,20000,1},{150,40000,3}}', '2020-06-01Z'),
       test.schedule(:vendor, 'month', '{{0,500000,0}}', '2020-09-01Z');
SELECT test.sold(:vendor, 100, at) FROM unnest('{2019-12-31T23:59:59.999999Z}'::timestamptz[]) at;
SELECT test.sold(:vendor, 100, at) FROM unnest('{2020-01-01T00:00:00Z}'::timestamptz[]) at;
SELECT test.sold(:vendor, 100, at) FROM unnest('{2020-05-31T23:59:59.999999Z}'::timestamptz[]) at;
SELECT test.sold(:vendor, 100, at) FROM unnest('{2020-06-01T00:00:00Z}'::timestamptz[]) at;
SELECT test.sold(:vendor, 100, at) FROM unnest('{2020-09-01T00:00:00Z}'::timestamptz[]) at;
SELECT test.sold(:vendor, 100, at) FROM unnest('{2020-08-31T00:00:00Z}'::timestamptz[]) at;
CALL royalty.roll_up_all();
SELECT is(test.royalties(:vendor), '0:10 100:10 200:7 0:50 300:7',
          'O4: before the first none; the one of the sale''s moment; volumes by period');
SELECT test.sold(:vendor, 100, '2021-01-01Z');
CALL royalty.roll_up_all(1);
SELECT results_eq(format($$SELECT period, period_from, volume::bigint FROM royalty.volumes
                           WHERE vendor_id = %s ORDER BY 1, 2$$, :vendor),
    $$VALUES ('month', '2020-09-01Z'::timestamptz, 100::bigint), ('month', '2021-01-01Z', 100),
             ('year', '2020-01-01Z', 400)$$, 'O4: volumes are kept by period');

-- Periods begin at the vendor's midnight, also where clocks change.
CREATE TEMP TABLE zone_vendors (zone text, period text, times timestamptz[], starts timestamptz[],
                                days date[], vendor_id int);
INSERT INTO zone_vendors VALUES
    -- Berlin's summer of 2026 is from 29 March, 01:00 UTC, to 25 October, 01:00 UTC.
    ('Europe/Berlin', 'month', '{2026-03-31T21:59:59Z,2026-03-31T22:00:00Z,2026-02-28T22:59:59Z,2026-02-28T23:00:00Z}',
     '{2026-01-31T23:00:00Z,2026-02-28T23:00:00Z,2026-03-31T22:00:00Z}', '{2026-02-28,2026-03-01,2026-03-31,2026-04-01}'),
    ('Europe/Berlin', 'week', '{2026-10-25T22:59:59Z,2026-10-25T23:00:00Z,2026-10-18T22:00:00Z}',
     '{2026-10-18T22:00:00Z,2026-10-25T23:00:00Z}', '{2026-10-19,2026-10-25,2026-10-26}'),
    ('America/New_York', 'quarter', '{2026-04-01T03:59:59Z,2026-04-01T04:00:00Z}',
     '{2026-01-01T05:00:00Z,2026-04-01T04:00:00Z}', '{2026-03-31,2026-04-01}'),
    ('Pacific/Auckland', 'year', '{2025-12-31T10:59:59Z,2025-12-31T11:00:00Z}',
     '{2024-12-31T11:00:00Z,2025-12-31T11:00:00Z}', '{2025-12-31,2026-01-01}'),
    -- There midnight does not exist on the day summer begins.
    ('America/Santiago', 'month', '{2024-09-08T03:59:59Z,2024-09-08T04:00:00Z}',
     '{2024-09-01T04:00:00Z}', '{2024-09-07,2024-09-08}');
UPDATE zone_vendors SET vendor_id = vendor.add('Z', 'EUR', 'h', 'https://z.example/', '{}', '{}', zone);
INSERT INTO vendor.urls SELECT vendor_id, test.origin(vendor_id), '/' FROM zone_vendors;
SELECT test.schedule(vendor_id, period, '{{0,1000,0}}') FROM zone_vendors;
SELECT test.sold(vendor_id, 1000, at) FROM zone_vendors, unnest(times) at;
CALL royalty.roll_up_all();
SELECT is(array(SELECT period_from FROM royalty.volumes v WHERE v.vendor_id = z.vendor_id ORDER BY 1),
          starts, format('O4: the %ss of %s', period, zone)) FROM zone_vendors z;
SELECT is(array(SELECT day FROM royalty.vendor_days v WHERE v.vendor_id = z.vendor_id ORDER BY 1),
          days, format('O6: the days of %s', zone)) FROM zone_vendors z;

-- Refunds give back; the volume stays.
SELECT test.vendor() AS vendor, test.person(9000000) AS ada \gset
SELECT test.schedule(:vendor, 'month', '{{0,33333,1},{3000000,0,0}}');
SELECT test.offer(:vendor, 1000001, '/a') AS whole, test.offer(:vendor, 1000001, '/b') AS parts \gset
SELECT is(test.buy(:'whole', :'ada') || test.buy(:'parts', :'ada'), 'chargedcharged', 'Ada buys two');
SELECT FROM purchase.refund(:vendor, 1, :'whole', NULL, NULL, NULL);
CALL royalty.roll_up_all();
SELECT is((purchase.record(:'whole')).royalty, 0::bigint, 'V14: a whole refund gives it all back');
SELECT is((purchase.record(:'parts')).royalty, 33334::bigint, 'the other''s royalty stays');
SELECT FROM purchase.refund(:vendor, 1, :'parts', 1, NULL, NULL), generate_series(1, 3);
CALL royalty.roll_up_all();
SELECT FROM purchase.refund(:vendor, 1, :'parts', 333333, NULL, NULL);
CALL royalty.roll_up_all();
SELECT is((purchase.record(:'parts')).royalty, royalty.kept(33334, 1000001, 333336),
          'V14: parts give back parts, rounded on their sum');
SELECT test.payable(:vendor);
SELECT FROM purchase.refund(:vendor, 1, :'parts', NULL, NULL, NULL);
CALL royalty.roll_up_all();
SELECT is((purchase.record(:'parts')).royalty, 0::bigint, 'V14: the last part gives back the rest');
SELECT is(volume::bigint, 2000002::bigint, 'O4: refunds do not lower the volume')
FROM royalty.volumes WHERE vendor_id = :vendor;
SELECT results_eq(format('SELECT payable, royalties, refunds FROM vendor.account(%s, 1)', :vendor),
                  'VALUES (0::bigint, 0::bigint, 2000002::bigint)', 'V14: nothing is left of it');
SELECT test.payable(:vendor);

-- What the vendor's own codes pay is no income of it; royalty is of the price.
SELECT FROM incentive.issue(:vendor, 1, 300000, '2999-01-01Z', '{TIERS-OWN}', NULL, NULL);
SELECT test.offer(:vendor, 300000, '/own') AS own, test.offer(:vendor, 300000, '/mixed') AS mixed \gset
SELECT is(test.buy(:'own', :'ada', 'TIERS-OWN'), 'charged', 'by the vendor''s own code');
CALL royalty.roll_up_all();
SELECT results_eq(format('SELECT amount::bigint, royalty::bigint FROM royalty.accruals WHERE accrual_id = %L', :'own'),
                  'VALUES (0::bigint, 10001::bigint)', 'O4: royalty is of the price, also then');
SELECT FROM purchase.refund(:vendor, 1, :'own', NULL, NULL, NULL);
CALL royalty.roll_up_all();
SELECT is((purchase.record(:'own')).royalty, 0::bigint, 'and is given back');
SELECT test.payable(:vendor);
SELECT * FROM test.sold_books_balance();
SELECT * FROM finish();
