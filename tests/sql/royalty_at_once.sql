-- SPDX-License-Identifier: GPL-3.0-or-later
-- Each sale is accrued exactly once and in the order of its transaction's number: whoever commits
-- late, whoever rolls up at the same time, whatever breaks (O4, O5).
SELECT no_plan();
CALL royalty.roll_up_all();
SELECT test.vendor() AS vendor, test.person(90000000) AS ada \gset
SELECT test.schedule(:vendor, 'month', '{{0,100000,0},{3000000,50000,0}}'),
       test.owners(:vendor, '/', '{at-once}', '{10000}') \g /dev/null

SELECT format('host=%s port=%s dbname=%s user=postgres',
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'),
    current_database()) AS conninfo \gset
SELECT dblink_connect('early', :'conninfo'), dblink_connect('other', :'conninfo') \g /dev/null
CREATE FUNCTION pg_temp.do(in_session text, in_statement text) RETURNS text LANGUAGE sql AS $$
    SELECT r.answer FROM dblink(in_session, in_statement) AS r (answer text)
$$;
CREATE FUNCTION pg_temp.buying(in_id uuid, in_person test.person) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT test.buy(%L, %L)', in_id, in_person)
$$;

-- A sale that began first and commits last is not passed by.
SELECT test.offer(:vendor, 1000000, '/late') AS late, test.offer(:vendor, 2500000, '/quick') AS quick \gset
SELECT test.person(9000000) AS bob \gset
SELECT dblink_exec('early', 'BEGIN') \g /dev/null
SELECT is(pg_temp.do('early', pg_temp.buying(:'late', :'ada')), 'charged', 'Ada buys, and does not commit yet');
SELECT is(test.buy(:'quick', :'bob'), 'charged', 'Bob buys meanwhile');
SELECT is(royalty.roll_up(), 0::bigint, 'a rollup waits with Bob''s sale');
SELECT is(payable, 2500000::bigint, 'V14: which is in the account all the same') FROM vendor.account(:vendor, 1);
SELECT ok(royalty.waiting_since() IS NOT NULL, 'and is known to wait');
SELECT dblink_exec('early', 'COMMIT') \g /dev/null
SELECT is(royalty.roll_up(), 2::bigint, 'then it covers both');
SELECT is(test.royalties(:vendor), '0:100000 1000000:225000', 'O4: in the order in which they began');

-- A refund whose transaction has the lower number comes after its sale, whatever the slices.
SELECT test.offer(:vendor, 1000000, '/refunded') AS refunded \gset
SELECT dblink_exec('early', 'BEGIN') \g /dev/null
SELECT pg_temp.do('early', 'SELECT pg_current_xact_id()::text') AS number \gset
SELECT is(test.buy(:'refunded', :'bob'), 'charged', 'Bob buys');
SELECT is(pg_temp.do('early', format('SELECT amount::text FROM purchase.refund(%s, 1, %L, 250000, NULL, NULL)',
                                     :vendor, :'refunded')), '250000', 'a transaction older than that refunds it');
SELECT is(royalty.roll_up(1), 0::bigint, 'neither is covered yet');
SELECT dblink_exec('early', 'COMMIT') \g /dev/null
SELECT ok(purchase.xact_number(s.xact_id) > purchase.xact_number(f.xact_id), 'the refund has the lower number')
FROM purchase.sales s JOIN purchase.refunds f USING (transaction_id) WHERE s.transaction_id = :'refunded';
SELECT is(royalty.roll_up(1), 2::bigint, 'a slice of one holds both');
SELECT is((purchase.record(:'refunded')).royalty, 37500 + 7500::bigint, 'V14: the refund gave back its part');
SELECT test.payable(:vendor);

-- A rollup that is undone left nothing; the next does the same.
SELECT test.offer(:vendor, 1000000, '/undone') AS undone \gset
SELECT is(test.buy(:'undone', :'bob'), 'charged', 'Bob buys');
SELECT rollup_id AS before FROM royalty.progress \gset
SELECT dblink_exec('early', 'BEGIN') \g /dev/null
SELECT is(pg_temp.do('early', 'SELECT royalty.roll_up()::text'), '1', 'a rollup');
SELECT is(pg_temp.do('early', format('SELECT (purchase.record(%L)).royalty::text', :'undone')), '60000',
          'has accrued the sale');
SELECT dblink_exec('early', 'ROLLBACK') \g /dev/null
SELECT is(rollup_id, :before::bigint, 'it is undone') FROM royalty.progress;
SELECT is((purchase.record(:'undone')).royalty, 0::bigint, 'nothing is accrued');
SELECT is(royalty.roll_up(), 1::bigint, 'the next');
SELECT is((purchase.record(:'undone')).royalty, 60000::bigint, 'does the same');

-- Many rollups at once, over many sales: one by one.
SELECT test.vendor() AS vendor \gset
SELECT test.schedule(:vendor, 'month', '{{0,100000,0},{5000,50000,1}}'),
       test.owners(:vendor, '/', '{at-once}', '{333333}') \g /dev/null
SELECT test.sold(:vendor, 100) \g /dev/null
SELECT format($$INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price,
                                            balance_after, currency)
                SELECT purchase.new_transaction_id(), 0, vendor_id, offer_id, price, 0, currency
                FROM purchase.sales WHERE vendor_id = %s LIMIT 1$$, :vendor) FROM generate_series(2, 100) \gexec
SELECT is(sum(result::bigint), 100::numeric, 'O4: ten rollups at once cover each sale once')
FROM test.at_once(array_fill('SELECT (royalty.roll_up(5) + royalty.roll_up(7) + royalty.roll_up(100))::text'::text,
                             ARRAY[10]));
SELECT results_eq(format($$SELECT count(*), sum(royalty)::bigint, count(DISTINCT volume_before),
                                  sum(content_royalty)::bigint
                           FROM royalty.accruals WHERE vendor_id = %s$$, :vendor),
                  'VALUES (100::bigint, (50 * 10 + 50 * (5 + 1))::bigint, 100::bigint, 3333::bigint)',
                  'O4: each at its place');
SELECT is(volume::bigint, 10000::bigint, 'O4: the volume of all') FROM royalty.volumes WHERE vendor_id = :vendor;
SELECT test.payable(:vendor);
SELECT is(count(*), 1::bigint, '267: of ten collections at once one collects')
FROM test.at_once(array_fill('SELECT royalty.collect()::text'::text, ARRAY[10]), in_role => 'farthing_dba')
WHERE result <> '0';

-- What is set while a rollup is under way is valid after it.
SELECT dblink_exec('early', 'BEGIN'), test.sold(:vendor, 100) \g /dev/null
SELECT is(pg_temp.do('early', 'SELECT royalty.roll_up()::text'), '1', 'a rollup, not committed yet');
SELECT dblink_send_query('other', format($$SELECT valid_from::text FROM royalty.set_schedule(%s, 'week', '{0}',
                                           '{1}', '{0}')$$, :vendor)) \g /dev/null
DO $$ BEGIN
    WHILE test.waiting(ARRAY(SELECT pid FROM pg_stat_activity)) = 0 LOOP
        IF clock_timestamp() > statement_timestamp() + interval '30 seconds' THEN
            RAISE 'nobody waits';
        END IF;
    END LOOP;
END $$;
SELECT clock_timestamp() AS before \gset
SELECT dblink_exec('early', 'COMMIT') \g /dev/null
SELECT ok(r.valid_from::timestamptz > :'before', 'O4: a schedule waits for it, and begins later')
FROM dblink_get_result('other') AS r (valid_from text);
SELECT dblink_disconnect('early'), dblink_disconnect('other') \g /dev/null

-- A cluster whose transactions have lower numbers than the rollups: restored into from elsewhere.
SELECT rollup_id AS before FROM royalty.progress \gset
UPDATE royalty.progress SET rollup_id = 9000000000000000000;
SELECT throws_ok('SELECT royalty.roll_up()', 'FT035', NULL, 'no sale is skipped in silence');
UPDATE royalty.progress SET rollup_id = :before;
SELECT * FROM finish();
