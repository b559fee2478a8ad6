-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tables that grow are partitioned by the time in the transaction ID.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor \gset
SELECT test.person(10000000) AS alice \gset

CREATE FUNCTION pg_temp.partitions(in_table text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(inhrelid::regclass::text ORDER BY 1) FROM pg_inherits
    WHERE inhparent = ('purchase.' || in_table)::regclass
$$;
CREATE FUNCTION pg_temp.of_day(in_time timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT 'purchase.transactions_' || to_char(in_time AT TIME ZONE 'UTC', 'YYYYMMDD')
$$;

SELECT ok(pg_temp.of_day(now() + n * interval '1 day') = ANY (pg_temp.partitions('transactions')),
          'there is a partition for day ' || n) FROM generate_series(0, 7) n;
SELECT ok('purchase.sales_' || to_char((now() AT TIME ZONE 'UTC') + n * interval '1 month', 'YYYYMM')
          = ANY (pg_temp.partitions('sales')), 'and for month ' || n) FROM generate_series(0, 2) n;
SELECT is(tableoid::regclass::text, pg_temp.of_day(now()), 'a transaction is in its day''s')
FROM purchase.transactions WHERE transaction_id = test.offer(:vendor, 5, '/a');
SELECT test.offer(:vendor, 5, '/b') AS bought \gset
SELECT is(test.buy(:'bought', :'alice'), 'charged', 'Alice buys');
SELECT is(tableoid::regclass::text,
          'purchase.sales_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM'), 'a sale in its month''s')
FROM purchase.sales WHERE transaction_id = :'bought';
SELECT is(purchase.transaction_id_floor('2022-02-22T19:22:22Z'),
          '017f22e2-79b0-0000-0000-000000000000', 'the lowest ID of a moment, by RFC 9562''s example');

-- Time goes by: a partition of eight days ago, one of six, and what had no partition.
SELECT purchase.make_partition('transactions', 'transactions_' || to_char(d, 'YYYYMMDD'), d,
                               d + interval '1 day')
FROM (SELECT date_trunc('day', now(), 'UTC') - n * interval '1 day' FROM unnest('{8,6}'::int[]) n) v (d);
CREATE FUNCTION pg_temp.left_by(in_time timestamptz, in_offer_id uuid) RETURNS uuid
LANGUAGE sql AS $$
    INSERT INTO purchase.transactions (transaction_id, offer_id, expires_at)
    SELECT overlay(gen_random_uuid()::text PLACING
                   substr(purchase.transaction_id_floor(in_time)::text, 1, 13) FROM 1)::uuid,
           in_offer_id, in_time + interval '1 hour'
    RETURNING transaction_id
$$;
SELECT offer_id AS offer FROM purchase.sales WHERE transaction_id = :'bought' \gset
SELECT pg_temp.left_by(now() - interval '8 days', :'offer') AS eight,
       pg_temp.left_by(now() - interval '6 days', :'offer') AS six,
       pg_temp.left_by(now() - interval '80 days', :'offer') AS lost,
       pg_temp.left_by(now() + interval '80 days', :'offer') AS coming \gset
SELECT is((SELECT count(*) FROM purchase.transactions_default), 2::bigint,
          'what has no partition is in the default one');

SELECT lives_ok('SELECT purchase.maintain_partitions()', 'upkeep');
SELECT hasnt_table('purchase', to_char((now() AT TIME ZONE 'UTC') - interval '8 days',
                                       '"transactions_"YYYYMMDD'), 'eight days ago is dropped');
SELECT results_eq(
    format('SELECT transaction_id FROM purchase.transactions WHERE transaction_id = ANY (%L) '
           'ORDER BY transaction_id', ARRAY[:'eight', :'six', :'lost', :'coming']::uuid[]),
    format('VALUES (%L::uuid), (%L)', :'six', :'coming'),
    'what nobody can buy any more is gone, the rest is there');
SELECT is((SELECT count(*) FROM purchase.sales WHERE transaction_id = :'bought'), 1::bigint,
          'sales stay');
SELECT lives_ok('SELECT purchase.maintain_partitions()', 'upkeep again changes nothing');

-- A plan made while next month's partition was empty, and known to be, still serves when it is full.
ANALYZE purchase.sales;
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL enable_seqscan = off;
PREPARE of_sale(uuid) AS SELECT price FROM purchase.sales WHERE transaction_id = $1;
SELECT now() + interval '1 month' AS next_month \gset
CREATE FUNCTION pg_temp.plan(in_transaction_id uuid) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('EXPLAIN EXECUTE of_sale(%L)', in_transaction_id);
END
$$;
SELECT matches(string_agg(p, E'\n'),
               to_char(:'next_month'::timestamptz AT TIME ZONE 'UTC', '"using sales_"YYYYMM"_pkey"'),
               'a sale is found by its key')
FROM pg_temp.plan(purchase.transaction_id_floor(:'next_month')) p;

-- A month whose partition was not made in time: its sales are kept, and moved as README.md says.
SELECT to_char((now() AT TIME ZONE 'UTC') + interval '2 months', '"sales_"YYYYMM') AS month \gset
DROP TABLE purchase.:month;
INSERT INTO purchase.sales (transaction_id, user_id, vendor_id, offer_id, price, balance_after,
                            currency)
SELECT purchase.transaction_id_floor(date_trunc('month', now(), 'UTC') + interval '2 months'), 1, 1,
       :'offer', 5, 5, 'EUR';
SET LOCAL client_min_messages = error;
SELECT lives_ok('SELECT purchase.maintain_partitions()', 'upkeep only warns');
SELECT hasnt_table('purchase', :'month', 'of a partition that it cannot make');
CREATE TEMP TABLE moved AS SELECT * FROM purchase.sales_default;
TRUNCATE purchase.sales_default;
SELECT purchase.maintain_partitions();
INSERT INTO purchase.sales SELECT * FROM moved;
SELECT is((SELECT tableoid::regclass::text FROM purchase.sales WHERE user_id = 1 AND vendor_id = 1),
          'purchase.' || :'month', 'the sale is in its month''s');
DELETE FROM purchase.sales WHERE user_id = 1 AND vendor_id = 1;
SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
