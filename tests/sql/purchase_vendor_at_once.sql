-- SPDX-License-Identifier: GPL-3.0-or-later
-- A purchase waits for nothing that belongs to its vendor: somebody else holds every such row FOR
-- UPDATE, which not even a foreign key's check gets past, and the item is sold (O4, O6, O11).
SELECT no_plan();
SELECT test.payee(1000000) AS vendor, test.person(9000000) AS ada \gset
SELECT test.schedule(:vendor, 'month', '{{0,100000,0}}'),
       test.owners(:vendor, '/', '{vendor-at-once}', '{10000}') \g /dev/null
SELECT test.buy(test.offer(:vendor, 3000000, '/before'), :'ada') \g /dev/null
CALL royalty.roll_up_all();
SELECT test.settle(:vendor) \g /dev/null
SELECT row_eq(format($$SELECT (SELECT count(*) FROM vendor.vendors WHERE vendor_id = %1$s),
                              (SELECT count(*) FROM royalty.volumes WHERE vendor_id = %1$s),
                              (SELECT count(*) FROM royalty.vendor_days WHERE vendor_id = %1$s),
                              (SELECT count(*) FROM royalty.vendor_carries WHERE vendor_id = %1$s),
                              (SELECT count(*) FROM settlement.positions JOIN settlement.payees USING (payee_id)
                               WHERE vendor_id = %1$s)$$, :vendor),
              ROW (1::bigint, 1::bigint, 1::bigint, 1::bigint, 1::bigint), 'a vendor who sold, and was settled');

SELECT test.offer(:vendor, 2000000, '/meanwhile') AS meanwhile,
       (test.checkout(:vendor, 'MEANWHILE', 1000000)).transaction_id AS goods \gset
SELECT format('host=%s port=%s dbname=%s user=postgres',
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'),
    current_database()) AS conninfo \gset
SELECT dblink_connect('holder', :'conninfo'), dblink_exec('holder', 'BEGIN') \g /dev/null
SELECT dblink_exec('holder', format('DO $d$ BEGIN %s END $d$',
    string_agg(format('PERFORM FROM %s FOR UPDATE;', oid::regclass), ' ')))
FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
  AND relnamespace = ANY ('{vendor,royalty,settlement}'::regnamespace[]) \g /dev/null

SET lock_timeout = '100ms';
SELECT throws_ok(format('UPDATE %s SET vendor_id = vendor_id WHERE vendor_id = %s', held, :vendor), '55P03', NULL,
                 held || ' is held')
FROM unnest('{vendor.vendors,royalty.volumes,royalty.vendor_days,royalty.vendor_carries,settlement.payees}'::text[]) held;
SELECT throws_ok('UPDATE settlement.positions SET closing = closing', '55P03', NULL, 'settlement.positions is held');
SET lock_timeout = '10s';
SELECT is(test.buy(:'meanwhile', :'ada'), 'charged', 'O11: the vendor''s item is sold meanwhile');
SELECT is(test.buy(:'goods', :'ada'), 'charged', 'O11, V12: so is an order, which is not sold by the fast path');
SELECT is(r.count, 2::bigint, 'O11: and both are committed, as the holder sees')
FROM dblink('holder', format('SELECT count(*) FROM purchase.sales WHERE transaction_id IN (%L, %L)',
                             :'meanwhile', :'goods')) AS r (count bigint);
SELECT is(test.balance(:'ada'), 3000000::bigint, 'the wallet is charged');
SELECT dblink_exec('holder', 'ROLLBACK'), dblink_disconnect('holder') \g /dev/null
RESET lock_timeout;

-- Only the rollup, later, writes to the vendor's rows.
CALL royalty.roll_up_all();
SELECT is(volume::bigint, 6000000::bigint, 'O4: the rollup adds them to the volume')
FROM royalty.volumes WHERE vendor_id = :vendor;
SELECT * FROM test.sold_books_balance();

-- Other stories settle everybody: this vendor is not theirs.
SELECT test.forget_settlements();
SELECT * FROM finish();
