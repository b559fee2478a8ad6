-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a vendor may know of its transactions (V14), one and page by page.
BEGIN;
SELECT no_plan();
SELECT test.vendor() AS vendor, test.vendor() AS other \gset
SELECT test.person(10000000) AS alice \gset

-- One, in every state.
SELECT transaction_id AS one FROM test.initiate(:vendor, 400000, '/one', 'req-1', 'option') \gset
SELECT results_eq(
    format('SELECT * FROM purchase.get(%s, 1, %L, NULL)', :vendor, :'one'),
    format($$VALUES (%L::uuid, %s, 'content', 'PENDING', 'Title', %L, 400000::bigint, 'EUR',
        0::bigint, 0::bigint, 0::bigint, purchase.transaction_time(%1$L), NULL::timestamptz,
        NULL::timestamptz, now() + interval '1 hour', 'vendor-content', 'option', NULL)$$,
        :'one', :vendor, test.origin(:vendor) || '/one'),
    'V14: a transaction that waits');
SELECT is(transaction_id, :'one'::uuid, 'V14: by its RequestID')
FROM purchase.get(:vendor, 1, NULL, 'req-1');
SELECT ok(abs(extract(epoch FROM purchase.transaction_time(:'one') - clock_timestamp())) < 60,
          'V14: when it was initiated is in its ID');
CREATE FUNCTION pg_temp.state(in_vendor_id int, in_transaction_id uuid, in_request_id text DEFAULT NULL)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT g.state FROM purchase.get(in_vendor_id, 1, in_transaction_id, in_request_id) g);
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.state(:other, :'one'), 'FT005', 'V14: another vendor''s is not found');
SELECT is(pg_temp.state(:other, NULL, 'req-1'), 'FT005', 'V14: nor by a RequestID of another''s');
SELECT is(pg_temp.state(:vendor, NULL, 'req-2'), 'FT005', 'V14: nor by one that never was');
SELECT is(pg_temp.state(:vendor, NULL), 'FT005', 'V14: nor by nothing');
SELECT throws_ok(format('SELECT purchase.get(%s, 2, %L, NULL)', :vendor, :'one'), 'FT002', NULL,
                 'V2: a stale password');
SELECT test.buy(:'one', :'alice');
SELECT results_eq(
    format('SELECT state, purchased_at, expires_at, optional_data, shipping '
           'FROM purchase.get(%s, 1, %L, NULL)', :vendor, :'one'),
    $$VALUES ('PURCHASED', now(), NULL::timestamptz, 'option', NULL)$$, 'V14: one that was bought');
SELECT FROM purchase.refund(:vendor, 1, :'one', 100000, NULL, NULL);
SELECT results_eq(
    format('SELECT state, price, refunded_amount, refunded_at FROM purchase.get(%s, 1, %L, NULL)',
           :vendor, :'one'),
    $$VALUES ('PARTLY_REFUNDED', 400000::bigint, 100000::bigint, now())$$, 'V14: paid back in part');
SELECT FROM purchase.refund(:vendor, 1, :'one', NULL, NULL, NULL);
SELECT is(pg_temp.state(:vendor, :'one'), 'REFUNDED', 'V14: paid back');
SELECT test.offer(:vendor, in_path => '/declined') AS declined \gset
SELECT purchase.cancel(:'declined');
SELECT is(pg_temp.state(:vendor, :'declined'), 'CANCELLED', 'V14: declined');
SELECT transaction_id AS late FROM test.initiate(:vendor, in_path => '/late', in_lifetime_s => 0) \gset
SELECT is(pg_temp.state(:vendor, :'late'), 'EXPIRED', 'V14: too late');
DELETE FROM purchase.transactions WHERE transaction_id = :'one';
SELECT is(pg_temp.state(:vendor, :'one'), 'REFUNDED', 'V14: a sale is known for good');
SELECT FROM incentive.issue(:vendor, 1, 1000, now() + interval '1 day', '{PART}', NULL, NULL);
SELECT test.offer(:vendor, 4000, '/part') AS part \gset
SELECT test.buy(:'part', :'alice', 'PART');
SELECT is((price, incentive_amount, state), (4000::bigint, 1000::bigint, 'PURCHASED'::text),
          'B7: with what an incentive paid') FROM purchase.get(:vendor, 1, :'part', NULL);

-- Page by page: 25 of each kind, between another vendor's.
SELECT test.vendor() AS busy \gset
SELECT purchase.transaction_time(test.offer(:busy, 1, '/first')) AS since \gset
CREATE TEMP TABLE sent AS
    SELECT n, test.offer(:busy, 100, '/' || n) AS id, test.offer(:other, 100, '/' || n) AS foreign_id
    FROM generate_series(1, 100) n;
SELECT count(test.buy(id, :'alice')) FROM sent WHERE n % 4 IN (0, 1);
SELECT purchase.cancel(id) FROM sent WHERE n % 4 = 2;
SELECT count(r.*) FROM sent, purchase.refund(:busy, 1, id, CASE WHEN n % 8 = 4 THEN 1 END, NULL, NULL) r
WHERE n % 4 = 0;
UPDATE purchase.transactions t SET expires_at = now() FROM sent s
WHERE s.id = t.transaction_id AND s.n % 4 = 3;

CREATE FUNCTION pg_temp.pages(in_vendor_id int, in_since timestamptz, in_state text, in_size int)
RETURNS TABLE (page int, id uuid, state text) LANGUAGE plpgsql AS $$
DECLARE
    v_after uuid;
BEGIN
    page := 1;
    LOOP
        RETURN QUERY SELECT page, l.transaction_id, l.state
        FROM purchase.list(in_vendor_id, 1, in_since, now() + interval '1 hour', in_state, v_after,
                           in_size) l;
        EXIT WHEN NOT FOUND;
        SELECT l.transaction_id INTO v_after
        FROM purchase.list(in_vendor_id, 1, in_since, now() + interval '1 hour', in_state, v_after,
                           in_size) l ORDER BY 1 DESC LIMIT 1;
        page := page + 1;
    END LOOP;
END
$$;
SELECT results_eq(format('SELECT id FROM pg_temp.pages(%s, %L, NULL, %s) OFFSET 1', :busy, :'since', size),
                  'SELECT id FROM sent ORDER BY id',
                  format('V14: all of a vendor''s, oldest first, in pages of %s', size))
FROM (VALUES (1000), (101), (7), (1)) v (size);
SELECT results_eq(
    format('SELECT page, id, state FROM pg_temp.pages(%s, %L, %L, 4)', :busy, :'since', state),
    format($$SELECT ((row_number() OVER (ORDER BY id) - 1) / 4 + 1)::int, id, %L
             FROM sent WHERE n %% 8 = ANY (%L) ORDER BY id$$, state, rest),
    'V14: those of one state, in full pages: ' || state)
FROM (VALUES ('PURCHASED', '{1,5}'), ('REFUNDED', '{0}'), ('PARTLY_REFUNDED', '{4}'),
             ('CANCELLED', '{2,6}'), ('EXPIRED', '{3,7}'), ('DISPUTED', '{}')) v (state, rest);
SELECT is(count(*), 1::bigint, 'V14: those that wait')
FROM pg_temp.pages(:busy, :'since', 'PENDING', 4);
SELECT id AS fiftieth FROM sent ORDER BY id OFFSET 49 LIMIT 1 \gset
SELECT ok(bool_and(transaction_id >= purchase.transaction_id_floor(purchase.transaction_time(:'fiftieth')))
          AND count(*) FILTER (WHERE transaction_id = :'fiftieth') = 1, 'V14: since a moment, inclusive')
FROM purchase.list(:busy, 1, purchase.transaction_time(:'fiftieth'), now() + interval '1 hour', NULL,
                   NULL, 1000);
SELECT ok(bool_and(transaction_id < :'fiftieth') AND count(*) > 0, 'V14: until one, exclusive')
FROM purchase.list(:busy, 1, :'since', purchase.transaction_time(:'fiftieth'), NULL, NULL, 1000);
SELECT is_empty(format('SELECT FROM purchase.list(%s, 1, %L, %2$L, NULL, NULL, 10)', :busy, :'since'),
                'V14: no time, no transactions');
SELECT throws_ok(format('SELECT FROM purchase.list(%s, 2, now(), now(), NULL, NULL, 1)', :busy),
                 'FT002', NULL, 'V2: a stale password');

SELECT * FROM test.books_balance();
SELECT * FROM finish();
ROLLBACK;
